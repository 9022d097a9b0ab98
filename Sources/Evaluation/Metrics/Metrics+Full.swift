public import Judging

extension Metrics {
  /// Those of ``all``, and what compares whole distributions of features and scores.
  ///
  /// They take some seconds more per pair of samples, and quadratic time in the number of pictures.
  ///
  /// - Parameter extractor: whose features are compared; the judge's unless given.
  /// - Returns: all of them, in the order to show.
  public static func full(extractor: (any FeatureExtractor)? = nil) -> [any Metric] {
    all + [
      ConceptScores(), KernelDistances(extractor: extractor),
      SlicedWassersteinDistances(extractor: extractor), PrecisionRecall(extractor: extractor),
      DensityCoverage(extractor: extractor),
    ]
  }
}
