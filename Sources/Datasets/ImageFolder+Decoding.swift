import Foundation
import Synchronization
import Torch

extension ImageFolder {
  /// A picture on its way into memory.
  private enum Decoded: Sendable {
    /// The square of one that may be held whole; resized later, with its neighbours.
    case whole(Image)
    /// A larger one, in its last size.
    case resized(Tensor)
  }

  /// The most pixels of a picture that is held whole, 362 x 362: a group of them takes 25 MB.
  private static let mostPixelsHeld = 1 << 17

  /// What larger pictures may hold together while they are resized; one that needs more is alone then.
  private static let memoryOfLarge = 32 << 20

  /// Some pictures as squares of one size: `uint8`, `[positions.count, channels, size, size]`.
  func squares(
    _ positions: [Int], size: Int, channels: Int, threads: Int
  ) throws(DatasetError) -> Tensor {
    let pictures = try collected(
      decoded(positions, size: size, channels: channels, threads: threads))
    return .concatenated(Self.resized(pictures, size: size, channels: channels))
  }

  /// The same of those that can be read: a tensor for them in order, nil for each of the others.
  func squaresOfWhole(
    _ positions: [Int], size: Int, channels: Int, threads: Int
  ) throws(DatasetError) -> (squares: Tensor?, faults: [PictureFault?]) {
    var (pictures, faults) = ([Decoded](), [PictureFault?]())
    for result in decoded(positions, size: size, channels: channels, threads: threads) {
      switch result {
      case .success(let picture):
        pictures.append(picture)
        faults.append(nil)
      case .failure(let error):
        guard let fault = PictureFault(error, in: url.path) else { throw error }
        faults.append(fault)
      }
    }
    let squares = Self.resized(pictures, size: size, channels: channels)
    return (squares.isEmpty ? nil : .concatenated(squares), faults)
  }

  private func decoded(
    _ positions: [Int], size: Int, channels: Int, threads: Int
  ) -> [Result<Decoded, DatasetError>] {
    // The operators that resize a large picture stay on its thread: threads do not wait for each other.
    reading(positions, threads: threads) { reader, gate throws(DatasetError) in
      try Self.decoded(reader, size: size, channels: channels, gate)
    }
  }

  /// What some pictures give, one result for each, whatever thread made it.
  ///
  /// - Parameters:
  ///   - positions: of the pictures.
  ///   - threads: how many read; no matter for the results.
  ///   - body: reads one of them; the gate is for those that take much memory.
  /// - Returns: as many results.
  func reading<Value: Sendable>(
    _ positions: [Int], threads: Int,
    _ body: @Sendable (borrowing PictureReader, MemoryGate) throws(DatasetError) -> Value
  ) -> [Result<Value, DatasetError>] {
    let results = Mutex([Result<Value, DatasetError>?](repeating: nil, count: positions.count))
    let next = Atomic(0)
    let gate = MemoryGate(Self.memoryOfLarge)
    Torch.concurrently(min(threads, positions.count)) { _ in
      while case let index = next.add(1, ordering: .relaxed).oldValue, index < positions.count {
        let result: Result<Value, DatasetError>
        do throws(DatasetError) {
          result = .success(
            try reading(positions[index]) { reader throws(DatasetError) in
              try body(reader, gate)
            })
        } catch {
          result = .failure(error)
        }
        results.withLock { $0[index] = result }
      }
    }
    return results.withLock { $0.compactMap(\.self) }
  }

  private static func decoded(
    _ reader: borrowing PictureReader, size: Int, channels: Int, _ gate: MemoryGate
  ) throws(DatasetError) -> Decoded {
    guard reader.width * reader.height > mostPixelsHeld else {
      return .whole(try reader.centerSquare())
    }
    let cost = reader.squareBytes(size: size, channels: channels)
    gate.enter(cost)
    defer { gate.leave(cost) }
    return .resized(try reader.centerSquare(size: size, channels: channels))
  }

  /// The pictures, or one error for all that are broken: in order, so that every run names the same.
  private func collected(
    _ results: [Result<Decoded, DatasetError>]
  ) throws(DatasetError) -> [Decoded] {
    var (pictures, broken) = ([Decoded](), BrokenPictures(of: url.path))
    for result in results {
      switch result {
      case .success(let picture): pictures.append(picture)
      case .failure(let error): try broken.add(error)
      }
    }
    try broken.throwIfAny()
    return pictures
  }

  /// The most elements that are resized at once: as `float32` 8 MiB, which the allocator hands out
  /// again and again, where a larger block would come from the system each time.
  private static let batchElements = 2 << 20

  /// All pictures in their last size, neighbours of equal size and channels in one operation.
  private static func resized(_ pictures: [Decoded], size: Int, channels: Int) -> [Tensor] {
    var (tensors, batch) = ([Tensor](), [Image]())
    func flush() {
      guard !batch.isEmpty else { return }
      let bytes = Tensor.concatenated(batch.map(\.byteTensor))
      tensors.append(PictureResizing.resized(bytes, size: size, channels: channels))
      batch = []
    }
    for picture in pictures {
      switch picture {
      case .whole(let square):
        if let last = batch.last,
          last.width != square.width || last.channels != square.channels
            || (batch.count + 1) * square.pixels.count > batchElements
        {
          flush()
        }
        batch.append(square)
      case .resized(let tensor):
        flush()
        tensors.append(tensor)
      }
    }
    flush()
    return tensors
  }
}
