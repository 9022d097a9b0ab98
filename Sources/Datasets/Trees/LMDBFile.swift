import Files
import Foundation

/// The keys of an LMDB, and where their values lie; read only.
///
/// The file is a B+tree of pages, little-endian on all usual machines. Two meta pages at its start say
/// where the root is, the one with the larger transaction counts. A leaf holds keys with their values, or
/// with the number of the first of the pages that a larger value fills. Every number is compared with the
/// file's size, and no page is read twice, so a damaged file ends in an error:
///
///     page    number 8 | - 2 | flags 2 | lower 2, upper 2 (or 4: how many pages) | offsets of nodes, 2 each
///     node    low 2, high 2 (size of the value, or low half of a page) | flags 2 | size of key 2 | key | value
///     meta    page header 16 | magic 4 | version 4 | - 16 | free pages 48 | tree 48 | last page 8 | transaction 8
///     tree    - 4 (page size, in that of free pages) | flags 2 | depth 2 | - 24 | entries 8 | root 8
final class LMDBFile: Sendable {
  /// Where the bytes of a value lie in the file.
  struct Place: Sendable, Equatable {
    let offset: Int
    let count: Int
  }

  /// The database in a folder.
  static let fileName = "data.mdb"

  /// The keys in order, each with the place of its value.
  let entries: [(key: [UInt8], place: Place)]
  let path: String
  private let file: FileReader

  /// Reads all keys of a database.
  ///
  /// - Parameter url: the file.
  /// - Throws: ``DatasetError`` if it is no such file, damaged or cut short.
  init(_ url: URL) throws(DatasetError) {
    let file = try openFile(Array(url.path.utf8CString), named: url.path)
    var walk = try Walk(file, path: url.path)
    let entries = try walk.entries(of: file)
    self.entries = entries
    self.file = file
    path = url.path
  }

  /// Whether a file is an LMDB, by its first page, or shall be one by its name.
  ///
  /// - Parameter url: a file.
  /// - Returns: true if so, also where it is damaged.
  static func isMeant(by url: URL) -> Bool {
    if url.pathExtension.lowercased() == "mdb" { return true }
    guard let file = try? FileReader(opening: url),
      let start = try? file.bytes(at: Meta.offset, count: 4)
    else { return false }
    return start.integer(at: 0, as: UInt32.self) == Meta.magic
  }

  /// The bytes of a value.
  ///
  /// - Parameters:
  ///   - place: of ``entries``.
  ///   - name: what errors call it.
  /// - Returns: the bytes.
  /// - Throws: ``DatasetError`` if the system refuses, or the file became shorter.
  func bytes(at place: Place, named name: String) throws(DatasetError) -> [UInt8] {
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try file.bytes(at: place.offset, count: place.count)
    } catch {
      throw .unreadable(path: name, reason: error.reason)
    }
    guard bytes.count == place.count else {
      throw .unreadable(path: name, reason: "the LMDB was shortened while it was in use")
    }
    return bytes
  }
}

// MARK: - Pages

/// Numbers of a page.
private struct Page {
  let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func number<Value: FixedWidthInteger>(
    at offset: Int, as type: Value.Type
  ) throws(DamagedLMDB) -> Value {
    guard let number = bytes.integer(at: offset, as: type) else { throw .ends }
    return number
  }

  /// A number that may be larger than what a file can have; nil then.
  func count(at offset: Int) throws(DamagedLMDB) -> Int? {
    Int(exactly: try number(at: offset, as: UInt64.self)).flatMap { $0 < 1 << 48 ? $0 : nil }
  }

  func small(at offset: Int) throws(DamagedLMDB) -> Int {
    Int(try number(at: offset, as: UInt16.self))
  }
}

/// A meta page.
private struct Meta {
  static let magic: UInt32 = 0xBEEF_C0DE
  /// Where the magic number is, behind the header of the page.
  static let offset = 16
  /// The bytes of a page that say all.
  static let byteCount = 16 + 136

  let pageSize: Int
  let depth: Int
  let flags: Int
  let entryCount: Int
  /// nil for a tree without pages.
  let root: Int?
  let transaction: UInt64

