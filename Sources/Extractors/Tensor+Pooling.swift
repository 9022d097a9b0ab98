import Torch

/// Means and maxima of squares of pixels, as the networks of this target take them.
extension Tensor {
  /// The mean of each pixel and its neighbours, up to eight.
  ///
  /// - Parameter isDividingByNine: whether the zeros beyond the border count as neighbours.
  /// - Returns: `[N, C, H, W]`, as the receiver.
  func neighbourhoodMeans(dividingByNine isDividingByNine: Bool) -> Tensor {
    func sums(_ x: Tensor) -> Tensor {
      let kernel = Tensor.full(
        1, shape: [x.shape[1], 1, 3, 3], scalarType: x.scalarType, device: x.device)
      return x.convolved(kernel, padding: 1, groups: x.shape[1])
    }
    guard !isDividingByNine else { return sums(self) / 9 }
    let ones = Tensor.full(
      1, shape: [1, 1, shape[2], shape[3]], scalarType: scalarType, device: device)
    return sums(self) / sums(ones)
  }

  /// The largest of each square of pixels, where the last square may reach beyond the border ("ceil mode").
  ///
  /// - Parameters:
  ///   - size: the side of the square.
  ///   - stride: the step in pixels, at most the size.
  /// - Returns: `[N, C, H', W']`.
  /// - Precondition: no element is negative, so that zeros beyond the border are never the largest alone.
  func maxPooledRoundingUp(size: Int, stride: Int) -> Tensor {
    func missing(_ count: Int) -> Int {
      let steps = Swift.max(0, count - size + stride - 1) / stride
      return steps * stride + size - count
    }
    return zeroPadded(bottom: missing(shape[2]), right: missing(shape[3]))
      .maxPooled(size: size, stride: stride)
  }

  /// The pictures with zeros around them.
  ///
  /// - Parameters:
  ///   - top: rows before the first.
  ///   - bottom: rows after the last.
  ///   - left: columns before the first.
  ///   - right: columns after the last.
  /// - Returns: `[N, C, top + H + bottom, left + W + right]`; the receiver where nothing is added.
  func zeroPadded(top: Int = 0, bottom: Int = 0, left: Int = 0, right: Int = 0) -> Tensor {
    func padded(_ x: Tensor, dimension: Int, before: Int, after: Int) -> Tensor {
      func zeros(_ count: Int) -> [Tensor] {
        var shape = x.shape
        shape[dimension] = count
        // Joined tensors keep a layout that they have in common.
        return count == 0
          ? []
          : [
            Tensor.zeros(shape, scalarType: x.scalarType, device: x.device)
              .contiguous(x.isContiguous(.channelsLast) ? .channelsLast : .contiguous)
          ]
      }
      return before + after == 0
        ? x : .concatenated(zeros(before) + [x] + zeros(after), dimension: dimension)
    }
    return padded(
      padded(self, dimension: 2, before: top, after: bottom), dimension: 3, before: left,
      after: right)
  }
}
