public import Judging
import Torch

extension FrechetStatistics {
  /// The statistics of a network's features of pictures, in memory that does not grow with their number.
  ///
  /// - Parameters:
  ///   - run: the pictures.
  ///   - extractor: the network.
  ///   - progress: called with the number seen so far; may throw to stop.
  /// - Throws: ``EvaluationError/notFinite(of:)`` for pictures that are not made of numbers, `DatasetError` for one
  ///   that can no longer be read; what `progress` throws.
  public init(
    of run: SampleRun, in extractor: any FeatureExtractor,
    progress: (Int) throws -> Void = { _ in }
  ) throws {
    let observer = StatisticsObserver(extractor, source: "the pictures of \(run.source)")
    try run.show(to: [observer], progress: progress)
    self = observer.statistics
  }
}

/// Adds up features as pictures come.
private final class StatisticsObserver: PictureObserver {
  /// How many pictures an extractor is given at once.
  private static let batchSize = 64

  private let extractor: any FeatureExtractor
  private(set) var statistics: FrechetStatistics

  init(_ extractor: any FeatureExtractor, source: String) {
    self.extractor = extractor
    statistics = FrechetStatistics(width: extractor.featureCount, source: source)
  }

  func observe(_ pictures: Tensor, in range: PixelRange) {
    for start in stride(from: 0, to: pictures.shape[0], by: Self.batchSize) {
      let part = pictures.sliced(start..<min(start + Self.batchSize, pictures.shape[0]))
      statistics.add(withoutGradients { extractor.features(of: part, from: range) })
    }
  }

  func endGroup() {}
}
