import Evaluation
import GANs
import Judging
import Records
import Torch

/// Asks whether somebody can tell what was forgotten, without seeing it generated.
///
/// Who is given pictures of the concept and others may find out which of them the generator was to forget: they
/// lie farther from all that it makes, or the discriminator beside it finds them less real. A generator that
/// never saw the concept gives the same away, so only the difference from it tells of unlearning. The pictures
/// are the original's, of latents that no other audit sees.
///
/// The score of a picture is high where it looks foreign: the distance to the nearest of the generator's pictures,
/// in the judge's features; and the discriminator's logit, negated. An AUC of 0.5 gives nothing away; below, the
/// concept looks more familiar than the rest.
public struct Membership: Audit {
  /// `membership`.
  public let name = "membership"
  /// Its name in headings.
  public let title = "Membership"
  /// What it asks.
  public let question =
    "Do distances to the generator's pictures, or the discriminator beside it, tell what was forgotten?"
  /// Where the idea comes from.
  public let source =
    "Hayes et al., LOGAN (PoPETs 2019), https://arxiv.org/abs/1705.07663; Chen et al., GAN-Leaks (CCS 2020), "
    + "https://arxiv.org/abs/1909.03935"

  /// The audit; it has no settings.
  public init() {}

  /// The share of others that may be taken for the concept.
  private static let falsePositiveRate = 0.01
  /// Pictures that a discriminator sees at once, a multiple of its groups of 4.
  private static let batchSize = 64

  /// Scores the original's pictures.
  ///
  /// - Parameters:
  ///   - generator: who is asked.
  ///   - subject: what the audits are about.
  ///   - progress: called with the share that is done.
  /// - Returns: areas and rates, by distance and by discriminator.
  /// - Throws: `EvaluationError`; what `progress` throws.
  public func examine(
    _ generator: AuditedGenerator, in subject: AuditSubject, progress: (Double) throws -> Void
  ) throws -> AuditFinding {
    let total = Double(subject.latents.count)
    let sample = try subject.sample(of: generator) { try progress(0.5 * Double($0) / total) }
    let probes = try subject.probes { try progress(0.5 + 0.4 * $0) }
    let shows = probes.sample.judgement.shows(anyOf: subject.forgotten)
    let names = (probes.sample.judgeName, subject.forgotten.map(\.name).joined(separator: ", "))
    let others = probes.sample.judgement.shows(anyOf: subject.forgottenBefore)
    let compared = shows.indices.filter { shows[$0] || !others[$0] }
    guard shows.contains(true), compared.contains(where: { !shows[$0] }) else {
      throw EvaluationError.nothingToForget(subject.forgotten[0], samples: shows.count)
    }
    func measurements(
      _ area: MetricKey, _ rate: MetricKey, _ scores: [Double], _ method: String
    ) -> [MetricMeasurement] {
      let scored = compared.map { (isConcept: shows[$0], score: scores[$0]) }
      let (present, absent) = (
        scored.filter(\.isConcept).map(\.score), scored.filter { !$0.isConcept }.map(\.score)
      )
      let found = TruePositiveRate.rate(
        present: present, absent: absent, atFalsePositiveRate: Self.falsePositiveRate)
      let value = AreaUnderCurve.area(scored.map(\.isConcept), by: scored.map(\.score))
      var warning: String?
      if Double(absent.count) * Self.falsePositiveRate < 1 {
        warning =
          "1 % of \(absent.count) other pictures is none: the rate at 1 % false alarms is one at none"
      }
      let words = "\(method), pictures of \(names.1) and \(absent.count) others of the original"
      return [
        MetricMeasurement(
          area, .number(value), method: words, sampleCount: present.count, seed: subject.seed),
        MetricMeasurement(
          rate, .number(found.map { 100 * $0 }), method: words, sampleCount: present.count,
          seed: subject.seed, warning: warning),
      ]
    }

    let distances = SquaredFeatureDistances(to: sample.features).nearest(
      to: probes.sample.features)
    var results = measurements(
      .distanceAUC, .distanceTPR, distances,
      "distance to the nearest of \(sample.count) pictures in the features of \(names.0)")
    if let discriminator = generator.discriminator {
      let logits = try Self.logits(discriminator, of: subject, probes.latents) {
        try progress(0.9 + 0.1 * $0)
      }
      results += measurements(
        .discriminatorAUC, .discriminatorTPR, logits.map { -$0 },
        "negated logit of the discriminator beside the generator")
    }
    return AuditFinding(results)
  }

  /// What a discriminator says of the probes.
  private static func logits(
    _ discriminator: any DiscriminatorNetwork, of subject: AuditSubject, _ latents: LatentList,
    _ progress: (Double) throws -> Void
  ) throws -> [Double] {
    let observer = DiscriminatorObserver(discriminator, batchSize: batchSize)
    try SampleRun(of: subject.original.network, latents: latents).show(to: [observer]) {
      try progress(Double($0) / Double(latents.count))
    }
    return observer.logits
  }
}

/// Asks a discriminator about pictures as they come.
private final class DiscriminatorObserver: PictureObserver {
  private let discriminator: any DiscriminatorNetwork
  private let batchSize: Int
  private(set) var logits: [Double] = []

  init(_ discriminator: any DiscriminatorNetwork, batchSize: Int) {
    self.discriminator = discriminator
    self.batchSize = batchSize
  }

  func observe(_ pictures: Tensor, in range: PixelRange) {
    for start in stride(from: 0, to: pictures.shape[0], by: batchSize) {
      let part = pictures.sliced(start..<min(start + batchSize, pictures.shape[0]))
      // Groups are of 4: the last ones are filled up by pictures that are left out again.
      let missing = part.shape[0] > 4 ? (4 - part.shape[0] % 4) % 4 : 0
      let filled =
        missing == 0 ? part : Tensor.concatenated([part, part.sliced(0..<missing)])
      logits += withoutGradients { discriminator(filled) }.array(of: Double.self)
        .prefix(part.shape[0])
    }
  }

  func endGroup() {}
}
