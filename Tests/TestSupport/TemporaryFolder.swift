public import Foundation

/// A folder of its own for a test, removed with the object.
public final class TemporaryFolder {
  /// The folder, without symbolic links in its path.
  public let url: URL

  /// Creates it among the system's temporary files.
  ///
  /// - Throws: what the file system says.
  public init() throws {
    url =
      FileManager.default.temporaryDirectory
      .appending(path: "lethe-tests-\(UUID().uuidString)").standardizedFileURL
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Writes a file, with the folders above it.
  ///
  /// - Parameters:
  ///   - bytes: its content.
  ///   - path: where, within the folder.
  /// - Returns: the file.
  /// - Throws: what the file system says.
  @discardableResult
  public func write(_ bytes: some Sequence<UInt8>, to path: String) throws -> URL {
    let file = url.appending(path: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
    return file
  }

  /// Everything below the folder, hidden files included, as sorted relative paths.
  public var contents: [String] {
    get throws { try FileManager.default.subpathsOfDirectory(atPath: url.path).sorted() }
  }
}
