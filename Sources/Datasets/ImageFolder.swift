public import Foundation
public import Torch

/// The PNG and JPEG files of a folder and its sub-folders, or of an archive.
public struct ImageFolder: Sendable {
  /// The folder or the archive.
  public let url: URL
  /// The sub-folders as classes, if every picture lies in one.
  public let labels: Labels
  /// Pictures that lie in no sub-folder where others do, so that there are no classes.
  public let strays: [String]
  /// Files that are no pictures by their name.
  public let skipped: SkippedFiles
  /// What else a user should know of them.
  public let remarks: [String]
  /// The pictures' files, sorted by class, then by path.
  let files: [PicturePath]
  /// What reads the files.
  private let tree: any FileTree

  /// The pictures' paths, relative to the folder, sorted by class, then by path.
  public var paths: [String] { files.map(\.text) }

  /// Lists a folder; reads no picture.
  ///
  /// Files ending in `.png`, `.jpg` or `.jpeg`, in any case, are pictures; others are counted, and
  /// hidden files and folders skipped. Where every picture lies in a sub-folder, the first level of
  /// sub-folders are the classes. Names that are all numbers from 0 to 999 are the classes' indices
  /// (so class 7 is digit 7 even if digit 3 is missing); other names are numbered in order.
  ///
  /// - Parameter url: the folder.
  /// - Throws: ``DatasetError`` if it cannot be read, holds no picture, or has class folders that no
  ///   name tells apart.
  public init(_ url: URL) throws(DatasetError) {
    let files = try PictureListing(of: url)
    guard !files.paths.isEmpty else {
      throw .nothingFound(
        path: url.path,
        expected: "PNG or JPEG files (.png, .jpg, .jpeg), in it or in one sub-folder per class; "
          + "other files found: \(files.skipped.count)")
    }
    try self.init(url, files)
  }

  /// A folder that is listed already.
  init(_ url: URL, _ files: PictureListing) throws(DatasetError) {
    let folders = files.folders
    guard files.pathsInRoot.isEmpty else {
      self.init(
        url, files, files.paths.sorted(), .none,
        strays: folders.isEmpty ? [] : files.pathsInRoot.map(\.text))
      return
    }
    try Self.requireDistinct(folders, in: url)
    let names = folders.map(\.text).sorted(by: ImageFolder.isBefore)
    let numbers = names.compactMap { name in
      Int(name).flatMap { (0..<1000).contains($0) && String($0) == name ? $0 : nil }
    }
    let isNumbered = numbers.count == names.count
    let classNames = isNumbered ? (0...(numbers.max() ?? 0)).map(String.init) : names
    let index = Dictionary(uniqueKeysWithValues: zip(classNames, classNames.indices))
    let labelled = files.paths
      .map { (path: $0, label: $0.parted.flatMap { index[$0.folder.text] } ?? 0) }
      .sorted { $0.label != $1.label ? $0.label < $1.label : $0.path < $1.path }
    self.init(
      url, files, labelled.map(\.path), .classes(labelled.map(\.label), names: classNames))
  }

  /// The files of a listing with labels from elsewhere, in the order of their paths.
  init(_ url: URL, _ files: PictureListing, label: (String) -> Int, names: [String]?) {
    let paths = files.paths.sorted()
    self.init(url, files, paths, .numbered(paths.map { label($0.text) }, names: names))
  }

  /// The files of a listing with attributes from elsewhere, in the order of their paths.
  init(
    _ url: URL, _ files: PictureListing, attributes names: [String],
    row: (PicturePath) -> [Bool]
  ) {
    let paths = files.paths.sorted()
    self.init(url, files, paths, .attributes(paths.map(row), names: names))
  }

  /// The files of a listing without labels.
  init(unlabelled url: URL, _ files: PictureListing, remarks: [String] = []) {
    self.init(url, files, files.paths.sorted(), .none, remarks: remarks)
  }

  private init(
    _ url: URL, _ listing: PictureListing, _ files: [PicturePath], _ labels: Labels,
    strays: [String] = [], remarks: [String] = []
  ) {
    self.url = url
    self.files = files
    self.labels = labels
    self.strays = strays
    self.remarks = remarks
    skipped = listing.skipped
    tree = listing.tree
  }

  /// Refuses class folders whose names are no text, or one text in Unicode: no class would be merged,
  /// but nobody could ask for one of the two.
  private static func requireDistinct(
    _ folders: [PicturePath], in url: URL
  ) throws(DatasetError) {
    for folder in folders where !folder.isText {
      throw .classNameNotUTF8(path: url.path, bytes: folder.fileBytes)
    }
    for (folder, next) in zip(folders, folders.dropFirst()) where folder.text == next.text {
      throw .sameClassNames(path: url.path, name: folder.text)
    }
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
  ///   - split: for the record; nil where the folder has no parts.
  ///   - threads: how many decode; no matter for the result.
  /// - Returns: the data set.
  /// - Throws: ``DatasetError``; all pictures that cannot be read are counted, the first ones named.
  public func read(
    _ request: DatasetRequest = DatasetRequest(), split: Dataset.Split? = nil,
    threads: Int = Torch.threadCount
  ) throws(DatasetError) -> Dataset {
    let side = if let size = request.size { size } else { try firstSide() }
    let channels = request.channels ?? 3
    precondition(
      side > 0 && (channels == 1 || channels == 3), "pictures of \(side) x \(channels) channels")
    do {
      try request.requireMemory(
        count: files.count, pixels: side * side, channels: channels, path: url.path)
    } catch {
      guard request.excess == .decodedOnDemand else { throw error }
      return try Dataset(
        DecodedPictures(
          self, size: side, channels: channels, memoryBytes: request.memoryLimitBytes,
          threads: threads),
        labels: labels, path: url.path, split: split, skipped: skipped, strays: strays,
        remarks: remarks)
    }
    let images = Tensor.zeros([files.count, channels, side, side], scalarType: .uint8)
    var broken = BrokenPictures(of: url.path)
    // Our threads decode a group; libtorch, which has threads of its own, then resizes it.
    let groupCount = max(16, min(64, 8 * threads))
    for start in stride(from: 0, to: files.count, by: groupCount) {
      let group = start..<min(start + groupCount, files.count)
      do throws(DatasetError) {
        images.sliced(group).copyInPlace(
          try squares(Array(group), size: side, channels: channels, threads: threads))
      } catch {
        // The rest is decoded all the same, so that one answer names all that are broken.
        try broken.add(error)
      }
    }
    try broken.throwIfAny()
    return Dataset(
      images: images, labels: labels, path: url.path, split: split, skipped: skipped,
      strays: strays, remarks: remarks)
  }

  /// The shorter side of the first picture that can be read.
  private func firstSide() throws(DatasetError) -> Int {
    var broken = BrokenPictures(of: url.path)
    for position in files.indices {
      do throws(DatasetError) {
        return try reading(position) { reader in min(reader.width, reader.height) }
      } catch {
        try broken.add(error)
      }
    }
    try broken.throwIfAny()
    throw .empty(path: url.path)
  }

  /// Opens a picture for as long as `body` takes.
  func reading<Value>(
    _ position: Int, _ body: (borrowing PictureReader) throws(DatasetError) -> Value
  ) throws(DatasetError) -> Value {
    let file = files[position]
    let name = "\(url.path)/\(file.text)"
    let bytes = try tree.bytes(of: file, named: name, atMost: Image.mostBytes)
    return try PictureReader.reading(bytes, named: name, body)
  }
}
