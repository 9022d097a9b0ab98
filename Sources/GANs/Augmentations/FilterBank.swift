import Torch

/// Filters that make four bands of frequencies stronger or weaker.
///
/// The bands are those of an octave filter bank of the wavelet sym2: 0 to π/8, to π/4, to π/2, to π. With
/// factors of 1 they add up to the picture. Karras et al. 2020, arXiv 2006.06676, appendix B.
struct FilterBank {
  /// How many bands there are.
  static let bandCount = 4
  /// The share of a usual picture's power in each band: it falls with the frequency.
  static let expectedPower = [10.0 / 13, 1.0 / 13, 1.0 / 13, 1.0 / 13]

  /// Each band along one side, as a matrix over the pixels of that side: `[4, size²]`.
  private let bands: Tensor
  private let size: Int

  /// The filters of pictures of one size.
  init(size: Int, device: Device) {
    self.size = size
    let mirror = Mirror(size)
    let values = Self.taps.flatMap { taps in
      var matrix = [Float](repeating: 0, count: size * size)
      for row in 0..<size {
        for (position, tap) in taps.enumerated() {
          matrix[row * size + mirror.pixel(row + position - taps.count / 2)] += Float(tap)
        }
      }
      return matrix
    }
    bands = Tensor(values, shape: [Self.bandCount, size * size]).to(device)
  }

  /// Pictures `[N, 3, size, size]`, filtered along both sides with gains `[N, 4]`.
  func filtered(_ pictures: Tensor, by gains: Tensor) -> Tensor {
    let along = gains.matmul(bands).reshaped([pictures.shape[0], 1, size, size])
    return along.matmul(pictures).matmul(along.permuted([0, 1, 3, 2]))
  }

  /// The impulse response of each band, all equally long and symmetric.
  static let taps: [[Double]] = {
    let low = Wavelet.sym2
    let high = low.enumerated().map { $0.offset % 2 == 0 ? $0.element : -$0.element }
    // H(z) H(1/z) / 2: half of all frequencies, without a shift. Low and high add up to 1.
    func power(_ h: [Double]) -> [Double] { convolved(h, h.reversed()).map { $0 / 2 } }
    let (lowPower, highPower) = (power(low), power(high))
    /// The filter at a rate that is so many octaves lower.
    func spread(_ h: [Double], octaves: Int) -> [Double] {
      let step = 1 << octaves
      var result = [Double](repeating: 0, count: (h.count - 1) * step + 1)
      for (index, value) in h.enumerated() { result[index * step] = value }
      return result
    }
    let octaves = bandCount - 1
    /// What is below the upper edge after so many octaves were split off.
    func below(_ count: Int) -> [Double] {
      (0..<count).reduce([1]) { convolved($0, spread(lowPower, octaves: $1)) }
    }
    let bands =
      [below(octaves)]
      + (0..<octaves).reversed().map { convolved(below($0), spread(highPower, octaves: $0)) }
    let longest = bands.map(\.count).max() ?? 0
    return bands.map { band in
      let zeros = [Double](repeating: 0, count: (longest - band.count) / 2)
      return zeros + band + zeros
    }
  }()

  private static func convolved(_ a: [Double], _ b: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: a.count + b.count - 1)
    for (i, x) in a.enumerated() { for (j, y) in b.enumerated() { result[i + j] += x * y } }
    return result
  }
}

/// Daubechies' least asymmetric wavelets: low-pass filters, orthonormal to their even shifts.
enum Wavelet {
  /// Four taps, two vanishing moments: `(1 - √3, 3 - √3, 3 + √3, 1 + √3) / (4 √2)`.
  static let sym2: [Double] = {
    let (root, scale) = (3.0.squareRoot(), 4 * 2.0.squareRoot())
    return [1 - root, 3 - root, 3 + root, 1 + root].map { $0 / scale }
  }()

  /// Twelve taps, six vanishing moments; most of it is around the sixth.
  static let sym6 = [
    0.015404109327027373, 0.0034907120842174702, -0.11799011114819057, -0.048311742585633,
    0.4910559419267466, 0.787641141030194, 0.3379294217276218, -0.07263752278646252,
    -0.021060292512300564, 0.04472490177066578, 0.0017677118642428036, -0.007800708325034148,
  ]
}

/// A side of a picture that is mirrored at its first and last pixel, again and again.
struct Mirror {
  /// Pixels of the side.
  let size: Int

  init(_ size: Int) { self.size = size }

  /// After so many pixels everything comes again.
  var period: Int { max(1, 2 * (size - 1)) }

  /// The pixel that is seen at a position, which may lie outside.
  func pixel(_ position: Int) -> Int {
    let within = ((position % period) + period) % period
    return min(within, period - within)
  }
}
