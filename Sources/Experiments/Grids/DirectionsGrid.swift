import GANs
import Torch

/// Pictures that are moved along directions of the style space: a row for each seed, from the farthest step
/// back to the farthest step forth; directions below one another.
struct DirectionsGrid: GridPlan {
  let directions: StyleDirections
  /// Which of them.
  let numbers: [Int]
  let seeds: [UInt64]
  /// The farthest step.
  let degree: Double
  /// Steps in a row, both ends included.
  let steps: Int

  var rows: Int { numbers.count * seeds.count }
  var columns: Int { steps }
  var caption: String {
    let whole = degrees.map { numberText(($0 * 100).rounded() / 100) }.joined(separator: ", ")
    return "columns: steps \(whole); rows: one for each seed, direction after direction"
  }

  private var degrees: [Double] {
    guard steps > 1 else { return [degree] }
    return (0..<steps).map { degree * (2 * Double($0) / Double(steps - 1) - 1) }
  }

  var parts: [GridPart] {
    numbers.enumerated().flatMap { block, number in
      seeds.enumerated().map { index, seed in
        let first = (block * seeds.count + index) * steps
        return GridPart(
          cells: Array(first..<first + steps),
          styles: { styles in
            let own = styles.w([seed])
            let repeated = styles.generator.layered(own.expanded([steps, own.shape[1]]))
            return directions.moved(repeated, along: number, by: degrees)
          })
      }
    }
  }
}