  /// The reason why it is none, or the page.
  init(_ bytes: [UInt8], number: Int) throws(DamagedLMDB) {
    let page = Page(bytes)
    guard bytes.count == Self.byteCount else { throw .ends }
    let magic = try page.number(at: Self.offset, as: UInt32.self)
    guard magic == Self.magic else {
      throw DamagedLMDB(
        magic.byteSwapped == Self.magic
          ? "a big-endian machine wrote it"
          : "meta page \(number) has no magic number, so it is none or was cut short")
    }
    let version = try page.number(at: Self.offset + 4, as: UInt32.self)
    guard version == 1 else { throw DamagedLMDB("its version is \(version), expected 1") }
    pageSize = Int(try page.number(at: 40, as: UInt32.self))
    guard (256...65_536).contains(pageSize), pageSize.nonzeroBitCount == 1 else {
      throw DamagedLMDB("meta page \(number) says that pages have \(pageSize) bytes")
    }
    (flags, depth) = (try page.small(at: 92), try page.small(at: 94))
    let root = try page.number(at: 128, as: UInt64.self)
    guard let entryCount = try page.count(at: 120), depth <= Walk.mostDepth,
      root == .max || Int(exactly: root) != nil
    else { throw DamagedLMDB("meta page \(number) has impossible numbers") }
    self.entryCount = entryCount
    self.root = root == .max ? nil : Int(exactly: root)
    transaction = try page.number(at: 144, as: UInt64.self)
  }
}

/// Why a database cannot be read.
private struct DamagedLMDB: Error {
  let reason: String

  init(_ reason: String) { self.reason = reason }

  static let ends = DamagedLMDB("the file ends before its pages do: it was cut short")
}

/// A walk over the tree.
private struct Walk {
  /// LMDB's own limit of a cursor.
  static let mostDepth = 32
  /// LMDB's own limit, unless somebody builds it with another.
  private static let longestKey = 511

  private enum Flag {
    static let branch = 1
    static let leaf = 2
    static let overflow = 4
    /// Of a node: its value fills pages of its own.
    static let isLarge = 1
    /// Of a node: its value is a tree, or one of several.
    static let others = 2 | 4
  }

  private let path: String
  private let meta: Meta
  private let pageCount: Int
  private let length: Int
  private var visited: Set<Int> = []
  private var found: [(key: [UInt8], place: LMDBFile.Place)] = []
  /// What the keys and values found so far take of the file, if no two share any of it.
  private var takenCount = 0

  init(_ file: borrowing FileReader, path: String) throws(DatasetError) {
    do throws(DamagedLMDB) {
      let first = try Meta(Self.read(file, 0, Meta.byteCount), number: 0)
      let second = try Meta(Self.read(file, first.pageSize, Meta.byteCount), number: 1)
      guard first.pageSize == second.pageSize else {
        throw DamagedLMDB("its meta pages disagree about the size of pages")
      }
      meta = second.transaction > first.transaction ? second : first
    } catch {
      throw .damagedLMDB(path: path, reason: error.reason)
    }
    self.path = path
    length = file.length
    pageCount = file.length / meta.pageSize
    // A node of a leaf takes two bytes for its place and eight before its key.
    guard meta.entryCount <= file.length / 10 else {
      throw .damagedLMDB(
        path: path, reason: "it says that it has \(meta.entryCount) keys, more than it has room for"
      )
    }
  }

  /// All keys.
  mutating func entries(
    of file: borrowing FileReader
  ) throws(DatasetError) -> [(key: [UInt8], place: LMDBFile.Place)] {
    do throws(DamagedLMDB) {
      // Several values of a key: another program's database.
      guard meta.flags & 0x04 == 0 else { throw DamagedLMDB("its keys have several values each") }
      if let root = meta.root { try visit(root, depth: 1, of: file) }
      guard found.count == meta.entryCount else {
        throw DamagedLMDB("it says that it has \(meta.entryCount) keys, and has \(found.count)")
      }
    } catch {
      throw .damagedLMDB(path: path, reason: error.reason)
    }
    return found
  }

