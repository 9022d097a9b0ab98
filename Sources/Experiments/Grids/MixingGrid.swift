import GANs
import Torch

/// Styles of two pictures in one: rows give those of the coarse layers, columns those of the fine ones.
///
/// That is style mixing (Karras et al. 2019, section 3.1).
/// The pictures of both kinds themselves are the first column and the first row; the corner is black.
struct MixingGrid: GridPlan {
  let coarse: [UInt64]
  let fine: [UInt64]
  /// The first layer that takes the columns' styles.
  let crossover: Int

  var rows: Int { coarse.count + 1 }
  var columns: Int { fine.count + 1 }
  var caption: String {
    "rows: styles of layers 0 to \(crossover - 1); columns: of layers \(crossover) and up"
  }

  var parts: [GridPart] {
    let top = GridPart(
      cells: fine.indices.map { 1 + $0 }, styles: { [fine] in $0.layered(fine) })
    return [top]
      + coarse.enumerated().map { index, seed in
        let first = (index + 1) * columns
        return GridPart(
          cells: Array(first..<first + columns),
          styles: { [fine, crossover] styles in
            let (own, others) = (styles.w([seed]), styles.w(fine))
            let repeated = own.expanded([fine.count, own.shape[1]])
            return .concatenated([
              styles.generator.layered(own),
              styles.generator.layered(repeated, mixedWith: others, from: crossover),
            ])
          })
      }
  }
}
