import Foundation
import Testing

/// A program that a test has started.
///
/// `Process` keeps descriptors of every program that it has started; a thousand of them end the tests.
struct ChildProcess {
  /// Its number.
  let identifier: pid_t

  /// A program that could not be started.
  struct NotStarted: Error {
    let path: String
    let errorNumber: Int32
  }

  /// Starts a program with no signal blocked and no descriptor of the tests: a process inherits what the
  /// starting thread blocks, and tests run on threads that block all signals.
  ///
  /// - Parameters:
  ///   - executable: its file.
  ///   - arguments: what follows its name.
  ///   - environment: all its variables.
  ///   - folder: where it works.
  ///   - output: the file that gets its standard output; it is there already.
  ///   - errors: the file that gets its standard error; it is there already.
  /// - Throws: ``NotStarted``.
  init(
    _ executable: URL, _ arguments: [String], environment: [String: String], in folder: URL,
    output: URL, errors: URL
  ) throws {
    var (actions, attributes) = (posix_spawn_file_actions_t(), posix_spawnattr_t())
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, output.path, O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, errors.path, O_WRONLY, 0)
    for descriptor in Int32(3)..<256 {
      posix_spawn_file_actions_addclose(&actions, descriptor)
    }
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))

    // env changes the folder, which no action of POSIX does, and becomes the program.
    let starter = "/usr/bin/env"
    var words =
      ([starter, "--chdir=\(folder.path)", executable.path] + arguments).map { strdup($0) } + [nil]
    var variables = environment.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in words + variables { free(text) } }
    var started: pid_t = 0
    let result = posix_spawn(
      &started, starter, &actions, &attributes, &words, &variables)
    guard result == 0 else { throw NotStarted(path: starter, errorNumber: result) }
    identifier = started
  }

  /// Sends it a signal.
  func send(_ signal: Int32) { kill(identifier, signal) }

  /// Waits for its end.
  ///
  /// - Parameter seconds: how long; nil for as long as it takes.
  /// - Returns: its exit code, or the number of the signal that ended it; nil if it has not ended.
  func end(within seconds: Double? = nil) -> Int32? {
    let start = ContinuousClock.now
    var status: Int32 = 0
    while true {
      switch waitpid(identifier, &status, seconds == nil ? 0 : WNOHANG) {
      case identifier: return status & 0x7f == 0 ? (status >> 8) & 0xff : status & 0x7f
      case -1 where errno != EINTR: preconditionFailure("waitpid: \(errno)")
      default: break
      }
      if let seconds, (ContinuousClock.now - start) / .seconds(1) >= seconds { return nil }
      usleep(500)
    }
  }
}
