import Foundation
import Synchronization

/// Turns a request to stop into a flag that loops check, so that a run ends with a snapshot.
///
///     InterruptFlag.install()
///     while iteration < total, !InterruptFlag.isRaised { ... }
///
/// The first request raises the flag and says so on standard error: Ctrl-C (SIGINT), SIGTERM, SIGUSR1 or
/// SIGUSR2 from a scheduler, SIGHUP when the terminal has gone. The next SIGINT or SIGTERM ends the
/// process at once with code 128 + signal: 130 for Ctrl-C. The others may come twice, as when shell and
/// system both tell that the terminal has gone, and mean no more the second time.
///
/// Signals belong to a process, so the flag does: this is state that cannot be an argument.
public enum InterruptFlag {
  /// The signals that ask a run to stop.
  public static let signals = [SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2]

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
    for number in signals { SignalHandler.install(handle, for: number, sparingIgnored: true) }
  }

  /// Lowers the flag, for a process that goes on to other work, and for tests.
  public static func reset() { raisedSignal.store(0, ordering: .relaxed) }

  private static let notice: StaticString =
    "\nstopping after this iteration with a snapshot; once more to stop at once\n"

  fileprivate static func writeNotice() { SignalHandler.write(notice) }
}

/// The signal that came first; zero while none came.
private let raisedSignal = Atomic<Int32>(0)

/// Runs inside a signal: nothing but atomics, `write` and `_exit` is safe here.
private func handle(_ signal: Int32) {
  let isFirst = raisedSignal.compareExchange(
    expected: 0, desired: signal, ordering: .relaxed
  ).exchanged
  if isFirst { return InterruptFlag.writeNotice() }
  if signal == SIGINT || signal == SIGTERM { _exit(128 + signal) }
}
