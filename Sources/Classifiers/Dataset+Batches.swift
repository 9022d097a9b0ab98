import Datasets
import Judging
import Torch

extension Dataset {
  /// What something says of each picture, in host memory; the pictures pass 256 at a time.
  ///
  /// - Parameters:
  ///   - columns: how many numbers it says of each.
  ///   - progress: called with the number of pictures done so far; may throw to stop.
  ///   - body: says it of pictures in 0 to 1, `[N, C, H, W]`; a row each.
  /// - Returns: `[count, columns]`, in the order of the pictures.
  /// - Throws: `DatasetError` if a picture can no longer be read; what `progress` throws.
  func mapped(
    columns: Int, progress: (Int) throws -> Void = { _ in }, _ body: (Tensor) -> Tensor
  ) throws -> Tensor {
    var rows: [Tensor] = []
    for start in stride(from: 0, to: count, by: 256) {
      let end = min(start + 256, count)
      rows.append(body(try batch(Array(start..<end), range: .zeroToOne)).to(.cpu))
      try progress(end)
    }
    return rows.isEmpty ? Tensor.zeros([0, columns]) : Tensor.concatenated(rows)
  }
}

extension Judge {
  /// How likely the judge holds every class or attribute, for each picture of a data set.
  ///
  /// - Parameters:
  ///   - dataset: pictures of any size.
  ///   - progress: called with the number judged so far; may throw to stop.
  /// - Returns: `[dataset.count, labels.names.count]`, in host memory.
  /// - Throws: `DatasetError` if a picture can no longer be read; what `progress` throws.
  func probabilities(
    of dataset: Dataset, progress: (Int) throws -> Void = { _ in }
  ) throws -> Tensor {
    try dataset.mapped(columns: labels.names.count, progress: progress) {
      judge($0, in: .zeroToOne).probabilities
    }
  }
}
