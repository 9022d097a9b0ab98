import Torch

/// Random changes of training pictures that leave what they show: mirrored, and moved by a few pixels.
public struct PictureChanges: Sendable, Equatable {
  /// Whether half of the pictures are mirrored left to right.
  public var mirrors: Bool
  /// By how many pixels a picture moves at most, in each direction; its edge is repeated.
  public var shift: Int

  /// Changes; none by default.
  ///
  /// - Parameters:
  ///   - mirrors: whether half of the pictures are mirrored.
  ///   - shift: by how many pixels a picture moves at most.
  public init(mirrors: Bool = false, shift: Int = 0) {
    self.mirrors = mirrors
    self.shift = shift
  }

  /// Whether anything changes.
  var areAny: Bool { mirrors || shift > 0 }

  /// Changed pictures.
  ///
  /// - Parameters:
  ///   - pictures: `[N, C, H, W]`.
  ///   - random: draws the changes.
  /// - Returns: of the same shape.
  func applied(to pictures: Tensor, using random: RandomGenerator) -> Tensor {
    guard areAny else { return pictures }
    let shape = pictures.shape
    func positions(_ count: Int, mirrored: Bool) -> Tensor {
      let offset = shift > 0 ? random.integer(in: -shift..<shift + 1) : 0
      return Tensor(
        (0..<count).map { index in
          let moved = min(max(index + offset, 0), count - 1)
          return Int64(mirrored ? count - 1 - moved : moved)
        }
      ).to(pictures.device)
    }
    return Tensor.concatenated(
      (0..<shape[0]).map { index in
        let isMirrored = mirrors && random.integer(in: 0..<2) == 1
        return pictures.sliced(index..<index + 1)
          .gathered(positions(shape[2], mirrored: false), dimension: 2)
          .gathered(positions(shape[3], mirrored: isMirrored), dimension: 3)
      })
  }
}
