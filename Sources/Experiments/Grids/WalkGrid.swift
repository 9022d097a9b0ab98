import Foundation
import GANs
import Torch

/// The space in which a walk goes from one picture to the next.
public enum WalkSpace: String, Sendable, CaseIterable {
  /// In the latents, along great circles: where normal numbers of many dimensions lie.
  case z
  /// In the styles, along straight lines: pictures change more evenly.
  case w
}

/// What lies between the pictures of seeds: a row for each pair of seeds that follow one another; as an
/// animation, a walk through all of them and back to the first.
struct WalkGrid: MovingPlan {
  /// At least two.
  let seeds: [UInt64]
  /// Pictures from one seed to the next, both included.
  let steps: Int
  let space: WalkSpace

  var rows: Int { seeds.count - 1 }
  var columns: Int { steps }
  var caption: String { "rows: from each seed to the next one, in \(space.rawValue)" }

  var parts: [GridPart] {
    (0..<rows).map { row in
      GridPart(
        cells: Array(row * steps..<(row + 1) * steps),
        styles: { styles in
          .concatenated(
            (0..<steps).map { step in
              between(row, row + 1, Double(step) / Double(max(1, steps - 1)), styles)
            })
        })
    }
  }

  var frameCells: Int { 1 }
  var frameCaption: String { "through all seeds and back to the first, in \(space.rawValue)" }

  func frame(at time: Double) -> GridPart {
    let place = time * Double(seeds.count)
    let index = min(Int(place), seeds.count - 1)
    return GridPart(
      cells: [0],
      styles: { styles in
        between(index, (index + 1) % seeds.count, place - Double(index), styles)
      })
  }

  /// One style on the way from a seed to another.
  private func between(
    _ first: Int, _ second: Int, _ share: Double, _ styles: GridStyles
  ) -> Tensor {
    let pair = [seeds[first], seeds[second]]
    let w: Tensor
    switch space {
    case .w:
      let both = styles.w(pair)
      w = both.sliced(0..<1) * (1 - share) + both.sliced(1..<2) * share
    case .z:
      let configuration = styles.generator.configuration
      let both = LatentSource.latents(ofSeeds: pair, length: configuration.inputSize)
      w = styles.w(of: Self.onSphere(both, share, length: configuration.latentSize))
    }
    return styles.generator.layered(w)
  }

  /// A latent on the great circle through two others; numbers that tell a class go along a line.
  ///
  /// - Parameters:
  ///   - both: `[2, inputSize]`.
  ///   - share: of the way.
  ///   - length: of the latent itself.
  /// - Returns: `[1, inputSize]`.
  static func onSphere(_ both: Tensor, _ share: Double, length: Int) -> Tensor {
    let (first, second) = (both.sliced(0..<1), both.sliced(1..<2))
    let line = first * (1 - share) + second * share
    let (a, b) = (
      first.sliced(0..<length, dimension: 1), second.sliced(0..<length, dimension: 1)
    )
    func norm(_ x: Tensor) -> Double { x.to(.float64).square().sum().item().squareRoot() }
    let lengths = norm(a) * norm(b)
    let cosine = lengths > 0 ? (a.to(.float64) * b.to(.float64)).sum().item() / lengths : 1
    let angle = acos(max(-1, min(1, cosine)))
    // Where both point the same way, or opposite ways, no circle is meant.
    guard sin(angle) > 1e-6 else { return line }
    let arc =
      a * (sin((1 - share) * angle) / sin(angle)) + b * (sin(share * angle) / sin(angle))
    guard both.shape[1] > length else { return arc }
    return .concatenated(
      [arc, line.sliced(length..<both.shape[1], dimension: 1)], dimension: 1)
  }
}
