import Torch

/// Squared distances from feature vectors to those of a set.
struct SquaredFeatureDistances {
  /// `[F, N]`, `float64`.
  private let columns: Tensor
  /// `[1, N]`, `float64`.
  private let norms: Tensor

  /// - Parameter features: `[N, F]`, in host memory.
  init(to features: Tensor) {
    let vectors = features.to(.float64)
    columns = vectors.transposed
    norms = vectors.square().sum([1]).reshaped([1, vectors.shape[0]])
  }

  /// The distances of one vector, `[1, F]`, to all of the set.
  func row(of vector: Tensor) -> [Double] { matrix(of: vector).array(of: Double.self) }

  /// The distance of each vector, `[M, F]`, to the nearest of the set.
  func nearest(to vectors: Tensor) -> [Double] {
    let size = 512
    return stride(from: 0, to: vectors.shape[0], by: size).flatMap { start in
      let part = vectors.sliced(start..<min(start + size, vectors.shape[0]))
      return (-((-matrix(of: part)).max([1]))).array(of: Double.self)
    }
  }

  private func matrix(of vectors: Tensor) -> Tensor {
    let rows = vectors.to(.float64)
    return rows.square().sum([1], keepingDimensions: true) + norms - rows.matmul(columns) * 2
  }
}
