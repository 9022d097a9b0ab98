import Foundation

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
