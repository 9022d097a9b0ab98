import Synchronization
import Torch

/// A folder's pictures, decoded when they are asked for: for sets that are larger than memory.
///
/// Each has the bytes that it has when all are read at once. Those decoded last stay in memory, up to a
/// limit; a picture that is asked for again after it had to go is decoded again.
final class DecodedPictures: PictureStore {
  private let folder: ImageFolder
  private let size: Int
  private let threads: Int
  /// How many pictures stay in memory.
  private let keptCount: Int
  private let kept = Mutex(Kept())

  let channels: Int
  var count: Int { folder.files.count }
  var height: Int { size }
  var width: Int { size }

  /// The pictures decoded last, and the order in which they came.
  private struct Kept {
    var pictures: [Int: Tensor] = [:]
    var order: [Int] = []
    /// How many of the order's first positions have gone.
    var gone = 0

    mutating func keep(_ picture: Tensor, at position: Int, atMost limit: Int) {
      guard limit > 0, pictures.updateValue(picture, forKey: position) == nil else { return }
      order.append(position)
      guard pictures.count > limit else { return }
      pictures[order[gone]] = nil
      gone += 1
      guard gone > limit else { return }
      order.removeFirst(gone)
      gone = 0
    }
  }

  /// - Parameters:
  ///   - folder: the pictures' files.
  ///   - size: rows and columns.
  ///   - channels: 1 or 3.
  ///   - memoryBytes: what pictures that stay in memory may take.
  ///   - threads: how many decode; no matter for the result.
  init(_ folder: ImageFolder, size: Int, channels: Int, memoryBytes: Int, threads: Int) {
    self.folder = folder
    self.size = size
    self.channels = channels
    self.threads = threads
    keptCount = memoryBytes / (channels * size * size)
  }

  func bytes(at positions: [Int]) throws(DatasetError) -> Tensor {
    var found = kept.withLock { kept in
      Dictionary(
        positions.compactMap { position in kept.pictures[position].map { (position, $0) } }
      ) { first, _ in first }
    }
    let missing = Set(positions).subtracting(found.keys).sorted()
    if !missing.isEmpty {
      let decoded = try folder.squares(missing, size: size, channels: channels, threads: threads)
      for (index, position) in missing.enumerated() {
        // A copy of its own: a slice would keep the whole batch in memory.
        let picture = decoded.sliced(index..<index + 1).clone()
        found[position] = picture
        kept.withLock { $0.keep(picture, at: position, atMost: keptCount) }
      }
    }
    return .concatenated(positions.compactMap { found[$0] })
  }
}
