/// The entries of a zip archive, by name.
///
/// Reads what torch and its exporters write: stored and deflated entries, zip64. Nothing is
/// extracted; a stored entry is a slice of the mapped file.
struct ZipArchive: Sendable {
  /// One file in the archive, as the central directory describes it.
  struct Entry: Sendable {
    let name: String
    let method: UInt16
    let isEncrypted: Bool
    /// 0 when the writer did not compute it, as torch does on demand.
    let checksum: UInt32
    let compressedCount: Int
    let count: Int
    let headerOffset: Int
  }

  let file: MappedFile
  /// In the order of the directory.
  let entries: [Entry]
  private let positions: [String: Int]

  init(_ file: MappedFile) throws {
    let directory = try Self.findDirectory(file)
    var entries: [Entry] = []
    var positions: [String: Int] = [:]
    var offset = directory.offset
    for _ in 0..<directory.count {
      let entry = try Self.readEntry(file, at: &offset)
      guard positions.updateValue(entries.count, forKey: entry.name) == nil else {
        throw file.damaged("the zip directory", "\(entry.name) is there twice")
      }
      entries.append(entry)
    }
    self.file = file
    self.entries = entries
    self.positions = positions
  }

  subscript(name: String) -> Entry? { positions[name].map { entries[$0] } }

  /// The content of an entry, compared with its checksum.
  func content(of entry: Entry) throws -> FileBytes {
    let raw = try rawBytes(of: entry)
    let content: FileBytes
    switch entry.method {
    case 0:
      guard entry.compressedCount == entry.count else { throw damaged(entry, "has two sizes") }
      content = FileBytes(bytes: raw, owner: file)
    case 8:
      guard let inflated = InflatedBytes(raw, count: entry.count) else {
        throw damaged(entry, "cannot be decompressed")
      }
      content = FileBytes(bytes: UnsafeRawBufferPointer(inflated.bytes), owner: inflated)
    default:
      throw CheckpointError.unsupported(
        path: file.path, part: entry.name, what: "zip compression method \(entry.method)")
    }
    guard entry.checksum == 0 || Checksum.ofMany(content.bytes) == entry.checksum else {
      throw file.differsFromChecksum("entry \(entry.name)")
    }
    return content
  }

  private func rawBytes(of entry: Entry) throws -> UnsafeRawBufferPointer {
    guard !entry.isEncrypted else {
      throw CheckpointError.unsupported(
        path: file.path, part: entry.name, what: "it is encrypted; unpack and save it without")
    }
    // The local header repeats the name; its lengths may differ from those of the directory.
    guard file.integer(at: entry.headerOffset, as: UInt32.self) == 0x0403_4B50,
      let nameCount = file.integer(at: entry.headerOffset + 26, as: UInt16.self),
      let extraCount = file.integer(at: entry.headerOffset + 28, as: UInt16.self)
    else { throw damaged(entry, "has no header where the directory says") }
    let start = entry.headerOffset + 30 + Int(nameCount) + Int(extraCount)
    guard let bytes = file.slice(at: start, count: entry.compressedCount) else {
      throw file.truncated(in: entry.name)
    }
    return bytes
  }

  private func damaged(_ entry: Entry, _ problem: String) -> CheckpointError {
    file.damaged("entry \(entry.name)", problem)
  }
}

// MARK: - Directory

extension ZipArchive {
  private static let part = "the zip directory"

