import Dispatch
import Files
import Foundation
import Synchronization
import Torch

/// The PNG and JPEG files of a folder and its sub-folders.
public struct ImageFolder: Sendable {
  /// The folder.
  public let url: URL
  /// The pictures' paths, relative to the folder, sorted by class, then by path.
  public let paths: [String]
  /// The class of each picture, if every picture lies in a sub-folder.
  public let labels: [Int]?
  /// The sub-folders' names, in order; empty if there are no classes.
  public let classNames: [String]
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
    self.url = url
    var listing = Listing()
    try listing.add(url, under: "")
    guard !listing.paths.isEmpty else {
      throw .nothingFound(
        path: url.path,
        expected: "PNG or JPEG files (.png, .jpg, .jpeg), in it or in one sub-folder per class; "
          + "other files found: \(listing.skippedCount)")
    }
    skippedCount = listing.skippedCount

    let folders = listing.paths.map { path in
      path.firstIndex(of: "/").map { String(path[..<$0]) }
    }
    guard !folders.contains(nil) else {
      paths = listing.paths.sorted()
      labels = nil
      classNames = []
      return
    }
    let names = Set(folders.compactMap(\.self)).sorted(by: ImageFolder.isBefore)
    let numbers = names.compactMap { name in
      Int(name).flatMap { (0..<1000).contains($0) && String($0) == name ? $0 : nil }
    }
    let isNumbered = numbers.count == names.count
    let classNames = isNumbered ? (0...(numbers.max() ?? 0)).map(String.init) : names
    let index = Dictionary(uniqueKeysWithValues: zip(classNames, classNames.indices))
    let labelled = zip(listing.paths, folders)
      .map { (path: $0, label: $1.flatMap { index[$0] } ?? 0) }
      .sorted { ($0.label, $0.path) < ($1.label, $1.path) }
    self.classNames = classNames
    paths = labelled.map(\.path)
    labels = labelled.map(\.label)
  }

  /// Numbers by value, then everything by its characters: the same on every machine.
  private static func isBefore(_ first: String, _ second: String) -> Bool {
    if let x = Int(first), let y = Int(second), x != y { return x < y }
    return first < second
  }

  /// What walking over a folder has found.
  private struct Listing {
    var paths: [String] = []
    var skippedCount = 0
    /// Folders seen, so that a link to a folder above ends.
    private var visited: Set<String> = []

    mutating func add(_ folder: URL, under prefix: String) throws(DatasetError) {
      guard visited.insert(folder.resolvingSymlinksInPath().path).inserted else { return }
      let names: [String]
      do {
        names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      } catch {
        throw .unreadable(path: folder.path, reason: error.localizedDescription)
      }
      for name in names.sorted() {
        let lowercased = name.lowercased()
        if name.hasPrefix(".") {
          skippedCount += 1
        } else if [".png", ".jpg", ".jpeg"].contains(where: lowercased.hasSuffix) {
          paths.append(prefix + name)
        } else {
          let url = folder.appendingPathComponent(name)
          if url.fileKind == .folder {
            try add(url, under: prefix + name + "/")
          } else {
            skippedCount += 1
          }
        }
      }
    }
  }
}

// MARK: - Reading

extension ImageFolder {
  /// Reads all pictures into memory as squares of one size.
  ///
  /// Other shapes are cropped to the square in their centre, then resized with antialiasing. The
  /// result takes `count * channels * size * size` bytes and is not kept on disk.
  ///
  /// - Parameters:
  ///   - size: rows and columns; nil for the shorter side of the first picture.
  ///   - channels: 1 or 3.
  ///   - split: for the record.
  ///   - memoryLimitBytes: more is refused before anything is decoded.
  ///   - threads: how many decode; no matter for the result.
  /// - Returns: the data set.
  /// - Throws: ``DatasetError``; a picture that cannot be read is named, the first one of several.
  public func read(
    size: Int? = nil, channels: Int = 3, split: Dataset.Split = .train,
    memoryLimitBytes: Int = Dataset.defaultMemoryLimitBytes, threads: Int = Torch.threadCount
  ) throws(DatasetError) -> Dataset {
    let side: Int
    if let size {
      side = size
    } else {
      let first = try Image.read(url.appendingPathComponent(paths[0]))
      side = min(first.width, first.height)
    }
    precondition(
      side > 0 && (channels == 1 || channels == 3), "pictures of \(side) x \(channels) channels")
    let needed = paths.count.multipliedReportingOverflow(by: channels * side * side)
    guard !needed.overflow, needed.partialValue <= memoryLimitBytes else {
      throw .tooMuchMemory(
        path: url.path, neededBytes: needed.overflow ? Int.max : needed.partialValue,
        limitBytes: memoryLimitBytes)
    }
    let images = Tensor.zeros([paths.count, channels, side, side], scalarType: .uint8)
    // Our threads decode a group; libtorch, which has threads of its own, then resizes it.
    let groupCount = max(16, 8 * threads)
    for start in stride(from: 0, to: paths.count, by: groupCount) {
      let squares = try decode(start..<min(start + groupCount, paths.count), threads: threads)
      var position = start
      for batch in ImageFolder.batches(of: squares) {
        let end = position + batch.shape[0]
        images.sliced(position..<end).copyInPlace(
          PictureResizing.resized(batch, size: side, channels: channels))
        position = end
      }
    }
    return Dataset(
      images: images, labels: labels, classNames: classNames, path: url.path, split: split,
      skippedCount: skippedCount)
  }

  /// The centre squares of some pictures, decoded on that many threads.
  private func decode(_ range: Range<Int>, threads: Int) throws(DatasetError) -> [Image] {
    let results = Mutex([Result<Image, DatasetError>?](repeating: nil, count: range.count))
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: min(threads, range.count)) { _ in
      while case let index = next.add(1, ordering: .relaxed).oldValue, index < range.count {
        let file = url.appendingPathComponent(paths[range.lowerBound + index])
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
