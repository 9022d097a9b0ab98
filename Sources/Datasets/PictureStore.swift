public import Torch

/// Pictures of one size, by their positions: wherever they are kept.
public protocol PictureStore: Sendable {
  /// How many pictures.
  var count: Int { get }
  /// 1 (grey) or 3 (red, green, blue).
  var channels: Int { get }
  /// Rows of each picture.
  var height: Int { get }
  /// Columns of each picture.
  var width: Int { get }

  /// Some pictures.
  ///
  /// - Parameter positions: in `0 ..< count`, in any order, repeated or not.
  /// - Returns: `uint8`, `[positions.count, channels, height, width]`.
  /// - Throws: ``DatasetError`` if a picture can no longer be read.
  func bytes(at positions: [Int]) throws(DatasetError) -> Tensor
}

/// Pictures in memory.
struct StoredPictures: PictureStore {
  /// `uint8`, `[N, C, H, W]`.
  let images: Tensor

  init(_ images: Tensor) {
    let shape = images.shape
    precondition(
      images.scalarType == .uint8 && shape.count == 4 && (shape[1] == 1 || shape[1] == 3),
      "a data set of \(images): expected uint8 [N, C, H, W] with 1 or 3 channels")
    self.images = images
  }

  var count: Int { images.shape[0] }
  var channels: Int { images.shape[1] }
  var height: Int { images.shape[2] }
  var width: Int { images.shape[3] }

  func bytes(at positions: [Int]) -> Tensor { images.gathered(positions) }
}
