import Evaluation
import Judging
import Records

/// How far a generator is from one that never saw the concept.
///
/// PUL and its like compare with the original. They can be perfect while the pictures move away from what
/// retraining would have given: only that generator tells. Its own distance, between pictures of other latents, is
/// what chance leaves.
public struct RetrainedDistance: Audit {
  /// `retrained-distance`.
  public let name = "retrained-distance"
  /// Its name in headings.
  public let title = "Distance to a retrained generator"
  /// What it asks.
  public let question =
    "How far are its pictures from those of a generator that never saw the concept?"
  /// Where the idea comes from.
  public let source =
    "Ret-FID of Tiwary et al. (TMLR 2025), in the judge's features; Reference-specific unlearning metrics can "
    + "hide the truth, https://arxiv.org/abs/2510.12981"

  /// The audit; it has no settings.
  public init() {}

  /// Says so where no generator was retrained.
  ///
  /// - Parameters:
  ///   - generator: who would be asked.
  ///   - subject: what the audits are about.
  /// - Returns: a sentence; nil where there is one.
  public func obstacle(for generator: AuditedGenerator, in subject: AuditSubject) -> String? {
    subject.retrained == nil ? "there is no retrained generator" : nil
  }

  /// Compares with the retrained generator's pictures of other latents.
  ///
  /// - Parameters:
  ///   - generator: who is asked.
  ///   - subject: what the audits are about.
  ///   - progress: called with the share that is done.
  /// - Returns: the distances of features, of shares and of the concept's probabilities.
  /// - Throws: `EvaluationError`; what `progress` throws.
  public func examine(
    _ generator: AuditedGenerator, in subject: AuditSubject, progress: (Double) throws -> Void
  ) throws -> AuditFinding {
    let total = Double(subject.latents.count)
    let sample = try subject.sample(of: generator) { try progress(0.5 * Double($0) / total) }
    let reference = try subject.retrainedReference { try progress(0.5 + 0.5 * $0) }
    let judge = sample.judgeName
    let frechet = try sample.statistics().distance(to: reference.statistics())
    let sliced = try SlicedWassersteinDistance(
      between: FeatureSample(sample.features, source: "the pictures of \(sample.source)"),
      and: FeatureSample(reference.features, source: "the pictures of \(reference.source)"),
      seed: subject.seed)
    let (shares, others) = (sample.conceptCounts, reference.conceptCounts)
    let differences = shares.labels.concepts.map {
      abs(shares.share(of: $0) - others.share(of: $0))
    }
    // Classes share one whole, and what one gains another loses; attributes do not.
    let points =
      shares.labels.areClasses
      ? differences.reduce(0, +) / 2 : differences.reduce(0, +) / Double(differences.count)
    let scores = try ScoreSample(
      sample.judgement.probability(ofAny: subject.forgotten), source: sample.source
    ).distance(
      to: ScoreSample(
        reference.judgement.probability(ofAny: subject.forgotten), source: reference.source))
    func measurement(
      _ key: MetricKey, _ value: Double, _ method: String, warning: String? = nil
    ) -> MetricMeasurement {
      MetricMeasurement(
        key, .number(value), method: method, sampleCount: sample.count, seed: subject.seed,
        warning: warning)
    }
    return AuditFinding([
      measurement(
        .frechetToRetrained, frechet, "features of \(judge), covariance over N - 1",
        warning: sample.statistics().warning),
      measurement(
        .slicedToRetrained, sliced.mind,
        "features of \(judge), 3 F times the mean square over \(sliced.directionCount) directions "
          + "(MIND)"),
      measurement(
        .sharesToRetrained, 100 * points,
        shares.labels.areClasses
          ? "half the sum over classes, by \(judge)" : "mean over attributes, by \(judge)"),
      measurement(
        .scoresToRetrained, scores, "1-Wasserstein distance of probabilities, by \(judge)"),
    ])
  }
}
