import Foundation

/// The lines of a file of labels that are not empty, with their numbers from 1, one after another.
///
/// They are found when they are asked for: a damaged file of very many lines ends at the first that is
/// wrong, and takes no memory for the others.
struct NumberedLines: Sequence, IteratorProtocol {
  /// More bytes than any such file needs: ten times those of CelebA's attributes.
  private static let mostBytes = 1 << 28

  /// What follows the last line that was asked for; nil at the end.
  private var rest: Substring?
  private var number = 0

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - name: the file, in UTF-8, with or without a byte order mark.
  ///   - tree: where it lies.
  ///   - path: what errors call it.
  /// - Throws: ``DatasetError`` if it cannot be read, or is not UTF-8.
  init(reading name: String, in tree: any FileTree, named path: String) throws(DatasetError) {
    let bytes = try tree.bytes(
      of: PicturePath(name: Array(name.utf8)), named: path, atMost: Self.mostBytes)
    guard var text = String(bytes: bytes, encoding: .utf8) else {
      throw .invalidLabels(path: path, reason: "it is not UTF-8")
    }
    if text.hasPrefix("\u{feff}") { text.removeFirst() }
    rest = text[...]
  }

  /// The next line; `\n`, `\r\n` or `\r` ends it.
  mutating func next() -> (number: Int, text: Substring)? {
    let (newline, carriageReturn) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))
    while let text = rest {
      number += 1
      // Bytes, because looking for the ends of characters takes ten times as long.
      let bytes = text.utf8
      let end = bytes.firstIndex { $0 == newline || $0 == carriageReturn }
      rest = end.map { end in
        var start = bytes.index(after: end)
        if bytes[end] == carriageReturn, start < bytes.endIndex, bytes[start] == newline {
          start = bytes.index(after: start)
        }
        return text[start...]
      }
      let line = text[..<(end ?? text.endIndex)]
      if !line.allSatisfy(\.isWhitespace) { return (number, line) }
    }
    return nil
  }
}
