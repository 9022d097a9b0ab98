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

  /// Whether a stream is a terminal that obeys controls, such as a return to the start of a line.
  ///
  /// - Parameter descriptor: The stream's number.
  /// - Returns: false for files, pipes, and where `TERM` is `dumb` or not set.
  static func isTerminal(_ descriptor: Int32) -> Bool {
    let term = ProcessInfo.processInfo.environment["TERM"] ?? ""
    return isatty(descriptor) == 1 && term != "dumb" && !term.isEmpty
  }
}
