import Torch

/// The same latents on the way from one generator to another: a row for each seed, a column for each γ of
/// `θ(γ) = θ_N + γ (θ_G - θ_N)`, as in the paper's figure 1b.
struct InterpolationGrid: MovingPlan {
  let seeds: [UInt64]
  let gammas: [Double]

  var rows: Int { seeds.count }
  var columns: Int { gammas.count }
  var caption: String {
    "columns: gamma \(gammas.map(numberText).joined(separator: ", ")); rows: one for each seed"
  }

  var parts: [GridPart] {
    gammas.enumerated().map { column, gamma in
      GridPart(
        cells: seeds.indices.map { $0 * gammas.count + column }, gamma: gamma,
        styles: { [seeds] in $0.layered(seeds) })
    }
  }

  var frameCells: Int { seeds.count }
  var frameCaption: String {
    "gamma from \(numberText(gammas[0])) to \(numberText(gammas[gammas.count - 1])) and back; all seeds"
  }

  /// From the first γ to the last, and back again.
  func frame(at time: Double) -> GridPart {
    let there = time < 0.5 ? 2 * time : 2 - 2 * time
    let place = there * Double(gammas.count - 1)
    let index = min(Int(place), max(0, gammas.count - 2))
    let next = gammas[min(index + 1, gammas.count - 1)]
    return GridPart(
      cells: Array(seeds.indices),
      gamma: gammas[index] + (next - gammas[index]) * (place - Double(index)),
      styles: { [seeds] in $0.layered(seeds) })
  }
}

/// A number without digits that say nothing, such as `1` and `0.25`.
func numberText(_ number: Double) -> String {
  Int(exactly: number).map(String.init) ?? "\(number)"
}
