import Files
import Foundation

/// The bytes of an IDX file one after another, unpacked where it is compressed.
final class IDXBytes {
  private let file: FileReader
  private let path: String
  /// What unpacks the file; nil where it is plain.
  private var gzip: GzipStream?
  /// What was read to see whether the file is compressed.
  private var start: [UInt8]

  /// No picture data are packed more tightly, or written more sparsely: MNIST is packed 5 to 1, a
  /// drawing of a few lines 30 to 1.
  private static let largestRatio = 100
  /// Smaller data may be as empty as they like.
  private static let alwaysAllowed = 64 << 20

  /// Opens a file.
  ///
  /// - Parameter url: the file.
  /// - Throws: ``DatasetError`` if it cannot be read.
  init(_ url: URL) throws(DatasetError) {
    path = url.path
    file = try openFile(Array(url.path.utf8CString), named: url.path)
    start = []
    start = try plain(2)
    guard start == [0x1f, 0x8b] else { return }
    gzip = try GzipStream(path: path)
  }

  /// The next bytes.
  ///
  /// - Parameter count: how many are wanted.
  /// - Returns: as many, or fewer at the end.
  /// - Throws: ``DatasetError`` if the file cannot be read or unpacked.
  func next(_ count: Int) throws(DatasetError) -> [UInt8] {
    guard let gzip else { return try plain(count) }
    return try gzip.next(count) { most throws(DatasetError) in try self.plain(most) }
  }

  /// Refuses a file that cannot hold so many bytes, before memory is taken for them.
  ///
  /// - Parameters:
  ///   - count: how many its header asks for.
  ///   - headerSize: how long that is.
  ///   - misfit: the error for a file of another length.
  /// - Throws: ``DatasetError``.
  func require(
    _ count: Int, after headerSize: Int, misfit: (String) -> DatasetError
  ) throws(DatasetError) {
    if gzip == nil, file.length - headerSize != count {
      throw misfit("\(file.length - headerSize)")
    }
    // Of a plain file the blocks on disk count: what was never written is not there.
    let onDisk = gzip == nil ? min(file.length, file.allocatedBytes) : file.length
    guard count <= Self.alwaysAllowed || count / Self.largestRatio <= onDisk else {
      throw .emptyIDX(path: path, bytes: count, onDisk: onDisk)
    }
  }

  /// How many bytes there are, in words.
  func lengthWords(after headerSize: Int) -> String {
    gzip == nil ? "\(file.length - headerSize)" : "\(file.length) compressed ones"
  }

  private func plain(_ count: Int) throws(DatasetError) -> [UInt8] {
    if !start.isEmpty {
      let taken = Array(start.prefix(count))
      start.removeFirst(taken.count)
      return taken.count == count ? taken : taken + (try plain(count - taken.count))
    }
    do throws(FileError) {
      return try file.bytes(count)
    } catch {
      throw .unreadable(path: path, reason: error.reason)
    }
  }
}
