import Foundation
import Torch

/// Random numbers for the changes of a batch, as many for each picture whatever happens to it.
struct RandomNumbers {
  /// Those of one picture.
  struct Own {
    fileprivate var uniforms: ArraySlice<Float>
    fileprivate var normals: ArraySlice<Float>

    /// A number in `0 ..< 1`.
    mutating func uniform() -> Double { Double(uniforms.removeFirst()) }
    /// A number in `-1 ..< 1`.
    mutating func signed() -> Double { uniform() * 2 - 1 }
    /// A standard normal number.
    mutating func normal() -> Double { Double(normals.removeFirst()) }
  }

  // As many as the changes of all groups take, and some in reserve.
  private static let (uniformCount, normalCount) = (40, 16)
  private var pictures: [Own]

  /// Draws for some pictures.
  init(_ count: Int, _ random: RandomGenerator) {
    let uniforms = random.uniform([count, Self.uniformCount]).array(of: Float.self)
    let normals = random.normal([count, Self.normalCount]).array(of: Float.self)
    pictures = (0..<count).map {
      Own(
        uniforms: uniforms[$0 * Self.uniformCount..<($0 + 1) * Self.uniformCount],
        normals: normals[$0 * Self.normalCount..<($0 + 1) * Self.normalCount])
    }
  }

  subscript(picture: Int) -> Own {
    get { pictures[picture] }
    set { pictures[picture] = newValue }
  }
}

extension PictureChange {
  /// Draws what happens to a picture, with the paper's distributions.
  ///
  /// The same numbers are used up whatever the probability is.
  ///
  /// - Parameters:
  ///   - groups: what may happen.
  ///   - probability: of each change.
  ///   - size: the side of the picture.
  ///   - numbers: random ones.
  init(
    of groups: Set<AugmentationGroup>, _ probability: Double, _ size: Int,
    _ numbers: inout RandomNumbers.Own
  ) {
    /// Whether the next change happens.
    func happens(_ own: Double? = nil) -> Bool { numbers.uniform() < own ?? probability }
    let side = Double(size)
    if groups.contains(.blit) {
      let mirrors = numbers.uniform() < 0.5
      if happens() { isMirrored = mirrors }
      let turns = Int(numbers.uniform() * 4)
      if happens() { quarterTurns = turns }
      let way = (x: numbers.signed() * 0.125, y: numbers.signed() * 0.125)
      if happens() { wholeShift = ((way.x * side).rounded(), (way.y * side).rounded()) }
    }
    if groups.contains(.geom) {
      let factor = exp2(numbers.normal() * 0.2)
      if happens() { scale = factor }
      // Two rotations, of which at least one happens with the probability of a change.
      let ofEach = 1 - (1 - probability).squareRoot()
      let angles = (numbers.signed() * .pi, numbers.signed() * .pi)
      if happens(ofEach) { turnBefore = angles.0 }
      let ratio = exp2(numbers.normal() * 0.2)
      if happens() { stretch = ratio }
      if happens(ofEach) { turnAfter = angles.1 }
      let way = (x: numbers.normal() * 0.125 * side, y: numbers.normal() * 0.125 * side)
      if happens() { shift = way }
    }
    if groups.contains(.color) {
      let added = numbers.normal() * 0.2
      if happens() { brightness = added }
      let factor = exp2(numbers.normal() * 0.5)
      if happens() { contrast = factor }
      let flips = numbers.uniform() < 0.5
      if happens() { flipsLuma = flips }
      let angle = numbers.signed() * .pi
      if happens() { hue = angle }
      let distance = exp2(numbers.normal())
      if happens() { saturation = distance }
    }
    if groups.contains(.filter) {
      for band in bands.indices {
        let factor = exp2(numbers.normal())
        if happens() { bands[band] = factor }
      }
    }
    if groups.contains(.noise) {
      let deviation = abs(numbers.normal()) * 0.1
      if happens() { noise = deviation }
    }
    if groups.contains(.cutout) {
      let centre = (x: numbers.uniform(), y: numbers.uniform())
      if happens() { (cutoutSize, cutoutCentre) = (0.5, centre) }
    }
  }
}
