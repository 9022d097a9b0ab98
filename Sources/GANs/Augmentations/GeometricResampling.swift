import Torch

/// Affine maps of pictures with a filter that keeps stripes from appearing.
///
/// Karras et al. 2020, arXiv 2006.06676, appendix B: the picture goes on as in a mirror, is upsampled to
/// twice its size by the wavelet sym6, looked up bilinearly, and brought back by the same filter, time
/// reversed. All of it is linear in the picture, and made of operators that have derivatives of any order.
///
/// The mirrored picture repeats, so one period of it is everything: nothing is padded, and however far a
/// change reaches, shapes do not depend on it.
struct GeometricResampling {
  private let size: Int
  /// The side of the canvas: one period at double size, and its first line once more.
  private let canvasSide: Int
  /// The side of the grid of samples: twice the picture with 3 pixels around it, half the filter.
  private let gridSide: Int
  /// From a side of the picture to one of the canvas, `[canvas, size]`, and its transpose.
  private let up: (rows: Tensor, columns: Tensor)
  /// From a side of the grid to one of the picture, `[size, grid]`, and its transpose.
  private let down: (rows: Tensor, columns: Tensor)
  /// x, y and 1 of each sample in pixels from the centre, `[3, grid²]`.
  private let grid: Tensor
  /// What turns pixels from the centre into positions on the canvas: `[1, 2, 3]`, added.
  private let origin: Tensor
  /// Where the canvas of each picture and colour begins, `[pictures, 3, 1]`.
  private let starts: Tensor
  /// The length of a canvas's lines, a whole number.
  private let stride: Tensor
  /// Pictures that are changed at once, so that the canvases stay small.
  private let picturesAtOnce: Int

  /// Elements of all canvases at once: 4 MB of them stay near a processor.
  private static let canvasElements = 1 << 20

  /// The resampling of pictures of one size.
  ///
  /// - Parameters:
  ///   - size: the side of the pictures, at least 2.
  ///   - device: where they live.
  init(size: Int, device: Device) {
    precondition(size >= 2, "no mirror in a picture of \(size)x\(size)")
    self.size = size
    let mirror = Mirror(size)
    let period = 2 * mirror.period
    canvasSide = period + 1
    gridSide = 2 * (size + 6)
    let filter = Wavelet.sym6.map { $0 / 2.0.squareRoot() }

    // u[n] = 2 Σ_k f[k] x[n + 5 - k], where x has pixel i at 2 i and nothing between: f's centre is its
    // sixth tap.
    var upValues = [Float](repeating: 0, count: canvasSide * size)
    for line in 0..<canvasSide {
      for (k, tap) in filter.enumerated() where (line + 5 - k) % 2 == 0 {
        upValues[line * size + mirror.pixel((line + 5 - k) / 2)] += Float(2 * tap)
      }
    }
    // out[m] = Σ_k f[k] z[2 m + 1 + k].
    var downValues = [Float](repeating: 0, count: size * gridSide)
    for line in 0..<size {
      for (k, tap) in filter.enumerated() {
        downValues[line * gridSide + 2 * line + 1 + k] = Float(tap)
      }
    }
    func both(_ values: [Float], _ shape: [Int]) -> (rows: Tensor, columns: Tensor) {
      let rows = Tensor(values, shape: shape).to(device)
      return (rows, rows.transposed.contiguous())
    }
    up = both(upValues, [canvasSide, size])
    down = both(downValues, [size, gridSide])

    // Sample 2 m + 6 is pixel m, at m + (1 - size) / 2 from the centre; sample 0 of the canvas is pixel 0.
    let side = gridSide
    let offsets = (0..<side).map { (Float($0) - Float(size) - 5) / 2 }
    let xs = (0..<side).flatMap { _ in offsets }
    let ys = offsets.flatMap { [Float](repeating: $0, count: side) }
    let ones = [Float](repeating: 1, count: side * side)
    grid = Tensor(xs + ys + ones, shape: [3, side * side]).to(device)
    let centre = Float(size - 1)
    origin = Tensor([0, 0, centre, 0, 0, centre] as [Float], shape: [1, 2, 3]).to(device)

    let plane = canvasSide * canvasSide
    picturesAtOnce = max(1, Self.canvasElements / (3 * plane))
    starts = Tensor((0..<3 * picturesAtOnce).map { Int64($0 * plane) })
      .reshaped([picturesAtOnce, 3, 1]).to(device)
    stride = Tensor([Int64(canvasSide)]).to(device)
  }

  /// Changed pictures.
  ///
  /// - Parameters:
  ///   - pictures: `[N, 3, size, size]`.
  ///   - inverses: from the changed picture to the given one, in pixels from the centre; `[N, 2, 3]`.
  /// - Returns: of the same shape.
  func resampled(_ pictures: Tensor, by inverses: Tensor) -> Tensor {
    let count = pictures.shape[0]
    let parts = Swift.stride(from: 0, to: count, by: picturesAtOnce).map { first in
      let part = first..<min(count, first + picturesAtOnce)
      return changed(pictures.sliced(part), by: inverses.sliced(part))
    }
    return parts.count == 1 ? parts[0] : .concatenated(parts)
  }

  private func changed(_ pictures: Tensor, by inverses: Tensor) -> Tensor {
    let count = pictures.shape[0]
    let (samples, period) = (gridSide * gridSide, Double(canvasSide - 1))
    let canvas = up.rows.matmul(pictures.matmul(up.columns))  // [N, 3, canvas, canvas]
    // Positions on the canvas, within one period, as a whole and a fraction.
    let positions = (inverses * 2 + origin).matmul(grid)  // [N, 2, samples]
    let within = positions - (positions / period).floor() * period
    let whole = within.floor().clamped(0, period - 1)
    let fraction = within - whole
    let (columns, rows) = (part(0, of: whole), part(1, of: whole))
    let indices =
      (rows.to(.int64) * stride + columns.to(.int64) + starts.sliced(0..<count))
      .reshaped([count * 3 * samples])
    let values = canvas.reshaped([count * 3 * canvasSide * canvasSide])
    /// What is seen a few elements on, `[N, 3, samples]`.
    func seen(_ further: Int) -> Tensor {
      values.sliced(further..<values.elementCount).gathered(indices)
        .reshaped([count, 3, samples])
    }
    func mixed(_ one: Tensor, _ other: Tensor, _ weight: Tensor) -> Tensor {
      one + (other - one) * weight
    }
    let (x, y) = (part(0, of: fraction), part(1, of: fraction))
    let sampled = mixed(
      mixed(seen(0), seen(1), x), mixed(seen(canvasSide), seen(canvasSide + 1), x), y)
    return down.rows.matmul(
      sampled.reshaped([count, 3, gridSide, gridSide]).matmul(down.columns))
  }

  /// One coordinate of samples, `[N, 1, samples]`.
  private func part(_ index: Int, of positions: Tensor) -> Tensor {
    positions.sliced(index..<index + 1, dimension: 1)
  }
}
