import Files
import Foundation

/// Opens a file, or says why it cannot be read.
///
/// - Parameters:
///   - location: its path, in the bytes that the file system knows it by, ended by 0.
///   - path: what errors call it.
/// - Returns: the file, open.
/// - Throws: ``DatasetError/notFound(path:)``, ``DatasetError/unreadable(path:reason:)``.
func openFile(_ location: [CChar], named path: String) throws(DatasetError) -> FileReader {
  guard access(location, F_OK) == 0 || errno != ENOENT else { throw .notFound(path: path) }
  do throws(FileError) {
    return try FileReader(opening: location, named: path)
  } catch {
    throw .unreadable(path: path, reason: error.reason)
  }
}

/// All of a file, or an error that names it.
///
/// - Parameters:
///   - location: its path, in the bytes that the file system knows it by, ended by 0.
///   - path: what errors call it.
///   - limit: a longer file is refused before memory is taken for it.
/// - Returns: the bytes.
/// - Throws: ``DatasetError``.
func readFile(
  _ location: [CChar], named path: String, atMost limit: Int
) throws(DatasetError) -> [UInt8] {
  let file = try openFile(location, named: path)
  guard file.length <= limit else {
    throw .unreadable(
      path: path, reason: "it has \(file.length) bytes, expected at most \(limit)")
  }
  do throws(FileError) {
    return try file.bytes(file.length)
  } catch {
    throw .unreadable(path: path, reason: error.reason)
  }
}
