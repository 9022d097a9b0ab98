import Dispatch
public import Foundation
import Synchronization
public import Torch

/// The PNG and JPEG files of a folder and its sub-folders.
public struct ImageFolder: Sendable {
  /// The folder.
  public let url: URL
  /// The pictures' paths, relative to the folder, sorted by class, then by path.
  public let paths: [String]
  /// The sub-folders as classes, if every picture lies in one.
  public let labels: Labels
  /// Files that are no pictures by their name.
  public let skippedCount: Int

  /// Lists a folder; reads no picture.
  ///
  /// Files ending in `.png`, `.jpg` or `.jpeg`, in any case, are pictures; others are counted, and
  /// hidden files and folders skipped. Where every picture lies in a sub-folder, the first level of
  /// sub-folders are the classes. Names that are all numbers from 0 to 999 are the classes' indices
  /// (so class 7 is digit 7 even if digit 3 is missing); other names are numbered in order.
  ///
  /// - Parameter url: the folder.
  /// - Throws: ``DatasetError`` if it cannot be read or holds no picture.
  public init(_ url: URL) throws(DatasetError) {
    let files = try PictureListing(of: url)
    guard !files.paths.isEmpty else {
      throw .nothingFound(
        path: url.path,
        expected: "PNG or JPEG files (.png, .jpg, .jpeg), in it or in one sub-folder per class; "
          + "other files found: \(files.skippedCount)")
    }
    self.init(url, files)
  }

  /// A folder that is listed already.
  init(_ url: URL, _ files: PictureListing) {
    self.url = url
    skippedCount = files.skippedCount
    let folders = files.paths.map { path in
      path.firstIndex(of: "/").map { String(path[..<$0]) }
    }
    guard !folders.contains(nil) else {
      paths = files.paths.sorted()
      labels = .none
      return
    }
    let names = Set(folders.compactMap(\.self)).sorted(by: ImageFolder.isBefore)
    let numbers = names.compactMap { name in
      Int(name).flatMap { (0..<1000).contains($0) && String($0) == name ? $0 : nil }
    }
    let isNumbered = numbers.count == names.count
    let classNames = isNumbered ? (0...(numbers.max() ?? 0)).map(String.init) : names
    let index = Dictionary(uniqueKeysWithValues: zip(classNames, classNames.indices))
    let labelled = zip(files.paths, folders)
      .map { (path: $0, label: $1.flatMap { index[$0] } ?? 0) }
      .sorted { ($0.label, $0.path) < ($1.label, $1.path) }
    paths = labelled.map(\.path)
    labels = .classes(labelled.map(\.label), names: classNames)
  }

  /// Numbers by value, then everything by its characters: the same on every machine.
  private static func isBefore(_ first: String, _ second: String) -> Bool {
    if let x = Int(first), let y = Int(second), x != y { return x < y }
    return first < second
  }
}

// MARK: - Reading

