import Foundation

/// The process's own treatment of its standard streams, for a command that owns its process.
public enum StandardStreams {
  /// Prepares the streams, before any file is opened.
  ///
  /// A stream that was closed is opened on the null device, so that no file gets its number by
  /// accident and is then written to. It is opened the wrong way round: who writes results to a closed
  /// standard output shall be told. A reader that has gone away, and a limit on the size of files,
  /// become errors of the write instead of the end of the process.
  public static func prepare() {
    for (descriptor, mode) in [
      (STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY),
    ] where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free number is this one, since those below it are open by now.
      _ = open("/dev/null", mode)
    }
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
  }
}

/// Results, which a command was asked for: a failed write is an error.
public enum StandardOutput {
  /// Writes a page: a table, JSON.
  ///
  /// - Parameter page: See ``ShownText/page(_:)``; a line end is added.
  /// - Throws: ``StandardOutputError``.
  public static func print(_ page: String) throws(StandardOutputError) {
    try write(ShownText.page(page) + "\n")
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

/// Progress, notes and errors, which are said beside the results.
///
/// It is best effort. A log on a full disk, a reader that has gone, a pipe that nobody empties: none of
/// them stops a run or makes it wait.
public enum StandardError {
  /// How many milliseconds a full pipe may take to have room for an error or a note.
  public static let patience: Int32 = 1000

  /// Writes a sentence on a line of its own.
  ///
  /// - Parameter sentence: See ``ShownText/sentence(_:)``.
  public static func say(_ sentence: String) {
    write(ShownText.sentence(sentence) + "\n", waitingMilliseconds: patience)
  }

  /// Writes text as it is; what does not fit into a full pipe is left out.
  ///
  /// - Parameters:
  ///   - text: Line ends and controls included.
  ///   - milliseconds: How long a pipe that is full may take to have room again.
  public static func write(_ text: String, waitingMilliseconds milliseconds: Int32 = 0) {
    var text = text
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)[...]
      while !rest.isEmpty {
        var pipe = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
        guard poll(&pipe, 1, milliseconds) > 0 else { return }
        // A pipe that has room takes this much at once.
        let count = Foundation.write(
          STDERR_FILENO, UnsafeRawBufferPointer(rebasing: rest).baseAddress,
          min(rest.count, 4096))
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
      }
    }
  }
}
