import Evaluation
import GANs
import Judging
import Records
import Torch

/// Asks another judge, who took no part in forgetting.
///
/// The judge that guides forgetting also counts its success. A generator can learn what this judge overlooks
/// instead of forgetting; a second judge, trained apart, has other blind spots. The pictures on which both
/// disagree are the first to look at.
public struct SecondOpinion: Audit {
  /// `second-judge`.
  public let name = "second-judge"
  /// Its name in headings.
  public let title = "A second judge"
  /// What it asks.
  public let question =
    "Does a judge that took no part in forgetting still see the concept in pictures of the same latents?"
  /// Where the idea comes from.
  public let source =
    "Lethe: who guides forgetting should not be the only one who counts its success"

  /// The audit; it has no settings.
  public init() {}

  /// How many of the pictures on which both disagree are shown.
  private static let shownPictures = 32

  /// Says so where there is no second judge.
  ///
  /// - Parameters:
  ///   - generator: who would be asked.
  ///   - subject: what the audits are about.
  /// - Returns: a sentence; nil where there is one.
  public func obstacle(for generator: AuditedGenerator, in subject: AuditSubject) -> String? {
    subject.secondJudge == nil ? "there is no second judge" : nil
  }

  /// Counts by both judges.
  ///
  /// - Parameters:
  ///   - generator: who is asked.
  ///   - subject: what the audits are about.
  ///   - progress: called with the share that is done.
  /// - Returns: shares by both, PUL by the second, and how often they disagree.
  /// - Throws: `EvaluationError`, `JudgingError`; what `progress` throws.
  public func examine(
    _ generator: AuditedGenerator, in subject: AuditSubject, progress: (Double) throws -> Void
  ) throws -> AuditFinding {
    let total = Double(subject.latents.count)
    let first = try subject.sample(of: generator) { try progress(Double($0) / total) }
    guard let judge = subject.secondJudge, let second = try subject.secondSample(of: generator),
      let before = try subject.secondSample(of: subject.original)
    else { preconditionFailure("an audit that has an obstacle") }
    let concepts = try judge.concepts(like: subject.forgotten)
    let shows = first.judgement.shows(anyOf: subject.forgotten)
    let showsToSecond = second.judgement.shows(anyOf: concepts)
    let doubtful = shows.indices.filter { shows[$0] != showsToSecond[$0] }

    let names = (first.judgeName, second.judgeName)
    func share(
      _ key: MetricKey, _ count: Int, _ method: String
    ) -> MetricMeasurement {
      subject.share(key, Proportion(count, of: shows.count), method: method)
    }
    let pul = try UnlearningPercentage(before: before, after: second, forgotten: concepts)
    var measurements = [
      share(
        .auditedShareBySecond, showsToSecond.count { $0 }, "by \(names.1), the second judge"),
      share(.auditedShare, shows.count { $0 }, "by \(names.0), the judge"),
      share(.disagreement, doubtful.count, "between \(names.0) and \(names.1), of the concept"),
    ]
    if generator.role != .original {
      measurements.append(
        MetricMeasurement(
          .pulBySecond, .number(pul.value), method: "by \(names.1), the second judge",
          sampleCount: shows.count, seed: subject.seed, interval: pul.interval))
    }
    guard !doubtful.isEmpty else { return AuditFinding(measurements) }
    let shown = Array(doubtful.prefix(Self.shownPictures))
    return AuditFinding(
      measurements,
      pictures: [
        AuditFinding.Sheet(
          "disagreement",
          caption: "The first \(shown.count) of \(doubtful.count) pictures that only one of both "
            + "judges takes for the concept",
          pictures: subject.latents.pictures(at: shown, of: generator.network).to(.cpu),
          range: generator.network.pixelRange)
      ])
  }
}
