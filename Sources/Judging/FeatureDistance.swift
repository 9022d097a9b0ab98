public import Torch

/// The squared distance of two pictures in the features of a network, such as a judge.
///
/// It stands in where nobody has the weights of LPIPS. Its numbers are of that network alone, and are
/// never named after LPIPS or PPL.
public struct FeatureDistance: PictureDistance {
  private let extractor: any FeatureExtractor

  /// A distance.
  ///
  /// - Parameter extractor: whose features they are.
  public init(of extractor: any FeatureExtractor) { self.extractor = extractor }

  /// The network's name.
  public var name: String { extractor.name }
  /// What is measured, and in which features.
  public var method: String { "squared distance of features of \(name)" }
  /// What `Preprocessing` begins with, which clamps.
  public var range: PixelRange { .zeroToOne }
  /// One pixel: the network's preprocessing resizes.
  public var smallestSize: Int { 1 }

  /// The squared Euclidean distance of the features.
  ///
  /// - Parameters:
  ///   - first: `[N, 3, H, W]` in 0..1.
  ///   - second: of the same shape.
  /// - Returns: `[N]`, where the network lives.
  /// - Precondition: the shapes agree.
  public func distances(_ first: Tensor, _ second: Tensor) -> Tensor {
    precondition(first.shape == second.shape, "pictures of \(first.shape) and \(second.shape)")
    return withoutGradients {
      // In one pass, so that equal pictures meet the same rounding.
      let features = extractor.features(
        extractor.preprocessing.prepared(
          .concatenated([first, second]).to(extractor.device), from: range))
      let count = first.shape[0]
      return (features.sliced(0..<count) - features.sliced(count..<2 * count)).square().sum([1])
    }
  }
}
