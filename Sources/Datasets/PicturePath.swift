import Foundation

/// A file's path below a folder.
///
/// File systems keep bytes, and archives of other systems leave names that are no UTF-8: the bytes find
/// the file, the text is for order and messages.
struct PicturePath: Hashable, Comparable {
  /// The path as text; bytes that are no UTF-8 are replaced.
  let text: String
  /// The bytes, where the text does not have them.
  private let bytes: [UInt8]?

  /// A path of one name.
  init(name: [UInt8]) {
    text = String(decoding: name, as: UTF8.self)
    bytes = text.utf8.elementsEqual(name) ? nil : name
  }

  private init(text: String, bytes: [UInt8]?) {
    self.text = text
    self.bytes = bytes
  }

  /// Whether the text has the bytes.
  var isText: Bool { bytes == nil }

  /// The bytes that the file system knows the path by.
  var fileBytes: [UInt8] { bytes ?? Array(text.utf8) }

  /// The path of a file in this folder.
  func appending(_ other: PicturePath) -> PicturePath {
    PicturePath(
      text: "\(text)/\(other.text)",
      bytes: isText && other.isText ? nil : fileBytes + [UInt8(ascii: "/")] + other.fileBytes)
  }

  /// The first folder of the path, and the path in it; nil if the file is in no folder.
  var parted: (folder: PicturePath, rest: PicturePath)? {
    guard let bytes else {
      return text.utf8.firstIndex(of: UInt8(ascii: "/")).map { slash in
        (
          PicturePath(text: String(text[..<slash]), bytes: nil),
          PicturePath(text: String(text[text.utf8.index(after: slash)...]), bytes: nil)
        )
      }
    }
    guard let slash = bytes.firstIndex(of: UInt8(ascii: "/")) else { return nil }
    return (
      PicturePath(name: Array(bytes[..<slash])), PicturePath(name: Array(bytes[(slash + 1)...]))
    )
  }

  /// What the path is below a folder; nil if it is not.
  func below(_ folder: PicturePath) -> PicturePath? {
    let (bytes, start) = (fileBytes, folder.fileBytes + [UInt8(ascii: "/")])
    guard bytes.count > start.count, bytes.starts(with: start) else { return nil }
    return PicturePath(name: Array(bytes[start.count...]))
  }

  /// The name of the file itself, as text.
  var fileName: String {
    text.lastIndex(of: "/").map { String(text[text.index(after: $0)...]) } ?? text
  }

  /// Whether the file, or a folder on the way to it, has a name that hides it.
  var isHidden: Bool { text.hasPrefix(".") || text.contains("/.") }

  /// Whether the file is a picture by its name.
  var isPicture: Bool {
    let lowercased = text.lowercased()
    return [".png", ".jpg", ".jpeg"].contains(where: lowercased.hasSuffix)
  }

  /// The file, for the system.
  ///
  /// - Parameter root: the folder that the path is below.
  /// - Returns: the bytes, ended by 0.
  func location(in root: URL) -> [CChar] {
    (Array(root.path.utf8) + [UInt8(ascii: "/")] + fileBytes + [0]).map(CChar.init(bitPattern:))
  }

  /// By text, and by bytes where the texts are equal in Unicode: the same on every machine.
  static func < (first: PicturePath, second: PicturePath) -> Bool {
    if first.text != second.text { return first.text < second.text }
    return first.fileBytes.lexicographicallyPrecedes(second.fileBytes)
  }

  static func == (first: PicturePath, second: PicturePath) -> Bool {
    first.fileBytes == second.fileBytes
  }

  func hash(into hasher: inout Hasher) { hasher.combine(fileBytes) }
}
