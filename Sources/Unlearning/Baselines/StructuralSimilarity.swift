import Foundation
public import Torch

/// The multi-scale structural similarity of pictures (Wang, Simoncelli, Bovik 2003).
///
/// A Gaussian window of 11 pixels and deviation 1.5, constants 0.01² and 0.03², each scale half the one
/// before. Small pictures have fewer scales than five, because a window must fit; the weights of those that
/// there are sum to 1.
public enum StructuralSimilarity {
  private static let window = 11
  private static let deviation = 1.5
  private static let weights = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333]

  /// How many scales pictures of a side have.
  ///
  /// - Parameter side: in pixels.
  /// - Returns: 0 where not even one window fits, 5 at most.
  public static func scaleCount(side: Int) -> Int {
    (0..<weights.count).filter { side >> $0 >= window }.count
  }

  /// The similarity of each picture to its counterpart.
  ///
  /// - Parameters:
  ///   - x: `[N, C, side, side]` in 0..1.
  ///   - y: the counterparts.
  /// - Returns: `[N]`, 1 for equal pictures; differentiable.
  /// - Precondition: the side is at least 11 pixels.
  public static func multiScale(_ x: Tensor, _ y: Tensor) -> Tensor {
    let count = scaleCount(side: x.shape[2])
    precondition(count > 0, "pictures of \(x.shape[2]) pixels, smaller than a window")
    let total = weights.prefix(count).reduce(0, +)
    var (x, y) = (x, y)
    var result: Tensor?
    for scale in 0..<count {
      let (similarity, contrast) = parts(x, y)
      let isLast = scale == count - 1
      let factor = (isLast ? similarity : contrast).clamped(1e-6, 1)
        .power(weights[scale] / total)
      result = result.map { $0 * factor } ?? factor
      if !isLast { (x, y) = (halved(x), halved(y)) }
    }
    guard let result else { preconditionFailure("no scale") }
    return result.mean([1])
  }

  /// The mean similarity and the mean of its contrast and structure alone, `[N, C]` each.
  private static func parts(_ x: Tensor, _ y: Tensor) -> (similarity: Tensor, contrast: Tensor) {
    let blur = blurring(side: x.shape[2], device: x.device)
    func mean(_ picture: Tensor) -> Tensor {
      blur.matmul(picture).matmul(blur.permuted([1, 0]))
    }
    let (meanX, meanY) = (mean(x), mean(y))
    let varianceX = mean(x.square()) - meanX.square()
    let varianceY = mean(y.square()) - meanY.square()
    let covariance = mean(x * y) - meanX * meanY
    let contrast = (covariance * 2 + 0.0009) / (varianceX + varianceY + 0.0009)
    let brightness =
      (meanX * meanY * 2 + 0.0001) / (meanX.square() + meanY.square() + 0.0001)
    return ((contrast * brightness).mean([2, 3]), contrast.mean([2, 3]))
  }

  /// The windows of one dimension, `[side - 10, side]`.
  private static func blurring(side: Int, device: Device) -> Tensor {
    let raw = (0..<window).map { position in
      let offset = Double(position - window / 2)
      return exp(-offset * offset / (2 * deviation * deviation))
    }
    let total = raw.reduce(0, +)
    let rows = side - window + 1
    var values = [Float](repeating: 0, count: rows * side)
    for row in 0..<rows {
      for (position, weight) in raw.enumerated() {
        values[row * side + row + position] = Float(weight / total)
      }
    }
    return Tensor(values, shape: [rows, side]).to(device)
  }

  private static func halved(_ x: Tensor) -> Tensor {
    let (count, channels, side) = (x.shape[0], x.shape[1], x.shape[2] / 2 * 2)
    return x.sliced(0..<side, dimension: 2).sliced(0..<side, dimension: 3)
      .reshaped([count, channels, side / 2, 2, side / 2, 2]).mean([3, 5])
  }
}
