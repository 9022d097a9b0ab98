/// What extrapolation reaches at one γ.
public struct ExtrapolatedPoint: Sendable, Equatable {
  /// A number of a point.
  public enum Field: String, Sendable, CaseIterable {
    /// Where it is on the line: 0 the adapted generators, 1 the original.
    case gamma
    /// How many latents it was measured with.
    case samples
    /// The percentage of un-learning.
    case pul
    /// The Fréchet distance to the original's positives.
    case frechet
    /// The Fréchet distance to real positives.
    case frechetToData = "frechet_to_data"
    /// The smallest kept share.
    case smallestKeptRatio = "smallest_kept_ratio"

    /// The name in tables and charts.
    public var title: String {
      switch self {
      case .gamma: "Gamma"
      case .samples: "Latents judged"
      case .pul: MetricKey.pul.title
      case .frechet: MetricKey.frechetToOriginalPositives.title
      case .frechetToData: MetricKey.frechetToData.title
      case .smallestKeptRatio: MetricKey.smallestKeptRatio.title
      }
    }
  }

  /// Where it is on the line: 0 the adapted generators, 1 the original.
  public var gamma: Double
  /// How many latents it was measured with.
  public var samples: Int
  /// The percentage of un-learning.
  public var pul: Double
  /// The Fréchet distance to the original's positives; nil if it was not measured.
  public var frechet: Double?
  /// The Fréchet distance to real positives; nil without real data.
  public var frechetToData: Double?
  /// The smallest kept share; nil if nothing is left to keep.
  public var smallestKeptRatio: Double?

  /// A point.
  ///
  /// - Parameters:
  ///   - gamma: where it is on the line.
  ///   - samples: how many latents it was measured with.
  ///   - pul: the percentage of un-learning.
  ///   - frechet: the Fréchet distance to the original's positives.
  ///   - frechetToData: the Fréchet distance to real positives; nil without real data.
  ///   - smallestKeptRatio: the smallest kept share.
  public init(
    gamma: Double, samples: Int, pul: Double, frechet: Double?, frechetToData: Double?,
    smallestKeptRatio: Double?
  ) {
    self.gamma = gamma
    self.samples = samples
    self.pul = pul
    self.frechet = frechet
    self.frechetToData = frechetToData
    self.smallestKeptRatio = smallestKeptRatio
  }

  /// A number of the point.
  ///
  /// - Parameter field: which.
  /// - Returns: the number; nil if there is none to give.
  public subscript(field: Field) -> Double? {
    switch field {
    case .gamma: gamma
    case .samples: Double(samples)
    case .pul: pul
    case .frechet: frechet
    case .frechetToData: frechetToData
    case .smallestKeptRatio: smallestKeptRatio
    }
  }
}
