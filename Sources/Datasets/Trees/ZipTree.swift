import Files
import Foundation

/// A zip archive that packs a folder, or a folder in it.
///
/// Nothing is unpacked: a file's bytes are read when they are asked for, from any thread.
struct ZipTree: FileTree {
  private let archive: ZipFile
  /// The folder in the archive; nil for all of it.
  private let root: PicturePath?

  /// Opens an archive; a single folder around everything is passed over.
  ///
  /// - Parameter url: the archive.
  /// - Throws: ``DatasetError`` if it is damaged, or holds a path that leads out of it.
  init(_ url: URL) throws(DatasetError) {
    archive = try ZipFile(url)
    root = archive.wrapper
  }

  private init(_ archive: ZipFile, _ root: PicturePath) {
    self.archive = archive
    self.root = root
  }

  /// Whether a file is meant to be a zip archive: by its name, or by its first bytes.
  ///
  /// - Parameter url: a file.
  /// - Returns: true if so, also where it is damaged.
  static func isMeant(by url: URL) -> Bool {
    if url.pathExtension.lowercased() == "zip" { return true }
    guard let file = try? FileReader(opening: url), let start = try? file.bytes(at: 0, count: 4)
    else { return false }
    return ZipFile.starts.contains(start)
  }

  /// The pictures in it, and how many other files.
  var listing: PictureListing {
    var listing = PictureListing(self)
    for path in archive.paths {
      guard let path = root.map({ path.below($0) }) ?? path else { continue }
      listing.add(path)
    }
    return listing
  }

  func kind(of path: PicturePath) -> FileKind {
    archive.entry(root?.appending(path) ?? path) == nil ? .missing : .file
  }

  func bytes(
    of path: PicturePath, named name: String, atMost limit: Int
  ) throws(DatasetError) -> [UInt8] {
    try archive.bytes(of: root?.appending(path) ?? path, named: name, atMost: limit)
  }

  func tree(in folder: PicturePath) -> any FileTree {
    ZipTree(archive, root?.appending(folder) ?? folder)
  }
}

/// An open zip archive.
private final class ZipFile: Sendable {
  /// What the file starts with: an entry, or the end of an archive without any.
  static let starts: [[UInt8]] = [[0x50, 0x4B, 3, 4], [0x50, 0x4B, 5, 6]]

  private let file: FileReader
  private let entries: [PicturePath: ZipDirectory.Entry]
  /// The files' paths, in the order of the directory.
  let paths: [PicturePath]

  init(_ url: URL) throws(DatasetError) {
    let file = try openFile(Array(url.path.utf8CString), named: url.path)
    let start = try Self.result(url.path) { () throws(ZipError) in try Self.read(file, 0, 4) }
    guard Self.starts.contains(start) else {
      throw .damagedZip(
        path: url.path, reason: file.length < 4 ? "it has \(file.length) bytes" : "it is none")
    }
    let directory = try Self.result(url.path) { () throws(ZipError) in
      try ZipDirectory(archiveOf: file.length) { offset, count throws(ZipError) in
        try Self.read(file, offset, count)
      }
    }
    var (paths, entries) = ([PicturePath](), [PicturePath: ZipDirectory.Entry]())
    for entry in directory.entries where entry.nameBytes.last != UInt8(ascii: "/") {
      guard let path = Self.path(entry.nameBytes) else {
        throw .unsafePath(path: url.path, entry: entry.name)
      }
      guard entries.updateValue(entry, forKey: path) == nil else {
        throw .damagedZip(path: url.path, reason: "\(path.text) is in it twice")
      }
      paths.append(path)
    }
    self.file = file
    self.paths = paths
    self.entries = entries
  }

  func entry(_ path: PicturePath) -> ZipDirectory.Entry? { entries[path] }

