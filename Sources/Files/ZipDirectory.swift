/// The files of a zip archive, as the directory at its end lists them.
///
/// Stored and deflated entries are read, with zip64. Nothing is extracted: an entry is a range of the
/// archive's bytes, which the caller reads as it likes.
public struct ZipDirectory: Sendable {
  /// One file in the archive.
  public struct Entry: Sendable {
    /// Its path; bytes that are no UTF-8 are replaced.
    public let name: String
    /// Its path as it is written.
    public let nameBytes: [UInt8]
    /// How it is packed: 0 is stored, 8 is deflated.
    public let method: UInt16
    /// Whether a password is needed.
    public let isEncrypted: Bool
    /// CRC-32 of its content; 0 when the writer did not compute it, as torch does on demand.
    public let checksum: UInt32
    /// Its bytes in the archive.
    public let compressedCount: Int
    /// Its bytes when it is unpacked.
    public let count: Int
    /// Where its own header begins.
    public let headerOffset: Int
  }

  /// What reads bytes of the archive: where they begin, and how many.
  ///
  /// It is asked only for bytes that the archive has.
  public typealias Reading = (_ offset: Int, _ count: Int) throws(ZipError) -> [UInt8]

  /// In the order of the directory.
  public let entries: [Entry]

  /// Reads a directory.
  ///
  /// - Parameters:
  ///   - count: the archive's bytes.
  ///   - read: reads some of them.
  /// - Throws: ``ZipError``.
  public init(archiveOf count: Int, reading read: Reading) throws(ZipError) {
    let place = try Self.find(in: count, read)
    let bytes = try read(place.offset, place.size)
    var entries: [Entry] = []
    entries.reserveCapacity(place.count)
    var (offset, packedCount) = (0, 0)
    for _ in 0..<place.count {
      let entry = try Self.entry(of: bytes, at: &offset, directoryOffset: place.offset)
      // Entries that share their bytes would let a small archive hold, and take the time of, any number.
      packedCount += entry.compressedCount
      guard packedCount <= count else {
        throw .damaged(part: Self.part, problem: "lists more bytes than the archive has")
      }
      entries.append(entry)
    }
    self.entries = entries
  }
}

/// What is wrong with a zip archive; the caller names the file.
public enum ZipError: Error, Equatable {
  /// The archive ends inside `part`.
  case truncated(part: String)
  /// `part` contradicts the format; `problem` says how.
  case damaged(part: String, problem: String)
  /// `part` is well formed, and of a kind that is not read.
  case unsupported(part: String, what: String)
  /// The system refuses to read the archive; `reason` is its sentence.
  case unreadable(reason: String)
}

// MARK: - The entries' own bytes

extension ZipDirectory.Entry {
  /// Where the entry's bytes lie in the archive, packed as they are.
  ///
  /// - Parameters:
  ///   - count: the archive's bytes.
  ///   - read: reads some of them.
  /// - Returns: the range; within the archive.
  /// - Throws: ``ZipError``, also for an entry that is encrypted or packed in another way.
  public func range(
    inArchiveOf count: Int, reading read: ZipDirectory.Reading
  ) throws(ZipError) -> Range<Int> {
    guard !isEncrypted else {
      throw .unsupported(part: name, what: "it is encrypted; unpack and save it without")
    }
    guard method == 0 || method == 8 else {
      throw .unsupported(part: name, what: "zip compression method \(method)")
    }
    guard method != 0 || compressedCount == self.count else { throw damaged("has two sizes") }
    // The local header repeats the name; its lengths may differ from those of the directory.
    guard headerOffset >= 0, headerOffset <= count - 30,
      case let header = try read(headerOffset, 30),
      header.integer(at: 0, as: UInt32.self) == 0x0403_4B50,
      let nameCount = header.integer(at: 26, as: UInt16.self),
      let extraCount = header.integer(at: 28, as: UInt16.self)
    else { throw damaged("has no header where the directory says") }
    let start = headerOffset + 30 + Int(nameCount) + Int(extraCount)
    guard start <= count, compressedCount <= count - start else { throw .truncated(part: name) }
    return start..<start + compressedCount
  }

  /// The entry's content, of its bytes in the archive.
  ///
  /// - Parameter packed: the bytes of ``range(inArchiveOf:reading:)``.
  /// - Returns: the content, compared with its checksum.
  /// - Throws: ``ZipError``.
  public func content(of packed: [UInt8]) throws(ZipError) -> [UInt8] {
    var content = packed
    if method == 8 {
      guard Deflate.mayHold(count, packedInto: packed.count) else { throw damaged(Self.unfit) }
      var isWhole = false
      content = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        let target = UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count)
        isWhole = packed.withUnsafeBytes { Deflate.inflate($0, into: target) }
        filled = isWhole ? count : 0
      }
      guard isWhole else { throw damaged(Self.unfit) }
    }
    guard checksum == 0 || content.withUnsafeBytes({ CRC32.of($0) }) == checksum else {
      throw damaged("does not have the checksum it was written with")
    }
    return content
  }

  /// What is said of a stream that is damaged or of another length.
  public static let unfit = "cannot be decompressed"

  private func damaged(_ problem: String) -> ZipError {
    .damaged(part: "entry \(name)", problem: problem)
  }
}

