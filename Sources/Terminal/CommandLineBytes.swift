import Foundation

/// What the system handed over as bytes, and Swift reads as text.
///
/// Swift replaces bytes that are not UTF-8 without a word, and a file would get another name than the
/// one that was asked for.
public enum CommandLineBytes {
  /// Checks every argument, and the folder that relative paths start from.
  ///
  /// - Throws: ``NotUTF8`` for the first that is not UTF-8.
  public static func requireUTF8() throws(NotUTF8) {
    for position in 1..<max(1, Int(CommandLine.argc)) {
      guard let argument = CommandLine.unsafeArgv[position] else { continue }
      try requireUTF8(argument, .argument(position))
    }
    guard let folder = getcwd(nil, 0) else { return }
    defer { free(folder) }
    try requireUTF8(folder, .currentFolder)
  }

  static func requireUTF8(
    _ text: UnsafePointer<CChar>, _ place: NotUTF8.Place
  ) throws(NotUTF8) {
    guard String(validatingCString: text) == nil else { return }
    throw NotUTF8(
      place: place, bytes: UnsafeBufferPointer(start: text, count: strlen(text)).map(UInt8.init))
  }
}

/// Bytes that are no text.
public struct NotUTF8: Error, Equatable, CustomStringConvertible {
  /// Where they were found.
  public enum Place: Sendable, Equatable {
    /// An argument of the command, counted from 1.
    case argument(Int)
    /// The folder in which the command was started.
    case currentFolder
  }

  /// Where they were found.
  public let place: Place
  /// All bytes of the text.
  public let bytes: [UInt8]

  /// Names the place and the bytes around the first that does not fit.
  public var description: String {
    // What cannot be read becomes a replacement character, which is the first difference.
    let readable = zip(bytes, String(decoding: bytes, as: UTF8.self).utf8).prefix { $0 == $1 }.count
    let start = max(0, readable - 8)
    let shown = bytes[start...].prefix(24)
    let text = shown.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
    let around =
      (start > 0 ? "... " : "") + text + (start + shown.count < bytes.count ? " ..." : "")
    return switch place {
    case .argument(let position):
      "argument \(position) is not UTF-8 (bytes \(around)): give names in UTF-8, and rename the file if it is its name"
    case .currentFolder:
      "the path of the current folder is not UTF-8 (bytes \(around)): rename it, or start from another folder"
    }
  }
}
