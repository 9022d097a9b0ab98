import Evaluation
import GANs
import Torch

/// Pictures that pass a filter: as many are drawn as it takes.
final class FilteredPictures {
  typealias Batch = GenerationBatches.Batch

  private let filter: LatentFilter
  private let range: PixelRange
  /// Draws so many further pictures.
  private let draw: (Int) -> Batch
  /// What has passed and was not asked for yet.
  private var spare: [Batch] = []
  private var spareCount = 0
  private(set) var passed = 0
  private(set) var drawn = 0

  init(_ filter: LatentFilter, range: PixelRange, draw: @escaping (Int) -> Batch) {
    self.filter = filter
    self.range = range
    self.draw = draw
  }

  /// The next pictures that pass.
  ///
  /// - Parameter count: how many.
  /// - Returns: them, in the order of their latents.
  /// - Throws: ``GenerationError/nothingPasses(_:passed:drawn:)``.
  func next(_ count: Int) throws(GenerationError) -> Batch {
    let size = max(count, LatentFilter.mostDraws)
    while spareCount < count {
      guard drawn < LatentFilter.mostDraws * (passed + size) else {
        throw .nothingPasses(filter.concepts, passed: passed, drawn: drawn)
      }
      let batch = draw(size)
      drawn += size
      let places = filter.passing(batch.pictures, in: range)
      guard !places.isEmpty else { continue }
      passed += places.count
      spareCount += places.count
      spare.append((batch.w.gathered(places), batch.pictures.gathered(places)))
    }
    let all: Batch = (
      w: .concatenated(spare.map(\.w)), pictures: .concatenated(spare.map(\.pictures))
    )
    spare = [
      (all.w.sliced(count..<spareCount), all.pictures.sliced(count..<spareCount))
    ]
    spareCount -= count
    return (all.w.sliced(0..<count), all.pictures.sliced(0..<count))
  }
}
