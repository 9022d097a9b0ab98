/// The probability of changes that follows how much the discriminator overfits.
///
/// Where it is sure of real pictures, `r_t = E[sign D(real)]` comes near 1; where it is not, near 0.
/// Every fourth iteration the probability moves toward more changes if r_t is above the target,
/// otherwise toward fewer. Karras et al. 2020, arXiv 2006.06676, section 3.
struct AdaptiveProbability: Equatable {
  /// Iterations from one adjustment to the next, as in the paper.
  static let interval = 4

  /// r_t that is aimed at.
  let target: Double
  /// Pictures on the way from 0 to 1.
  let length: Int
  /// The probability.
  private(set) var value: Double
  private var signs = 0.0
  private var pictures = 0
  private var iterations = 0

  /// A probability.
  ///
  /// - Parameters:
  ///   - value: where it starts; brought into 0 to 1.
  ///   - target: r_t that is aimed at.
  ///   - length: pictures on the way from 0 to 1.
  init(startingAt value: Double, target: Double, length: Int) {
    self.value = min(1, max(0, value))
    self.target = target
    self.length = length
  }

  /// Learns the logits of an iteration's real pictures; moves when it is time to.
  mutating func observe(_ realLogits: [Double]) {
    for logit in realLogits { signs += logit > 0 ? 1 : logit < 0 ? -1 : 0 }
    pictures += realLogits.count
    iterations += 1
    guard iterations >= Self.interval, pictures > 0 else { return }
    let excess = signs / Double(pictures) - target
    let step = Double(pictures) / Double(length)
    // The paper holds it above 0 alone; above 1 it would only be late to come back.
    if excess != 0 { value = min(1, max(0, value + (excess > 0 ? step : -step))) }
    (signs, pictures, iterations) = (0, 0, 0)
  }

  /// Everything that the next adjustment depends on.
  var numbers: [Double] { [value, signs, Double(pictures), Double(iterations)] }

  /// Takes over ``numbers``; false where they cannot be some.
  mutating func restore(_ numbers: [Double]) -> Bool {
    guard numbers.count == 4, (0...1).contains(numbers[0]), numbers[1].isFinite,
      let pictures = Int(exactly: numbers[2]), pictures >= 0,
      let iterations = Int(exactly: numbers[3]), (0..<Self.interval).contains(iterations)
    else { return false }
    (value, signs, self.pictures, self.iterations) = (numbers[0], numbers[1], pictures, iterations)
    return true
  }
}
