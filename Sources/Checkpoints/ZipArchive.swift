import Files

/// The entries of a zip archive, by name.
///
/// Reads what torch and its exporters write: stored and deflated entries, zip64. Nothing is
/// extracted; a stored entry is a slice of the mapped file.
struct ZipArchive: Sendable {
  typealias Entry = ZipDirectory.Entry

  let file: MappedFile
  /// In the order of the directory.
  let entries: [Entry]
  private let positions: [String: Int]

  init(_ file: MappedFile) throws {
    let entries = try Self.of(file) { () throws(ZipError) in
      try ZipDirectory(archiveOf: file.count, reading: Self.reading(file)).entries
    }
    var positions: [String: Int] = [:]
    for (index, entry) in entries.enumerated() {
      guard entry.name.utf8.elementsEqual(entry.nameBytes) else {
        throw file.damaged("the zip directory", "has an entry without a readable name")
      }
      guard positions.updateValue(index, forKey: entry.name) == nil else {
        throw file.damaged("the zip directory", "\(entry.name) is there twice")
      }
    }
    self.file = file
    self.entries = entries
    self.positions = positions
  }

  subscript(name: String) -> Entry? { positions[name].map { entries[$0] } }

  /// The content of an entry, compared with its checksum.
  func content(of entry: Entry) throws -> FileBytes {
    let range = try Self.of(file) { () throws(ZipError) in
      try entry.range(inArchiveOf: file.count, reading: Self.reading(file))
    }
    let raw = UnsafeRawBufferPointer(rebasing: file.bytes[range])
    var content = FileBytes(bytes: raw, owner: file)
    if entry.method == 8 {
      guard let inflated = InflatedBytes(raw, count: entry.count) else {
        throw file.damaged("entry \(entry.name)", Entry.unfit)
      }
      content = FileBytes(bytes: UnsafeRawBufferPointer(inflated.bytes), owner: inflated)
    }
    guard entry.checksum == 0 || Checksum.ofMany(content.bytes) == entry.checksum else {
      throw file.differsFromChecksum("entry \(entry.name)")
    }
    return content
  }

  private static func reading(_ file: MappedFile) -> ZipDirectory.Reading {
    { offset, count throws(ZipError) in
      guard let bytes = file.slice(at: offset, count: count) else {
        throw .truncated(part: "the zip archive")
      }
      return Array(bytes)
    }
  }

  /// What a part of the archive gives, or an error that names the file.
  private static func of<Value>(
    _ file: MappedFile, _ body: () throws(ZipError) -> Value
  ) throws(CheckpointError) -> Value {
    do throws(ZipError) {
      return try body()
    } catch {
      switch error {
      case .truncated(let part): throw file.truncated(in: part)
      case .damaged(let part, let problem): throw file.damaged(part, problem)
      case .unsupported(let part, let what):
        throw .unsupported(path: file.path, part: part, what: what)
      case .unreadable(let reason): throw .unreadable(path: file.path, reason: reason)
      }
    }
  }
}
