import Foundation

/// Results, which a command was asked for: a failed write is an error.
public enum StandardOutput {
  /// Writes a page: a table, JSON.
  ///
  /// - Parameter page: See ``ShownText/page(_:)``; a line end is added.
  /// - Throws: ``StandardOutputError``.
  public static func print(_ page: String) throws(StandardOutputError) {
    try write(ShownText.page(page) + "\n")
  }

  /// Writes a page some of whose lines end in a mark, which are in colour where people see colours.
  ///
  /// - Parameters:
  ///   - page: See ``ShownText/page(_:)``; a line end is added.
  ///   - mark: A word that stands at the end of a line, after a blank.
  /// - Throws: ``StandardOutputError``.
  public static func print(_ page: String, colouring mark: String) throws(StandardOutputError) {
    guard takesColour else { return try print(page) }
    try write(ShownText.page(page, colouring: mark) + "\n")
  }

  /// Whether a person sees it on a terminal, and has not asked for no colours (<https://no-color.org>).
  private static var takesColour: Bool {
    StandardStreams.isTerminal(STDOUT_FILENO)
      && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
  }

  /// Writes a sentence on a line of its own.
  ///
  /// - Parameter sentence: See ``ShownText/sentence(_:)``.
  /// - Throws: ``StandardOutputError``.
  public static func say(_ sentence: String) throws(StandardOutputError) {
    try write(ShownText.sentence(sentence) + "\n")
  }

  /// Writes text as it is, all of it, however long the reader takes.
  ///
  /// - Parameter text: Without anything that others wrote.
  /// - Throws: ``StandardOutputError``.
  public static func write(_ text: String) throws(StandardOutputError) {
    var text = text
    let code = text.withUTF8 { write(UnsafeRawBufferPointer($0)) }
    if let code { throw StandardOutputError(code: code) }
  }

  /// The number of the error that stopped the bytes, if one did.
  private static func write(_ bytes: UnsafeRawBufferPointer) -> Int32? {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = Foundation.write(
        STDOUT_FILENO, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if count < 0, errno == EAGAIN {
        var waiting = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
        poll(&waiting, 1, -1)
      } else if count == 0 || errno != EINTR {
        return count == 0 ? ENOSPC : errno
      }
    }
    return nil
  }
}

/// Results that could not be written.
public struct StandardOutputError: Error, Equatable, CustomStringConvertible {
  /// The system's number of the error, such as `ENOSPC`.
  public let code: Int32

  /// An error of the system.
  ///
  /// - Parameter code: Its number.
  public init(code: Int32) { self.code = code }

  /// Whether whoever read the results has gone, as `head` does after ten lines; nobody needs to be
  /// told.
  public var isReaderGone: Bool { code == EPIPE }

  /// One sentence with the system's reason.
  public var description: String {
    "cannot write to standard output: \(String(cString: strerror(code)))"
  }
}
