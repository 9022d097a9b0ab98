import Evaluation
import GANs
import Judging
import Records
import Torch

/// Puts the pictures that look most like the concept beside the nearest of the original's.
///
/// A count of pictures above a threshold hides those just below. Here are the worst ones, with what they come
/// from: a person sees at once whether they are remains of the concept or something else.
public struct NearestNegatives: Audit {
  /// `nearest-negatives`.
  public let name = "nearest-negatives"
  /// Its name in headings.
  public let title = "The pictures that look most like it"
  /// What it asks.
  public let question =
    "What do the pictures look like in which the judge sees most of the concept, and how near are they to "
    + "the original's?"
  /// Where the idea comes from.
  public let source = "Lethe; nearest neighbours are the field's usual look for memorised pictures"

  /// The audit; it has no settings.
  public init() {}

  /// How many pictures are looked at.
  private static let count = 16

  /// Finds the likeliest pictures and their neighbours.
  ///
  /// - Parameters:
  ///   - generator: who is asked.
  ///   - subject: what the audits are about.
  ///   - progress: called with the share that is done.
  /// - Returns: their mean probability, their distance to the nearest original pictures of the concept as a
  ///   root mean square of pixels, and both as pictures.
  /// - Throws: `EvaluationError`; what `progress` throws.
  public func examine(
    _ generator: AuditedGenerator, in subject: AuditSubject, progress: (Double) throws -> Void
  ) throws -> AuditFinding {
    let total = Double(subject.latents.count)
    let sample = try subject.sample(of: generator) { try progress(Double($0) / total) }
    let original = try subject.sample(of: subject.original)
    let probabilities = sample.judgement.probability(ofAny: subject.forgotten)
    let likeliest = probabilities.indices.sorted {
      (probabilities[$0], $1) > (probabilities[$1], $0)
    }.prefix(Self.count)
    let negatives = original.judgement.shows(anyOf: subject.forgotten)
    let places = negatives.indices.filter { negatives[$0] }
    guard !places.isEmpty else {
      throw EvaluationError.nothingToForget(subject.forgotten[0], samples: original.count)
    }

    let distances = SquaredFeatureDistances(to: original.features.gathered(places))
    let nearest = likeliest.map { index in
      let row = distances.row(of: sample.features.sliced(index..<index + 1))
      // The original's own picture is no neighbour of itself.
      let allowed = places.indices.filter {
        generator.role != .original || places[$0] != index
      }
      return places[allowed.min { row[$0] < row[$1] } ?? 0]
    }
    let ofGenerator = Self.pictures(Array(likeliest), of: generator, in: subject)
    let ofOriginal = Self.pictures(nearest, of: subject.original, in: subject)
    let range = generator.network.pixelRange
    let difference =
      range.convert(ofGenerator, to: .zeroToOne)
      - subject.original.network.pixelRange.convert(ofOriginal, to: .zeroToOne)
    let errors = difference.square().mean([1, 2, 3]).sqrt().array(of: Double.self)
    let count = likeliest.count
    func measurement(_ key: MetricKey, _ value: Double, _ method: String) -> MetricMeasurement {
      MetricMeasurement(
        key, .number(value), method: method, sampleCount: count, seed: subject.seed)
    }
    return AuditFinding(
      [
        measurement(
          .likeliestProbability,
          likeliest.reduce(0) { $0 + probabilities[$1] } / Double(count),
          "the \(count) likeliest of \(sample.count), by \(sample.judgeName)"),
        measurement(
          .likeliestDistance, errors.reduce(0, +) / Double(count),
          "root mean square of pixels from 0 to 1, nearest in the features of \(sample.judgeName)"),
      ],
      pictures: [
        AuditFinding.Sheet(
          "likeliest",
          caption:
            "Upper half: the \(count) pictures in which the judge sees most of the concept. Lower "
            + "half, in the same places: the nearest of the original's pictures of it",
          pictures: .concatenated([
            ofGenerator,
            subject.original.network.pixelRange.convert(ofOriginal, to: range),
          ]), range: range)
      ])
  }

  /// The pictures of latents in any order.
  private static func pictures(
    _ indices: [Int], of generator: AuditedGenerator, in subject: AuditSubject
  ) -> Tensor {
    let ordered = Array(Set(indices)).sorted()
    let pictures = subject.latents.pictures(at: ordered, of: generator.network).to(.cpu)
    let places = Dictionary(uniqueKeysWithValues: zip(ordered, ordered.indices))
    return pictures.gathered(indices.compactMap { places[$0] })
  }
}
