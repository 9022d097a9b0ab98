public import Judging
public import Records

/// Kernel distances to the original's positives, and to real ones: the KID, in any features.
///
/// Unlike a Fréchet distance it assumes no normal distribution, and few pictures do not bias it.
/// The original's positives are pictures of the same latents, so a distance to them may fall below
/// 0.
public struct KernelDistances: Metric {
  private let features: ComparedFeatures
  private let subsetCount: Int
  private let subsetSize: Int
  private let seed: UInt64

  /// The extractor, if it is not the judge.
  public var extractors: [any FeatureExtractor] { features.extractors }

  /// The metric.
  ///
  /// - Parameters:
  ///   - extractor: whose features are compared; the judge's unless given.
  ///   - subsetCount: how many subsets.
  ///   - subsetSize: pictures of each kind in a subset, cut to the smaller sample.
  ///   - seed: which subsets.
  /// - Precondition: at least one subset, of at least two pictures.
  public init(
    extractor: (any FeatureExtractor)? = nil,
    subsetCount: Int = KernelDistance.defaultSubsetCount,
    subsetSize: Int = KernelDistance.defaultSubsetSize, seed: UInt64 = 0
  ) {
    precondition(
      subsetCount >= 1 && subsetSize >= 2, "\(subsetCount) subsets of \(subsetSize) pictures")
    features = ComparedFeatures(extractor: extractor)
    self.subsetCount = subsetCount
    self.subsetSize = subsetSize
    self.seed = seed
  }

  /// Compares the distributions of features.
  ///
  /// - Parameter comparison: what was seen of both generators.
  /// - Returns: for each pair of samples the mean of subsets, their deviation, and the distance of all
  ///   pictures; no deviation where each subset holds all pictures.
  /// - Throws: ``EvaluationError`` if there are too few positives, or features that are not finite.
  public func measure(_ comparison: Comparison) throws(EvaluationError) -> [MetricMeasurement] {
    let extractor = features.name(in: comparison)
    var results: [MetricMeasurement] = []
    for pictures in MetricKey.ComparedPictures.allCases {
      guard let samples = try features.samples(pictures, in: comparison) else { continue }
      let distance = try KernelDistance(
        between: samples.generated, and: samples.reference, subsetCount: subsetCount,
        subsetSize: subsetSize, seed: seed)
      let isWhole = [samples.generated, samples.reference].allSatisfy {
        $0.count == distance.subsetSize
      }
      let subsets =
        "kernel (x·y/F + 1)^3, unbiased, \(subsetCount) subsets of \(distance.subsetSize), seed \(seed)"
      func measurement(_ key: MetricKey, _ value: Double?, _ method: String) -> MetricMeasurement {
        features.measurement(key, value, method, of: samples, in: comparison)
      }
      results += [
        measurement(.kernelDistance(pictures, by: extractor), distance.mean, subsets),
        measurement(
          .kernelDistanceDeviation(pictures, by: extractor),
          isWhole ? nil : distance.standardDeviation, subsets),
        measurement(
          .wholeKernelDistance(pictures, by: extractor), distance.unbiased,
          "kernel (x·y/F + 1)^3, unbiased"),
      ]
    }
    return results
  }
}
