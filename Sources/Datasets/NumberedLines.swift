import Foundation

/// The lines of a file of labels that are not empty, with their numbers from 1, one after another.
///
/// They are found when they are asked for: a damaged file of very many lines ends at the first that is
/// wrong, and takes no memory for the others.
struct NumberedLines: Sequence, IteratorProtocol {
  /// More bytes than any such file needs: ten times those of CelebA's attributes.
  private static let mostBytes = 1 << 28

  /// Valid UTF-8; as bytes, because 16 MiB of empty lines take 2 s as characters and 0.02 s as bytes.
  private let bytes: [UInt8]
  /// Where the next line begins; behind the end after the last.
  private var start = 0
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
    guard String(bytes: bytes, encoding: .utf8) != nil else {
      throw .invalidLabels(path: path, reason: "it is not UTF-8")
    }
    self.bytes = bytes
    if bytes.starts(with: "\u{feff}".utf8) { start = 3 }
  }

  /// The next line; `\n`, `\r\n` or `\r` ends it.
  mutating func next() -> (number: Int, text: String)? {
    let (newline, carriageReturn) = (UInt8(ascii: "\n"), UInt8(ascii: "\r"))
    while start < bytes.count {
      var end = start
      while end < bytes.count, bytes[end] != newline, bytes[end] != carriageReturn { end += 1 }
      let line = start..<end
      let isPair =
        end + 1 < bytes.count && bytes[end] == carriageReturn && bytes[end + 1] == newline
      start = end + (isPair ? 2 : 1)
      number += 1
      if line.isEmpty { continue }
      let text = String(decoding: bytes[line], as: UTF8.self)
      if !text.allSatisfy(\.isWhitespace) { return (number, text) }
    }
    return nil
  }
}
