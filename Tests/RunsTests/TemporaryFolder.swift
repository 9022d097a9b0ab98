import Foundation

/// A folder of its own for a test, removed afterwards.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url =
      FileManager.default.temporaryDirectory
      .appending(path: "lethe-tests-\(UUID().uuidString)").standardizedFileURL
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Everything below the folder, hidden files included, as sorted relative paths.
  var contents: [String] {
    get throws { try FileManager.default.subpathsOfDirectory(atPath: url.path).sorted() }
  }
}
