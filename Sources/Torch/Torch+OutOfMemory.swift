import CTorch
import Synchronization

extension Torch {
  /// Has a function end the process when memory is refused to something that cannot throw.
  ///
  /// That is operators, which would be unreadable if each could, and code of C++ on threads of its own.
  /// This is for commands; without it, such a process ends by a trap that names the operation.
  ///
  /// - Parameter end: is given the operation, and does not return. There may be hardly any memory.
  public static func onOutOfMemory(_ end: @escaping @Sendable (_ operation: String) -> Never) {
    ending.withLock { $0 = end }
    ct_on_unhandled_out_of_memory { Torch.endOutOfMemory("an operator") }
  }

  /// Ends the process.
  static func endOutOfMemory(_ operation: String) -> Never {
    if let end = ending.withLock({ $0 }) { end(operation) }
    fatalError("\(operation): out of memory: \(String(cString: ct_last_error()))")
  }

  private static let ending = Mutex<(@Sendable (String) -> Never)?>(nil)
}
