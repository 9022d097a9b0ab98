import Foundation

/// What is done to one picture, in the order in which the changes follow one another.
///
/// They are those of Karras et al. 2020, arXiv 2006.06676, appendix B. Each is nothing unless it is drawn.
/// Lengths are in pixels, angles in radians.
struct PictureChange: Equatable {
  // Pixel blitting.
  /// Mirrored, left to right.
  var isMirrored = false
  /// Turned by so many right angles.
  var quarterTurns = 0
  /// Shifted by whole pixels.
  var wholeShift = (x: 0.0, y: 0.0)

  // General geometry.
  /// Enlarged.
  var scale = 1.0
  /// Turned before it is stretched.
  var turnBefore = 0.0
  /// Stretched along x, and squeezed as much along y.
  var stretch = 1.0
  /// Turned after it is stretched.
  var turnAfter = 0.0
  /// Shifted by any length.
  var shift = (x: 0.0, y: 0.0)

  // Colours, of pictures in -1 to 1.
  /// Added to all values.
  var brightness = 0.0
  /// The factor of all values.
  var contrast = 1.0
  /// Light is dark and dark is light; hues stay.
  var flipsLuma = false
  /// Hues are turned around the grey axis.
  var hue = 0.0
  /// The factor of the distance from grey.
  var saturation = 1.0

  // Filters: the factor of each band of frequencies, lowest first, before they are balanced.
  var bands = [Double](repeating: 1, count: FilterBank.bandCount)

  // Corruptions.
  /// The standard deviation of the noise that is added.
  var noise = 0.0
  /// The side of the square that is left out, as a share of the picture's.
  var cutoutSize = 0.0
  /// Where its centre is, as a share of the picture's width and height.
  var cutoutCentre = (x: 0.5, y: 0.5)

  static func == (one: PictureChange, other: PictureChange) -> Bool { one.numbers == other.numbers }

  /// All constants.
  private var numbers: [Double] {
    [
      isMirrored ? 1 : 0, Double(quarterTurns), wholeShift.x, wholeShift.y, scale, turnBefore,
      stretch, turnAfter, shift.x, shift.y, brightness, contrast, flipsLuma ? 1 : 0, hue,
      saturation, noise, cutoutSize, cutoutSize > 0 ? cutoutCentre.x : 0,
      cutoutSize > 0 ? cutoutCentre.y : 0,
    ] + bands
  }

  /// Whether it leaves the picture as it is.
  var isNothing: Bool { self == PictureChange() }
}

// MARK: - Matrices

extension PictureChange {
  /// Where in the picture the values of the changed one come from: the inverse of all geometric changes.
  ///
  /// The coordinates are pixels from the picture's centre, x to the right and y down.
  ///
  /// - Returns: the rows of a 2x3 matrix, one after another.
  var inverseGeometry: [Double] {
    var inverse = PlaneMap()
    inverse.append(PlaneMap(scaleX: isMirrored ? -1 : 1, y: 1))
    inverse.append(PlaneMap(rotation: .pi / 2 * Double(quarterTurns)))
    inverse.append(PlaneMap(shiftX: -wholeShift.x, y: -wholeShift.y))
    inverse.append(PlaneMap(scaleX: 1 / scale, y: 1 / scale))
    inverse.append(PlaneMap(rotation: turnBefore))
    inverse.append(PlaneMap(scaleX: 1 / stretch, y: stretch))
    inverse.append(PlaneMap(rotation: turnAfter))
    inverse.append(PlaneMap(shiftX: -shift.x, y: -shift.y))
    return inverse.rows
  }

  /// The change of colours: a 3x3 matrix and what is added, as the rows of a 3x4 matrix.
  var colors: [Double] {
    var map = ColorMap()
    map.add(brightness)
    map.follow(alongGrey: contrast, around: contrast)
    // The reflection at the plane through black that grey is at right angles to.
    if flipsLuma { map.follow(alongGrey: -1, around: 1) }
    map.turn(hue)
    map.follow(alongGrey: 1, around: saturation)
    return map.rows
  }

  /// The factor of each band, so that a usual picture keeps its power.
  ///
  /// A band is balanced as soon as it is changed: each of the four is a change of its own.
  var bandGains: [Double] {
    var gains = [Double](repeating: 1, count: bands.count)
    for (index, factor) in bands.enumerated() {
      var own = [Double](repeating: 1, count: bands.count)
      own[index] = factor
      let power = zip(FilterBank.expectedPower, own).reduce(0) { $0 + $1.0 * $1.1 * $1.1 }
      for band in gains.indices { gains[band] *= own[band] / power.squareRoot() }
    }
    return gains
  }
}

/// An affine map of the plane.
private struct PlaneMap {
  // x' = a x + b y + p, y' = c x + d y + q.
  private var (a, b, p, c, d, q) = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)

  init() {}
  init(scaleX: Double, y: Double) { (a, d) = (scaleX, y) }
  init(shiftX: Double, y: Double) { (p, q) = (shiftX, y) }
  init(rotation: Double) {
    (a, b, c, d) = (cos(rotation), -sin(rotation), sin(rotation), cos(rotation))
  }

  /// Puts another map before this one.
  mutating func append(_ o: PlaneMap) {
    (a, b, p, c, d, q) = (
      a * o.a + b * o.c, a * o.b + b * o.d, a * o.p + b * o.q + p,
      c * o.a + d * o.c, c * o.b + d * o.d, c * o.p + d * o.q + q
    )
  }

  var rows: [Double] { [a, b, p, c, d, q] }
}

/// An affine map of colours that treats red, green and blue alike: it acts along the grey axis v = (1, 1, 1) / √3
/// and around it.
///
/// Such matrices are circulant, `L[i][j] = l[(j - i) mod 3]`, and so is each product of them.
private struct ColorMap {
  private var circulant = [1.0, 0, 0]
  private var offset = 0.0

  mutating func add(_ value: Double) { offset += value }

  /// Goes on with `alongGrey vvᵀ + around (I - vvᵀ)`.
  mutating func follow(alongGrey: Double, around: Double) {
    let mean = (alongGrey - around) / 3
    follow([mean + around, mean, mean])
  }

  /// Goes on with a rotation around the grey axis (Rodrigues' formula).
  mutating func turn(_ angle: Double) {
    let (mean, side) = ((1 - cos(angle)) / 3, sin(angle) / 3.0.squareRoot())
    follow([mean + cos(angle), mean - side, mean + side])
  }

  private mutating func follow(_ next: [Double]) {
    let former = circulant
    for k in 0..<3 { circulant[k] = (0..<3).reduce(0) { $0 + next[$1] * former[(k - $1 + 3) % 3] } }
    // What is added is grey, which only the sum of a row changes.
    offset *= next.reduce(0, +)
  }

  var rows: [Double] {
    (0..<3).flatMap { row in (0..<3).map { circulant[($0 - row + 3) % 3] } + [offset] }
  }
}
