import Foundation

/// One number for each picture, such as how likely it shows a concept.
///
/// Counts of pictures depend on a threshold; the distribution of scores does not.
public struct ScoreSample: Sendable, Equatable {
  /// What the scores are of, for messages.
  public let source: String
  /// The scores, ascending.
  public let sorted: [Double]

  /// Scores that were checked.
  ///
  /// - Parameters:
  ///   - scores: in any order.
  ///   - source: what they are of.
  /// - Throws: ``EvaluationError`` if there are fewer than two, or one is not finite.
  public init(_ scores: [Double], source: String = "the sample") throws(EvaluationError) {
    guard scores.count >= 2 else {
      throw .tooFewToCompare(of: source, count: scores.count, needed: 2)
    }
    guard scores.allSatisfy(\.isFinite) else { throw .notFinite(of: "the scores of \(source)") }
    self.source = source
    sorted = scores.sorted()
  }

  /// The mean score: of probabilities, how likely a picture shows the concept.
  public var mean: Double { sorted.reduce(0, +) / Double(sorted.count) }

  /// The mean of `-p ln p - (1 - p) ln(1 - p)` over scores that are probabilities, in nats.
  ///
  /// 0 where the judge is sure of every picture, either way; ln 2 = 0.693 where it knows nothing.
  public var meanBinaryEntropy: Double {
    let entropies = sorted.map { Self.term($0) + Self.term(1 - $0) }
    return entropies.reduce(0, +) / Double(sorted.count)
  }

  /// The 1-Wasserstein distance to other scores: how far a score must move, on average, to turn one
  /// distribution into the other.
  ///
  /// `∫ |F(t) - G(t)| dt`, exactly, by the quantiles of both; the lists may be of different
  /// lengths. (Vallender, *Calculation of the Wasserstein Distance between Probability
  /// Distributions on the Line*, 1974.)
  ///
  /// - Parameter other: the other scores.
  /// - Returns: the distance, in the unit of the scores.
  public func distance(to other: ScoreSample) -> Double {
    let pairs = QuantilePairs(sorted.count, other.sorted.count)
    return pairs.weights.indices.reduce(0) { sum, pair in
      sum + pairs.weights[pair] * abs(sorted[pairs.first[pair]] - other.sorted[pairs.second[pair]])
    }
  }

  /// `-p ln p`, which is 0 at 0; rounding may leave p just outside of 0 to 1.
  static func term(_ p: Double) -> Double { p > 0 && p < 1 ? -p * log(p) : 0 }
}
