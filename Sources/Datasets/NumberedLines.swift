import Foundation

/// The lines of a file of labels that are not empty, with their numbers from 1.
enum NumberedLines {
  /// More bytes than any such file needs: ten times those of CelebA's attributes.
  private static let mostBytes = 1 << 28

  /// Reads a file.
  ///
  /// - Parameter url: the file, in UTF-8, with or without a byte order mark.
  /// - Returns: the lines, in order.
  /// - Throws: ``DatasetError`` if it cannot be read, or is not UTF-8.
  static func read(_ url: URL) throws(DatasetError) -> [(number: Int, text: Substring)] {
    let bytes = try readFile(Array(url.path.utf8CString), named: url.path, atMost: mostBytes)
    guard var text = String(bytes: bytes, encoding: .utf8) else {
      throw .invalidLabels(path: url.path, reason: "it is not UTF-8")
    }
    if text.hasPrefix("\u{feff}") { text.removeFirst() }
    return text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
      .map { ($0.offset + 1, $0.element) }.filter { !$0.1.allSatisfy(\.isWhitespace) }
  }
}