  /// Finds the central directory through its end record, which is at the end of the file.
  private static func findDirectory(_ file: MappedFile) throws -> (offset: Int, count: Int) {
    // 22 bytes, and a comment of at most 65,535.
    var end = file.count - 22
    let limit = max(0, end - 65_535)
    while end >= limit, file.integer(at: end, as: UInt32.self) != 0x0605_4B50 { end -= 1 }
    guard end >= limit, let count = file.integer(at: end + 10, as: UInt16.self),
      let size = file.integer(at: end + 12, as: UInt32.self),
      let offset = file.integer(at: end + 16, as: UInt32.self)
    else { throw file.truncated(in: "the zip archive, whose directory at the end is missing") }
    guard count == .max || size == .max || offset == .max else {
      return try checked(file, offset: Int(offset), size: Int(size), count: Int(count), end: end)
    }
    guard file.integer(at: end - 20, as: UInt32.self) == 0x0706_4B50,
      let record = file.integer(at: end - 12, as: UInt64.self).flatMap(Int.init(exactly:)),
      file.integer(at: record, as: UInt32.self) == 0x0606_4B50,
      let count = file.integer(at: record + 32, as: UInt64.self).flatMap(Int.init(exactly:)),
      let size = file.integer(at: record + 40, as: UInt64.self).flatMap(Int.init(exactly:)),
      let offset = file.integer(at: record + 48, as: UInt64.self).flatMap(Int.init(exactly:))
    else { throw file.damaged(part, "has no zip64 record where its end says") }
    return try checked(file, offset: offset, size: size, count: count, end: end)
  }

  private static func checked(
    _ file: MappedFile, offset: Int, size: Int, count: Int, end: Int
  ) throws -> (offset: Int, count: Int) {
    guard offset <= end, size <= end - offset, count <= size / 46 else {
      throw file.damaged(part, "says \(count) entries in \(size) bytes at byte \(offset)")
    }
    return (offset, count)
  }

  private static func readEntry(_ file: MappedFile, at offset: inout Int) throws -> Entry {
    func field<Value: FixedWidthInteger>(_ position: Int, _ type: Value.Type) throws -> Int {
      guard let value = file.integer(at: offset + position, as: type) else {
        throw file.truncated(in: part)
      }
      return Int(value)
    }
    guard try field(0, UInt32.self) == 0x0201_4B50 else {
      throw file.damaged(part, "has no entry at byte \(offset)")
    }
    let nameCount = try field(28, UInt16.self)
    let extraCount = try field(30, UInt16.self)
    guard let nameBytes = file.slice(at: offset + 46, count: nameCount),
      let name = String(validating: nameBytes, as: UTF8.self),
      let extra = file.slice(at: offset + 46 + nameCount, count: extraCount)
    else { throw file.damaged(part, "has an entry without a readable name") }
    var sizes = [
      try field(24, UInt32.self), try field(20, UInt32.self), try field(42, UInt32.self),
    ]
    try widen(&sizes, with: extra, of: file)
    let entry = Entry(
      name: name, method: UInt16(try field(10, UInt16.self)),
      isEncrypted: try field(8, UInt16.self) & 1 != 0, checksum: UInt32(try field(16, UInt32.self)),
      compressedCount: sizes[1], count: sizes[0], headerOffset: sizes[2])
    offset += 46 + nameCount + extraCount + (try field(32, UInt16.self))
    return entry
  }

  /// Replaces sizes of all ones by those of the zip64 field, which holds only these, in this order.
  private static func widen(
    _ sizes: inout [Int], with extra: UnsafeRawBufferPointer, of file: MappedFile
  ) throws {
    guard sizes.contains(0xFFFF_FFFF) else { return }
    var rest = extra[...]
    while rest.count >= 4 {
      let base = UnsafeRawBufferPointer(rebasing: rest)
      let identifier = UInt16(littleEndian: base.loadUnaligned(as: UInt16.self))
      let count = Int(UInt16(littleEndian: base.loadUnaligned(fromByteOffset: 2, as: UInt16.self)))
      guard count <= rest.count - 4 else { break }
      if identifier == 1 {
        var field = rest.dropFirst(4).prefix(count)
        for index in sizes.indices where sizes[index] == 0xFFFF_FFFF && field.count >= 8 {
          let wide = UnsafeRawBufferPointer(rebasing: field).loadUnaligned(as: UInt64.self)
          guard let size = Int(exactly: UInt64(littleEndian: wide)), size < 1 << 60 else {
            throw file.damaged(part, "has an entry of an impossible size")
          }
          sizes[index] = size
          field = field.dropFirst(8)
        }
        return
      }
      rest = rest.dropFirst(4 + count)
    }
  }
}
