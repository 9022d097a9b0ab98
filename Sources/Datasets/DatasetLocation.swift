import Files
public import Foundation

/// A file or folder that may hold a data set, and the part of it that is wanted.
///
/// A zip archive is as good as the folder that it packs.
public final class DatasetLocation {
  /// The file or folder.
  public let url: URL
  /// The part wanted.
  public let split: Dataset.Split
  /// Whether it is a folder.
  public let isFolder: Bool
  private let findings: Findings

  /// What has been found there so far, whichever part is wanted.
  private final class Findings {
    var listing: PictureListing?
    var archive: ZipTree?
    /// What formats made of files, by their paths.
    var contents: [String: Any] = [:]
  }

  /// A location that exists.
  ///
  /// - Parameters:
  ///   - url: the file or folder.
  ///   - split: the part wanted.
  /// - Throws: ``DatasetError/notFound(path:)``.
  public init(_ url: URL, split: Dataset.Split) throws(DatasetError) {
    let kind = url.fileKind
    guard kind != .missing else { throw .notFound(path: url.path) }
    self.url = url
    self.split = split
    isFolder = kind == .folder
    findings = Findings()
  }

  private init(_ other: DatasetLocation, _ split: Dataset.Split) {
    (url, isFolder, findings) = (other.url, other.isFolder, other.findings)
    self.split = split
  }

  /// The same place, where that part is wanted.
  ///
  /// What has been read there is not read again: folders, the directory of an archive, files of labels.
  ///
  /// - Parameter split: the part.
  /// - Returns: the location.
  public func part(_ split: Dataset.Split) -> DatasetLocation { DatasetLocation(self, split) }

  /// Whether it is a zip archive, whole or not.
  ///
  /// Asked of the file each time, which costs less than keeping the answer.
  public var isArchive: Bool { !isFolder && ZipTree.isMeant(by: url) }

  /// What reads the files of the folder or archive; nil where the location is neither.
  ///
  /// - Returns: the whole, whatever part is wanted.
  /// - Throws: ``DatasetError`` if the archive is damaged.
  func tree() throws(DatasetError) -> (any FileTree)? {
    if isFolder { return FolderTree(url) }
    if let archive = findings.archive { return archive }
    guard isArchive else { return nil }
    let tree = try ZipTree(url)
    findings.archive = tree
    return tree
  }

  /// What a format makes of a file there, made once for all who ask.
  ///
  /// - Parameters:
  ///   - path: of the file.
  ///   - read: reads it; what it throws is not kept.
  /// - Returns: what `read` returned the first time.
  /// - Throws: what `read` throws.
  func once<Content>(
    _ path: String, _ read: () throws(DatasetError) -> Content
  ) throws(DatasetError) -> Content {
    if let known = findings.contents[path], let content = known as? Content { return content }
    let content = try read()
    findings.contents[path] = content
    return content
  }

  /// The PNG and JPEG files of the part wanted, walked over once however many formats ask.
  ///
  /// If all sub-folders with pictures are named for parts (`train`, `test`, `val` ...), the files are
  /// those of the sub-folder of the part; else those of the folder itself, which then serves as either
  /// part.
  ///
  /// - Returns: the folder and its files; no files where the location is no folder and no archive.
  /// - Throws: ``DatasetError`` if the folder cannot be read, has the other part only, or holds parts
  ///   beside something else.
  func pictures() throws(DatasetError) -> (folder: URL, files: PictureListing) {
    let files = try listing()
    guard let parts = try parts(of: files) else { return (url, files) }
    guard let part = parts[split] else {
      throw .nothingFound(
        path: "\(url.path) (split \(split.rawValue))",
        expected: split == .train
          ? "a sub-folder train beside that of the test split"
          : "a sub-folder test or val beside that of the train split")
    }
    return (url.appendingPathComponent(part.text), files.part(part))
  }

  /// Whether the folder keeps train and test pictures apart in sub-folders.
  ///
  /// - Returns: true if so.
  /// - Throws: ``DatasetError`` if it cannot be read, or holds parts beside something else.
  func hasParts() throws(DatasetError) -> Bool { try parts(of: listing()) != nil }

  /// The part that a data set read here is of; nil where the folder is one whole.
  func readSplit() throws(DatasetError) -> Dataset.Split? { try hasParts() ? split : nil }

  /// The PNG and JPEG files of all parts; none where the location is no folder and no archive.
  func listing() throws(DatasetError) -> PictureListing {
    if let listing = findings.listing { return listing }
    let found: PictureListing
    if isFolder {
      found = try PictureListing(of: url)
    } else if let archive = try tree() as? ZipTree {
      found = archive.listing
    } else {
      found = PictureListing(FolderTree(url))
    }
    findings.listing = found
    return found
  }

  /// The names of sub-folders that hold a part, the first of each part before others.
  private static let partNames: [(name: String, split: Dataset.Split)] = [
    ("train", .train), ("training", .train), ("test", .test), ("testing", .test), ("val", .test),
    ("valid", .test), ("validation", .test),
  ]

  /// Whether a folder of that name holds a part, if its neighbours do.
  static func isPartName(_ name: String) -> Bool {
    partNames.contains { $0.name == name.lowercased() }
  }

  /// The sub-folders that hold parts; nil if the folder is one whole.
  private func parts(
    of files: PictureListing
  ) throws(DatasetError) -> [Dataset.Split: PicturePath]? {
    let folders = files.folders
    var parts: [Dataset.Split: PicturePath] = [:]
    for (name, split) in Self.partNames where parts[split] == nil {
      parts[split] = folders.first { $0.text.lowercased() == name }
    }
    let others = folders.filter { !Self.isPartName($0.text) }
    // One of such a name among classes is a class: buses, cars and trains.
    if parts.isEmpty || (parts.count == 1 && !others.isEmpty) { return nil }
    let strangers = others + files.pathsInRoot
    guard strangers.isEmpty else {
      throw .ambiguousParts(
        path: url.path,
        parts: folders.map(\.text).filter(Self.isPartName),
        others: strangers.map(\.text))
    }
    return parts
  }
}
