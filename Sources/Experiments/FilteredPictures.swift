import Evaluation
import GANs
import Torch

/// Pictures that pass a filter: as many are drawn as it takes.
final class FilteredPictures {
  typealias Batch = GenerationBatches.Batch

  private let filter: LatentFilter
  private let range: PixelRange
  /// How many are drawn at a time.
  private let size: Int
  /// Draws so many further pictures.
  private let draw: (Int) -> Batch
  /// What has passed and was not asked for yet.
  private var spare: [Batch] = []
  private var spareCount = 0
  private(set) var passed = 0
  private(set) var drawn = 0

  init(
    _ filter: LatentFilter, range: PixelRange, atOnce size: Int, draw: @escaping (Int) -> Batch
  ) {
    self.filter = filter
    self.size = size
    self.range = range
    self.draw = draw
  }

  /// The next pictures that pass.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - drew: called whenever some were drawn; may throw to stop.
  /// - Returns: them, in the order of their latents.
  /// - Throws: ``GenerationError/nothingPasses(_:passed:drawn:)``; what `drew` throws.
  func next(_ count: Int, _ drew: () throws -> Void) throws -> Batch {
    while spareCount < count {
      guard drawn < LatentFilter.mostDraws * (passed + size) else {
        throw GenerationError.nothingPasses(filter.concepts, passed: passed, drawn: drawn)
      }
      try drew()
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
