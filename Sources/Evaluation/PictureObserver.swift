import Judging
public import Torch

/// Somebody who looks at the pictures of a ``SampleRun``, such as a judge.
public protocol PictureObserver: AnyObject {
  /// Takes a few pictures, in order; they are gone afterwards.
  ///
  /// - Parameters:
  ///   - pictures: `[N, 1 or 3, H, W]`, as many as memory holds at a time.
  ///   - range: the range of their values.
  func observe(_ pictures: Tensor, in range: PixelRange)

  /// Ends a group of pictures: the moment to look together at what was kept of each.
  func endGroup()
}

/// Prepares pictures as they come, and judges those of a group together.
final class JudgingObserver: PictureObserver {
  private let judge: Judge
  private var prepared: [Tensor] = []
  private var judgements: [Judgement] = []

  init(_ judge: Judge) { self.judge = judge }

  /// What the judge says of all pictures, in host memory.
  var judgement: Judgement { .concatenated(judgements) }

  func observe(_ pictures: Tensor, in range: PixelRange) {
    prepared.append(withoutGradients { judge.prepared(pictures, from: range) })
  }

  func endGroup() {
    judgements.append(judge.judge(prepared: .concatenated(prepared)).inHostMemory)
    prepared = []
  }
}

/// Takes the features of pictures a few at a time: an extractor's pictures may be large.
final class FeatureObserver: PictureObserver {
  /// How many pictures an extractor is given at once.
  private static let batchSize = 64

  private let extractor: any FeatureExtractor
  private var parts: [Tensor] = []

  init(_ extractor: any FeatureExtractor) { self.extractor = extractor }

  /// `[N, F]`, in host memory.
  var features: Tensor { .concatenated(parts) }

  func observe(_ pictures: Tensor, in range: PixelRange) {
    for start in stride(from: 0, to: pictures.shape[0], by: Self.batchSize) {
      let part = pictures.sliced(start..<min(start + Self.batchSize, pictures.shape[0]))
      parts.append(
        withoutGradients {
          extractor.features(of: part, from: range)
        }.to(.cpu))
    }
  }

  func endGroup() {}
}

/// Keeps the first pictures in bytes, as a picture file holds them.
final class PictureKeeper: PictureObserver {
  private let most: Int
  private var count = 0
  private var parts: [Tensor] = []

  /// - Parameter most: how many are kept.
  init(atMost most: Int) { self.most = most }

  /// `uint8`, `[N, C, H, W]`, in host memory; nil if none was kept.
  var pictures: Tensor? { parts.isEmpty ? nil : .concatenated(parts) }

  func observe(_ pictures: Tensor, in range: PixelRange) {
    let added = min(most - count, pictures.shape[0])
    guard added > 0 else { return }
    parts.append(withoutGradients { range.bytes(from: pictures.sliced(0..<added)) }.to(.cpu))
    count += added
  }

  func endGroup() {}
}
