import Foundation
import Synchronization

/// Turns Ctrl-C into a flag that loops check, so that a run ends with a snapshot.
///
///     InterruptFlag.install()
///     while iteration < total, !InterruptFlag.isRaised { ... }
///
/// The first interrupt (SIGINT, or SIGTERM from a scheduler) raises the flag and says so on standard
/// error; the second ends the process at once with code 128 + signal: 130 for Ctrl-C.
///
/// Signals belong to a process, so the flag does: this is state that cannot be an argument.
public enum InterruptFlag {
  /// Whether the process was asked to stop.
  public static var isRaised: Bool { raisedSignal.load(ordering: .relaxed) != 0 }

  /// The exit code a command ends with after it stopped as asked, 130 for Ctrl-C; nil if it was not.
  public static var exitCode: Int32? {
    let signal = raisedSignal.load(ordering: .relaxed)
    return signal == 0 ? nil : 128 + signal
  }

  /// Starts to listen; calling it again does nothing more.
  ///
  /// A signal that is ignored already, as under `nohup`, stays ignored.
  public static func install() {
    // The handler may only touch what exists by then.
    _ = raisedSignal.load(ordering: .relaxed)
    _ = notice.utf8CodeUnitCount
    for number in [SIGINT, SIGTERM] {
      var action = sigaction()
      sigaction(number, nil, &action)
      #if canImport(Darwin)
        let isIgnored = unsafeBitCast(action.__sigaction_u.__sa_handler, to: Int.self) == 1
        action.__sigaction_u.__sa_handler = handle
      #else
        let isIgnored = unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
        action.__sigaction_handler.sa_handler = handle
      #endif
      guard !isIgnored else { continue }
      sigemptyset(&action.sa_mask)
      // Reads and writes under way go on instead of failing with EINTR.
      action.sa_flags = Int32(SA_RESTART)
      sigaction(number, &action, nil)
    }
  }

  /// Lowers the flag, for a process that goes on to other work, and for tests.
  public static func reset() { raisedSignal.store(0, ordering: .relaxed) }

  private static let notice: StaticString =
    "\nstopping after this iteration with a snapshot; once more to stop at once\n"
}

/// The signal that came first; zero while none came.
private let raisedSignal = Atomic<Int32>(0)

/// Runs inside a signal: nothing but atomics, `write` and `_exit` is safe here.
private func handle(_ signal: Int32) {
  let isFirst = raisedSignal.compareExchange(
    expected: 0, desired: signal, ordering: .relaxed
  ).exchanged
  guard isFirst else { _exit(128 + signal) }
  InterruptFlag.writeNotice()
}

extension InterruptFlag {
  fileprivate static func writeNotice() {
    _ = write(STDERR_FILENO, notice.utf8Start, notice.utf8CodeUnitCount)
  }
}