  private mutating func visit(
    _ number: Int, depth: Int, of file: borrowing FileReader
  ) throws(DamagedLMDB) {
    guard depth <= meta.depth else { throw damaged(number, "lies deeper than the tree") }
    let page = Page(try self.page(number, of: file))
    let (flags, lower) = (try page.small(at: 10), try page.small(at: 12))
    guard lower >= 16, lower <= meta.pageSize, lower % 2 == 0 else {
      throw damaged(number, "has impossible bounds")
    }
    for index in 0..<(lower - 16) / 2 {
      let start = try page.small(at: 16 + 2 * index)
      guard start >= lower, start <= meta.pageSize - 8 else {
        throw damaged(number, "has a node outside of it")
      }
      switch flags & (Flag.branch | Flag.leaf | Flag.overflow) {
      case Flag.branch:
        // 48 bits, in three parts.
        let child =
          try page.small(at: start) | page.small(at: start + 2) << 16
          | page.small(at: start + 4) << 32
        try visit(child, depth: depth + 1, of: file)
      case Flag.leaf where flags & 0x20 == 0:
        try add(page, start, page: number, of: file)
      default: throw damaged(number, "is neither a branch nor a leaf")
      }
    }
  }

  /// Adds a key of a leaf.
  private mutating func add(
    _ page: Page, _ start: Int, page number: Int, of file: borrowing FileReader
  ) throws(DamagedLMDB) {
    let count = try page.small(at: start) | page.small(at: start + 2) << 16
    let (flags, keyCount) = (try page.small(at: start + 4), try page.small(at: start + 6))
    let keyEnd = start + 8 + keyCount
    guard flags & Flag.others == 0 else { throw DamagedLMDB("it holds databases within it") }
    guard keyEnd <= meta.pageSize else { throw damaged(number, "has a key that leaves it") }
    guard keyCount <= Self.longestKey else {
      throw damaged(number, "has a key longer than LMDB allows")
    }
    guard found.count < meta.entryCount else {
      throw DamagedLMDB("it says that it has \(meta.entryCount) keys, and has more")
    }
    // Nodes that share their bytes would let a small file hold, and take the time of, any number.
    takenCount += 8 + keyCount + count
    guard takenCount <= length else {
      throw DamagedLMDB("its keys and values have more bytes than the file")
    }
    let key = Array(page.bytes[start + 8..<keyEnd])
    guard flags & Flag.isLarge != 0 else {
      guard count <= meta.pageSize - keyEnd else {
        throw damaged(number, "has a value that leaves it")
      }
      found.append((key, LMDBFile.Place(offset: number * meta.pageSize + keyEnd, count: count)))
      return
    }
    guard keyEnd <= meta.pageSize - 8, let first = try page.count(at: keyEnd) else {
      throw damaged(number, "has no page for a value")
    }
    let large = Page(try self.page(first, of: file))
    let pages = Int(try large.number(at: 12, as: UInt32.self))
    guard try large.small(at: 10) & Flag.overflow != 0, count <= pages * meta.pageSize - 16 else {
      throw damaged(first, "does not hold the value that it should")
    }
    let offset = first * meta.pageSize + 16
    guard count <= length - offset else { throw .ends }
    found.append((key, LMDBFile.Place(offset: offset, count: count)))
  }

  /// A page that nothing else led to.
  private mutating func page(
    _ number: Int, of file: borrowing FileReader
  ) throws(DamagedLMDB) -> [UInt8] {
    guard number >= 2 else { throw damaged(number, "is no page of data") }
    guard number < pageCount else { throw .ends }
    guard visited.insert(number).inserted else { throw damaged(number, "is used twice") }
    let bytes = Self.read(file, number * meta.pageSize, meta.pageSize)
    guard bytes.count == meta.pageSize else { throw .ends }
    guard try Page(bytes).count(at: 0) == number else {
      throw damaged(number, "has the number of another")
    }
    return bytes
  }

  private func damaged(_ number: Int, _ problem: String) -> DamagedLMDB {
    DamagedLMDB("page \(number) \(problem)")
  }

  /// Bytes of the file; fewer at its end, or where the disk fails.
  private static func read(
    _ file: borrowing FileReader, _ offset: Int, _ count: Int
  ) -> [UInt8] {
    (try? file.bytes(at: offset, count: count)) ?? []
  }
}
