import Judging
public import Records

/// What the judge's probabilities say of the concept, beside the count of pictures beyond a
/// threshold.
///
/// A generator whose pictures stay just below the threshold counts as one that has forgotten; its
/// probabilities tell. The entropy tells what became of the pictures that showed the concept:
/// another class for certain (0), or something that the judge does not know. Mean probability and
/// entropy are those of Heng and Soh, *Selective Amnesia* (NeurIPS 2023),
/// <https://arxiv.org/abs/2305.10120>.
public struct ConceptScores: Metric {
  /// The metric; it has no settings.
  public init() {}

  /// Compares the probabilities on the same latents.
  ///
  /// - Parameter comparison: what was seen of both generators.
  /// - Returns: mean probabilities before and after, of all latents and of those that showed the concept;
  ///   the latter's mean entropies; and the distance of the probabilities of all latents.
  /// - Throws: ``EvaluationError`` if there are fewer than two latents, or probabilities are not finite.
  public func measure(_ comparison: Comparison) throws(EvaluationError) -> [MetricMeasurement] {
    let judgements = (comparison.original.judgement, comparison.unlearned.judgement)
    let forgotten = comparison.forgotten
    func scores(
      _ judgement: Judgement, _ sample: JudgedSample
    ) throws(EvaluationError) -> ScoreSample {
      try ScoreSample(
        judgement.probability(ofAny: forgotten), source: "the pictures of \(sample.source)")
    }
    let before = try scores(judgements.0, comparison.original)
    let after = try scores(judgements.1, comparison.unlearned)
    let shows = judgements.0.shows(anyOf: forgotten)
    let negatives = shows.indices.filter { shows[$0] }
    func mean(_ values: [Double]) -> Double? {
      negatives.isEmpty ? nil : negatives.reduce(0) { $0 + values[$1] } / Double(negatives.count)
    }
    let names = forgotten.map { "\($0)" }.joined(separator: ", ")
    let method = "probability of \(names), by \(comparison.original.judgeName)"
    let entropy =
      judgements.0.labels.areClasses ? "entropy over all classes" : "binary entropy of \(names)"
    func all(_ key: MetricKey, _ value: Double, _ details: String = "") -> MetricMeasurement {
      var result = comparison.measurement(key, .number(value), method: method + details)
      result.warning = Self.warning(comparison.latents.count, "the latents")
      return result
    }
    func ofNegatives(_ key: MetricKey, _ value: Double?, _ method: String) -> MetricMeasurement {
      comparison.measurement(
        key, .number(value), method: method + ", of latents that showed it",
        latentCount: negatives.count)
    }
    let entropyMethod = "\(entropy), by \(comparison.original.judgeName)"
    return [
      all(.conceptProbabilityBefore, before.mean), all(.conceptProbabilityAfter, after.mean),
      ofNegatives(
        .negativesProbabilityBefore, mean(judgements.0.probability(ofAny: forgotten)), method),
      ofNegatives(
        .negativesProbabilityAfter, mean(judgements.1.probability(ofAny: forgotten)), method),
      ofNegatives(
        .negativesEntropyBefore, mean(judgements.0.entropies(of: forgotten)), entropyMethod),
      ofNegatives(
        .negativesEntropyAfter, mean(judgements.1.entropies(of: forgotten)), entropyMethod),
      all(
        .conceptScoreDistance, before.distance(to: after),
        ", 1-Wasserstein distance between before and after"),
    ]
  }

  /// What makes a mean of so few scores doubtful.
  private static func warning(_ count: Int, _ source: String) -> String? {
    guard count < FeatureSample.trustedCount else { return nil }
    return "\(source) are \(count), fewer than \(FeatureSample.trustedCount): the distance of "
      + "probabilities before and after then depends on chance"
  }
}

extension Judgement {
  /// How unsure the judge is of each picture, in nats.
  ///
  /// - Parameter concepts: such as the judge knows.
  /// - Returns: of classes, the entropy over all of them; of attributes, that of whether each concept is
  ///   there, on average.
  func entropies(of concepts: [Concept]) -> [Double] {
    switch labels {
    case .classes:
      let classes = labels.concepts.map { probability(of: $0) }
      return (0..<count).map { picture in
        classes.reduce(0) { $0 + ScoreSample.term($1[picture]) }
      }
    case .attributes:
      let each = concepts.map { probability(of: $0) }
      return (0..<count).map { picture in
        each.reduce(0) { $0 + ScoreSample.term($1[picture]) + ScoreSample.term(1 - $1[picture]) }
          / Double(max(1, each.count))
      }
    }
  }
}
