/// How far one share that was counted lies above another.
///
/// Two counts do not tell which latents changed, so both samples count as independent. Where the
/// same latents are compared, the interval is the wider for it: it does not promise too much.
public struct ProportionDifference: Sendable, Equatable {
  /// The share in question, such as that after.
  public let share: Proportion
  /// The share that it is compared with, such as that before.
  public let former: Proportion

  /// The difference of two shares.
  ///
  /// - Parameters:
  ///   - share: the share in question, such as that after.
  ///   - former: the share that it is compared with, such as that before.
  public init(_ share: Proportion, minus former: Proportion) {
    self.share = share
    self.former = former
  }

  /// The difference, in -1 to 1.
  public var value: Double { share.value - former.value }

  /// The differences that both counts leave plausible.
  ///
  /// Method 10 of Newcombe, "Interval estimation for the difference between independent
  /// proportions" (1998): the distances from both shares to the ends of their Wilson intervals,
  /// added as squares. Unlike the simple interval it is never empty and never leaves -1 to 1.
  ///
  /// - Parameter deviations: standard deviations on either side; 95 % unless said otherwise.
  /// - Returns: within -1 to 1.
  public func interval(
    deviations: Double = Proportion.deviationsOf95Percent
  ) -> ClosedRange<Double> {
    let (own, other) = (
      share.interval(deviations: deviations), former.interval(deviations: deviations)
    )
    func reach(_ first: Double, _ second: Double) -> Double {
      (first * first + second * second).squareRoot()
    }
    let below = reach(share.value - own.lowerBound, other.upperBound - former.value)
    let above = reach(own.upperBound - share.value, former.value - other.lowerBound)
    return max(-1, value - below)...min(1, value + above)
  }
}