extension ImageFolder {
  /// Reads all pictures as squares of one size.
  ///
  /// Other shapes are cropped to the square in their centre, then resized with antialiasing. The
  /// result takes `count * channels * size * size` bytes and is not kept on disk; where that is more
  /// than allowed, and the request permits it, pictures are decoded when they are asked for.
  ///
  /// - Parameters:
  ///   - request: what is wanted; the size is the shorter side of the first picture unless it says
  ///     otherwise, and the channels are 3.
  ///   - split: for the record.
  ///   - threads: how many decode; no matter for the result.
  /// - Returns: the data set.
  /// - Throws: ``DatasetError``; a picture that cannot be read is named, the first one of several.
  public func read(
    _ request: DatasetRequest = DatasetRequest(), split: Dataset.Split = .train,
    threads: Int = Torch.threadCount
  ) throws(DatasetError) -> Dataset {
    let side: Int
    if let size = request.size {
      side = size
    } else {
      let first = try Image.read(url.appendingPathComponent(paths[0]))
      side = min(first.width, first.height)
    }
    let channels = request.channels ?? 3
    precondition(
      side > 0 && (channels == 1 || channels == 3), "pictures of \(side) x \(channels) channels")
    do {
      try request.requireMemory(
        count: paths.count, pixels: side * side, channels: channels, path: url.path)
    } catch {
      guard request.excess == .decodedOnDemand else { throw error }
      return try Dataset(
        DecodedPictures(
          self, size: side, channels: channels, memoryBytes: request.memoryLimitBytes,
          threads: threads),
        labels: labels, path: url.path, split: split, skippedCount: skippedCount)
    }
    let images = Tensor.zeros([paths.count, channels, side, side], scalarType: .uint8)
    // Our threads decode a group; libtorch, which has threads of its own, then resizes it.
    let groupCount = max(16, 8 * threads)
    for start in stride(from: 0, to: paths.count, by: groupCount) {
      let group = start..<min(start + groupCount, paths.count)
      images.sliced(group).copyInPlace(
        try squares(Array(group), size: side, channels: channels, threads: threads))
    }
    return Dataset(
      images: images, labels: labels, path: url.path, split: split, skippedCount: skippedCount)
  }

  /// Some pictures as squares of one size: `uint8`, `[positions.count, channels, size, size]`.
  func squares(
    _ positions: [Int], size: Int, channels: Int, threads: Int
  ) throws(DatasetError) -> Tensor {
    let squares = try decode(positions, threads: threads)
    return .concatenated(
      ImageFolder.batches(of: squares).map {
        PictureResizing.resized($0, size: size, channels: channels)
      })
  }

  /// The centre squares of some pictures, decoded on that many threads.
  private func decode(_ positions: [Int], threads: Int) throws(DatasetError) -> [Image] {
    let results = Mutex([Result<Image, DatasetError>?](repeating: nil, count: positions.count))
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: min(threads, positions.count)) { _ in
      while case let index = next.add(1, ordering: .relaxed).oldValue, index < positions.count {
        let file = url.appendingPathComponent(paths[positions[index]])
        let result: Result<Image, DatasetError>
        do throws(DatasetError) {
          result = .success(try Image.read(file).centerSquare())
        } catch {
          result = .failure(error)
        }
        results.withLock { $0[index] = result }
      }
    }
    var squares: [Image] = []
    // In order, so that of several broken pictures the first one is named on every run.
    for case let result? in results.withLock({ $0 }) { squares.append(try result.get()) }
    return squares
  }

  /// The most elements that are resized at once: as `float32` 8 MiB, which the allocator hands out
  /// again and again, where a larger block would come from the system each time.
  private static let batchElements = 2 << 20

  /// Neighbours of equal size and channels together, so that resizing them is one operation.
  private static func batches(of squares: [Image]) -> [Tensor] {
    var batches: [[Image]] = []
    for square in squares {
      if let last = batches.last?.last, last.width == square.width,
        last.channels == square.channels,
        ((batches.last?.count ?? 0) + 1) * square.pixels.count <= batchElements
      {
        batches[batches.count - 1].append(square)
      } else {
        batches.append([square])
      }
    }
    return batches.map { Tensor.concatenated($0.map(\.byteTensor)) }
  }
}

extension Image {
  /// The largest square around the centre; of two equally central ones, the upper left.
  ///
  /// - Returns: the square; the picture itself if it is one.
  public func centerSquare() -> Image {
    guard width != height else { return self }
    let side = min(width, height)
    let (left, top) = ((width - side) / 2, (height - side) / 2)
    var square: [UInt8] = []
    square.reserveCapacity(side * side * channels)
    for row in top..<top + side {
      let start = (row * width + left) * channels
      square.append(contentsOf: pixels[start..<start + side * channels])
    }
    return Image(width: side, height: side, channels: channels, pixels: square)
  }
}