  func bytes(
    of path: PicturePath, named name: String, atMost limit: Int
  ) throws(DatasetError) -> [UInt8] {
    guard let entry = entries[path] else { throw .notFound(path: name) }
    guard entry.count <= limit else {
      throw .unreadable(
        path: name, reason: "it has \(entry.count) bytes, expected at most \(limit)")
    }
    // PNG and JPEG are packed already; labels are text, which deflates to a twentieth.
    let range: Range<Int>
    do throws(ZipError) {
      // Within the archive: a number that is only said may be any.
      range = try entry.range(inArchiveOf: file.length) { offset, count throws(ZipError) in
        try Self.read(file, offset, count)
      }
    } catch {
      throw .unreadable(path: name, reason: Self.reason(error))
    }
    guard entry.count <= (16 << 20) + (path.isPicture ? 4 : 64) * range.count else {
      throw .unreadable(
        path: name,
        reason: "it says that \(range.count) bytes unpack to \(entry.count), as none do")
    }
    do throws(ZipError) {
      return try entry.content(of: try Self.read(file, range.lowerBound, range.count))
    } catch {
      throw .unreadable(path: name, reason: Self.reason(error))
    }
  }

  private static func read(
    _ file: borrowing FileReader, _ offset: Int, _ count: Int
  ) throws(ZipError) -> [UInt8] {
    let wanted = min(count, max(0, file.length - offset))
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try file.bytes(at: offset, count: wanted)
    } catch {
      throw .unreadable(reason: error.reason)
    }
    guard bytes.count == wanted else {
      throw .unreadable(reason: "the archive was shortened while it was in use")
    }
    return bytes
  }

  private static func result<Value>(
    _ path: String, _ body: () throws(ZipError) -> Value
  ) throws(DatasetError) -> Value {
    do throws(ZipError) {
      return try body()
    } catch {
      if case .unreadable(let reason) = error { throw .unreadable(path: path, reason: reason) }
      throw .damagedZip(path: path, reason: reason(error))
    }
  }

  /// What is wrong, in words.
  private static func reason(_ error: ZipError) -> String {
    switch error {
    case .truncated(let part): "the archive ends inside \(part)"
    case .damaged(let part, let problem):
      part.hasPrefix("entry ") ? "its entry in the archive \(problem)" : "\(part) \(problem)"
    case .unsupported(_, let what):
      what.hasPrefix("zip")
        ? "it is packed by \(what); pack the archive with stored or deflated files" : what
    case .unreadable(let reason): reason
    }
  }

  /// The path of an entry; nil for one that leads out of the archive.
  ///
  /// Some programs of Windows write `\` between folders.
  private static func path(_ bytes: [UInt8]) -> PicturePath? {
    let (slash, backslash) = (UInt8(ascii: "/"), UInt8(ascii: "\\"))
    let names = bytes.split(omittingEmptySubsequences: false) { $0 == slash || $0 == backslash }
    guard let first = names.first, !first.isEmpty, first.last != UInt8(ascii: ":"),
      !names.contains(where: { $0.elementsEqual("..".utf8) })
    else { return nil }
    let kept = names.filter { !$0.isEmpty && !$0.elementsEqual(".".utf8) }
    guard let head = kept.first else { return nil }
    return kept.dropFirst().reduce(PicturePath(name: Array(head))) {
      $0.appending(PicturePath(name: Array($1)))
    }
  }

  /// The one folder around everything, as `zip -r set.zip set` makes it; nil if there is none.
  ///
  /// A folder of pictures alone may be a class, and one of a part's name is that part.
  var wrapper: PicturePath? {
    let shown = paths.filter { !$0.isHidden }
    guard let folder = shown.first?.parted?.folder, !DatasetLocation.isPartName(folder.text),
      shown.allSatisfy({ $0.parted?.folder == folder })
    else { return nil }
    let inside = shown.compactMap { $0.parted?.rest }.filter { $0.parted == nil }
    let labels = [NVIDIAFolder.labelsName] + CelebAFolder.attributeNames
    let isClass =
      inside.contains(where: \.isPicture) && !inside.contains { labels.contains($0.text) }
    return isClass ? nil : folder
  }
}
