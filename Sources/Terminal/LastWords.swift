import CTerminal
public import Foundation

/// What a process says when it has to end on the spot: a sentence, and no dump of its stack.
///
/// Memory is refused by the world: by a limit (`ulimit -v`, a container), or because there is none. That may
/// happen at any allocation, of which few can report it: Swift's own end the process by a trap, and
/// some code runs into a null pointer. So traps are listened to. If memory is short at that moment, a
/// sentence says so; if not, it is a mistake in code, and goes the way that it went before.
public enum LastWords {
  /// Prepares the process; SIGQUIT (Ctrl-\) ends it at once from here on, unless it is ignored.
  public static func prepare() { lw_listen() }

  /// Takes note of what the user may lower when there is no memory.
  ///
  /// - Parameter advice: Such as `lower --batch or --threads`.
  public static func advise(_ advice: String) { lw_keep_advice(": \(advice)") }

  /// Takes note of a snapshot that is being written, or was.
  ///
  /// Of the last two, the newest that is whole is named at the end.
  ///
  /// - Parameter file: Exists once it is whole.
  public static func remember(snapshot file: URL) {
    lw_keep_snapshot(file.path, ShownText.sentence(file.path))
  }

  /// Ends the process because it was refused memory.
  ///
  /// - Parameter operation: What was under way.
  public static func outOfMemory(in operation: String) -> Never {
    lw_end_out_of_memory(ShownText.sentence(operation))
  }
}
