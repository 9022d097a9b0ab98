public import Torch

/// How different two pictures look: one number for each pair.
///
/// LPIPS is one, and so is ``FeatureDistance`` in the features of any network.
public protocol PictureDistance {
  /// What records and messages call it, such as `LPIPS of VGG16`.
  var name: String { get }
  /// How it is taken, in a few words that two numbers must share to be compared.
  var method: String { get }
  /// The range of the values of pictures that are compared.
  var range: PixelRange { get }
  /// Rows and columns that pictures have at least.
  var smallestSize: Int { get }
  /// Whether it is the distance that the field's perceptual path length is defined by: only such a
  /// number is called PPL. False unless said otherwise.
  var definesPathLength: Bool { get }

  /// The distance of each picture to the one in its place.
  ///
  /// - Parameters:
  ///   - first: `[N, 3, H, W]` in ``range``; values beyond it may occur.
  ///   - second: of the same shape.
  /// - Returns: `[N]`, not negative; 0 for equal pictures.
  func distances(_ first: Tensor, _ second: Tensor) -> Tensor
}

extension PictureDistance {
  /// False.
  public var definesPathLength: Bool { false }
}