// MARK: - The directory's bytes

extension ZipDirectory {
  private typealias Place = (offset: Int, size: Int, count: Int)

  private static let part = "the zip directory"

  /// Finds the directory through the end record, which is at the end of the archive.
  private static func find(in count: Int, _ read: Reading) throws(ZipError) -> Place {
    // 22 bytes and a comment of at most 65,535; before them the 20 bytes that lead to zip64's record.
    let start = max(0, count - 22 - 65_535 - 20)
    let tail = try read(start, count - start)
    var end = tail.count - 22
    let limit = max(0, tail.count - 22 - 65_535)
    while end >= limit, tail.integer(at: end, as: UInt32.self) != 0x0605_4B50 { end -= 1 }
    guard end >= limit, let entryCount = tail.integer(at: end + 10, as: UInt16.self),
      let size = tail.integer(at: end + 12, as: UInt32.self),
      let offset = tail.integer(at: end + 16, as: UInt32.self)
    else { throw .truncated(part: "the zip archive, whose directory at the end is missing") }
    guard entryCount == .max || size == .max || offset == .max else {
      return try checked((Int(offset), Int(size), Int(entryCount)), end: start + end)
    }
    guard tail.integer(at: end - 20, as: UInt32.self) == 0x0706_4B50,
      let record = tail.integer(at: end - 12, as: UInt64.self).flatMap(Int.init(exactly:)),
      record >= 0, record <= count - 56, case let wide = try read(record, 56),
      wide.integer(at: 0, as: UInt32.self) == 0x0606_4B50,
      let entryCount = wide.integer(at: 32, as: UInt64.self).flatMap(Int.init(exactly:)),
      let size = wide.integer(at: 40, as: UInt64.self).flatMap(Int.init(exactly:)),
      let offset = wide.integer(at: 48, as: UInt64.self).flatMap(Int.init(exactly:))
    else { throw .damaged(part: part, problem: "has no zip64 record where its end says") }
    return try checked((offset, size, entryCount), end: start + end)
  }

  private static func checked(_ place: Place, end: Int) throws(ZipError) -> Place {
    let (offset, size, count) = place
    guard offset <= end, size <= end - offset, count <= size / 46 else {
      throw .damaged(
        part: part, problem: "says \(count) entries in \(size) bytes at byte \(offset)")
    }
    return place
  }

  private static func entry(
    of bytes: [UInt8], at offset: inout Int, directoryOffset: Int
  ) throws(ZipError) -> Entry {
    func field<Value: FixedWidthInteger>(
      _ position: Int, _ type: Value.Type
    ) throws(ZipError) -> Int {
      guard let value = bytes.integer(at: offset + position, as: type) else {
        throw .truncated(part: part)
      }
      return Int(value)
    }
    guard try field(0, UInt32.self) == 0x0201_4B50 else {
      throw .damaged(part: part, problem: "has no entry at byte \(directoryOffset + offset)")
    }
    let nameEnd = offset + 46 + (try field(28, UInt16.self))
    let extraEnd = nameEnd + (try field(30, UInt16.self))
    guard extraEnd <= bytes.count else { throw .truncated(part: part) }
    let name = Array(bytes[offset + 46..<nameEnd])
    var sizes = [
      try field(24, UInt32.self), try field(20, UInt32.self), try field(42, UInt32.self),
    ]
    try widen(&sizes, with: Array(bytes[nameEnd..<extraEnd]))
    let entry = Entry(
      name: String(decoding: name, as: UTF8.self), nameBytes: name,
      method: UInt16(try field(10, UInt16.self)),
      isEncrypted: try field(8, UInt16.self) & 1 != 0, checksum: UInt32(try field(16, UInt32.self)),
      compressedCount: sizes[1], count: sizes[0], headerOffset: sizes[2])
    offset = extraEnd + (try field(32, UInt16.self))
    return entry
  }

  /// Replaces sizes of all ones by those of the zip64 field, which holds only these, in this order.
  private static func widen(_ sizes: inout [Int], with extra: [UInt8]) throws(ZipError) {
    guard sizes.contains(0xFFFF_FFFF) else { return }
    var position = 0
    while let identifier = extra.integer(at: position, as: UInt16.self),
      let count = extra.integer(at: position + 2, as: UInt16.self),
      position + 4 + Int(count) <= extra.count
    {
      let end = position + 4 + Int(count)
      if identifier == 1 {
        position += 4
        for index in sizes.indices where sizes[index] == 0xFFFF_FFFF && position + 8 <= end {
          guard let wide = extra.integer(at: position, as: UInt64.self),
            let size = Int(exactly: wide), size < 1 << 60
          else { throw .damaged(part: part, problem: "has an entry of an impossible size") }
          sizes[index] = size
          position += 8
        }
        return
      }
      position = end
    }
  }
}
