import Foundation

/// The plumbing of signals: what the handlers of this target share.
enum SignalHandler {
  /// Has a function called when a signal comes.
  ///
  /// - Parameters:
  ///   - handler: May use nothing but what is safe inside a signal.
  ///   - number: The signal.
  ///   - isSparing: Whether a signal that is ignored stays ignored.
  /// - Returns: what was done about the signal before.
  @discardableResult
  static func install(
    _ handler: @escaping @convention(c) (Int32) -> Void, for number: Int32,
    sparingIgnored isSparing: Bool = false
  ) -> sigaction {
    var former = sigaction()
    sigaction(number, nil, &former)
    var action = sigaction()
    #if canImport(Darwin)
      let isIgnored = unsafeBitCast(former.__sigaction_u.__sa_handler, to: Int.self) == 1
      action.__sigaction_u.__sa_handler = handler
    #else
      let isIgnored = unsafeBitCast(former.__sigaction_handler.sa_handler, to: Int.self) == 1
      action.__sigaction_handler.sa_handler = handler
    #endif
    if isSparing, isIgnored { return former }
    sigemptyset(&action.sa_mask)
    // Reads and writes under way go on instead of failing with EINTR; a stack that has overflowed is
    // left for another, where there is one.
    action.sa_flags = Int32(SA_RESTART) | Int32(SA_ONSTACK)
    sigaction(number, &action, nil)
    return former
  }

  /// Writes to standard error from inside a signal, unless that would have to wait.
  static func write(_ text: StaticString) {
    write(UnsafeRawPointer(text.utf8Start), count: text.utf8CodeUnitCount)
  }

  /// Writes to standard error from inside a signal, unless that would have to wait.
  static func write(_ bytes: UnsafeRawPointer, count: Int) {
    var stream = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
    guard poll(&stream, 1, 0) > 0 else { return }
    _ = Foundation.write(STDERR_FILENO, bytes, count)
  }
}
