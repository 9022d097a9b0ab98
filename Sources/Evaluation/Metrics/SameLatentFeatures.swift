public import Judging
public import Records
import Torch

/// How much the features of the same latents have changed: the judge's, or those of another network.
///
/// The judge's classes tell whether a picture still shows the same; its features, and those of a
/// network that knows nothing of the classes, tell how much of the rest has changed.
public struct SameLatentFeatures: Metric {
  private let features: ComparedFeatures

  /// The extractor, if it is not the judge.
  public var extractors: [any FeatureExtractor] { features.extractors }
  /// None: real pictures have no latents.
  public var dataExtractors: [any FeatureExtractor] { [] }

  /// The metric.
  ///
  /// - Parameter extractor: whose features are compared; the judge's unless given.
  public init(extractor: (any FeatureExtractor)? = nil) {
    features = ComparedFeatures(extractor: extractor)
  }

  /// Compares the features of each latent before and after.
  ///
  /// - Parameter comparison: what was seen of both generators.
  /// - Returns: of the latents that showed nothing undesired, and of those that showed the concept, the
  ///   mean cosine distance, and the mean length of the change over the length before; with the
  ///   intervals that chance leaves them.
  /// - Throws: ``EvaluationError/notFinite(of:)`` if features are not finite.
  public func measure(_ comparison: Comparison) throws(EvaluationError) -> [MetricMeasurement] {
    let extractor = features.name(in: comparison)
    let before = features.vectors(of: comparison.original)
    let after = features.vectors(of: comparison.unlearned)
    for (vectors, sample) in [(before, comparison.original), (after, comparison.unlearned)] {
      guard vectors.hasOnlyFiniteElements else {
        throw .notFinite(of: "the features of the pictures of \(sample.source)")
      }
    }
    let method = "features of \(extractor), of latents by \(comparison.original.judgeName)"
    return MetricKey.ComparedLatents.allCases.flatMap { latents -> [MetricMeasurement] in
      let changes = Self.changes(before, after, at: comparison.positions(of: latents))
      func measurement(
        _ key: MetricKey, _ values: [Double], _ name: String
      ) -> MetricMeasurement {
        let mean = SampleMean(of: values)
        var result = comparison.measurement(
          key, .number(mean?.value), method: "\(name) of \(method)", latentCount: values.count)
        result.interval = mean?.interval
        if changes.emptyCount > 0 {
          result.warning =
            "the features of \(extractor) are 0 for \(changes.emptyCount) pictures, which have no "
            + "direction: they are left out of the changes of features"
        }
        return result
      }
      return [
        measurement(
          .cosineChange(latents, by: extractor), changes.cosines, "mean cosine distance"),
        measurement(
          .relativeChange(latents, by: extractor), changes.relative,
          "mean length of the change, over that before,"),
      ]
    }
  }

  /// The changes of some latents' features.
  ///
  /// - Returns: the cosine distances and the relative changes; and how many latents are left out because
  ///   their features are 0 before, or after, where one or both numbers are not defined.
  private static func changes(
    _ before: Tensor, _ after: Tensor, at latents: [Int]
  ) -> (cosines: [Double], relative: [Double], emptyCount: Int) {
    var (cosines, relative): ([Double], [Double]) = ([], [])
    var emptyCount = 0
    for start in stride(from: 0, to: latents.count, by: LatentList.batchSize) {
      let part = Array(latents[start..<min(start + LatentList.batchSize, latents.count)])
      let x = before.gathered(part).to(.float64)
      let y = after.gathered(part).to(.float64)
      func values(_ tensor: Tensor) -> [Double] { tensor.sum([1]).array(of: Double.self) }
      let (xx, yy, difference) = (values(x.square()), values(y.square()), values((x - y).square()))
      // Half the squared distance of the unit vectors is 1 - cosine, and exactly 0 for equal ones.
      let lengths = (
        x.square().sum([1], keepingDimensions: true).sqrt(),
        y.square().sum([1], keepingDimensions: true).sqrt()
      )
      let angles = values((x / lengths.0 - y / lengths.1).square())
      for index in part.indices {
        if xx[index] == 0 || yy[index] == 0 { emptyCount += 1 }
        if xx[index] > 0 {
          relative.append((difference[index] / xx[index]).squareRoot())
          if yy[index] > 0 { cosines.append(angles[index] / 2) }
        }
      }
    }
    return (cosines, relative, emptyCount)
  }
}
