import Foundation

/// The lines of a file of labels that are not empty, with their numbers from 1.
enum NumberedLines {
  /// More bytes than any such file needs: ten times those of CelebA's attributes.
  private static let mostBytes = 1 << 28

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - name: the file, in UTF-8, with or without a byte order mark.
  ///   - tree: where it lies.
  ///   - path: what errors call it.
  /// - Returns: the lines, in order.
  /// - Throws: ``DatasetError`` if it cannot be read, or is not UTF-8.
  static func read(
    _ name: String, in tree: any FileTree, named path: String
  ) throws(DatasetError) -> [(number: Int, text: Substring)] {
    let bytes = try tree.bytes(
      of: PicturePath(name: Array(name.utf8)), named: path, atMost: mostBytes)
    guard var text = String(bytes: bytes, encoding: .utf8) else {
      throw .invalidLabels(path: path, reason: "it is not UTF-8")
    }
    if text.hasPrefix("\u{feff}") { text.removeFirst() }
    return text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
      .map { ($0.offset + 1, $0.element) }.filter { !$0.1.allSatisfy(\.isWhitespace) }
  }
}
