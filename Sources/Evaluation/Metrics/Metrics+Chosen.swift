public import Judging

/// How much is measured.
public enum MetricSet: String, Sendable, CaseIterable {
  /// ``Metrics/all``: what every run records.
  case usual
  /// Those, and what compares whole distributions of features and scores.
  case full
}

/// An extractor, and what a Fréchet distance is called in its features.
public struct NamedExtractor {
  /// The extractor.
  public let extractor: any FeatureExtractor
  /// Such as `fid`, or `fd-efficientnet-lite0`.
  public let frechetName: String

  /// An extractor with the name of its distance.
  ///
  /// - Parameters:
  ///   - extractor: the extractor.
  ///   - frechetName: what a Fréchet distance is called in its features.
  public init(_ extractor: any FeatureExtractor, frechetName: String) {
    self.extractor = extractor
    self.frechetName = frechetName
  }
}

extension Metrics {
  /// The metrics of a set, in the judge's features.
  ///
  /// Those that compare distributions take some seconds more per pair of samples, and quadratic time in the number
  /// of pictures.
  ///
  /// - Parameter set: how much is measured.
  /// - Returns: the metrics, in the order to show.
  public static func chosen(_ set: MetricSet) -> [any Metric] {
    all + (set == .full ? [ConceptScores(), SameLatentFeatures()] + distributions(in: nil) : [])
  }

  /// What compares distributions in the features of extractors.
  ///
  /// - Parameter extractors: whose features, no two of one name.
  /// - Returns: the metrics, in the order to show.
  public static func inFeatures(of extractors: [NamedExtractor]) -> [any Metric] {
    extractors.flatMap { named -> [any Metric] in
      [
        SameLatentFeatures(extractor: named.extractor),
        ExtractorFrechetDistances(
          extractor: named.extractor, frechetName: named.frechetName),
      ] + distributions(in: named.extractor)
    }
  }

  private static func distributions(in extractor: (any FeatureExtractor)?) -> [any Metric] {
    [
      KernelDistances(extractor: extractor), SlicedWassersteinDistances(extractor: extractor),
      PrecisionRecall(extractor: extractor), DensityCoverage(extractor: extractor),
    ]
  }
}
