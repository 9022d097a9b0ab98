import CTorch
import Synchronization

extension Torch {
  /// Has a function end the process when memory is refused to something that cannot throw.
  ///
  /// That is operators, which would be unreadable if each could, and code of C++ on threads of its own.
  /// This is for commands; without it, such a process ends by a trap that names the operation.
  ///
  /// - Parameter end: is given what was under way, and does not return. There may be hardly any memory.
  public static func onOutOfMemory(_ end: @escaping @Sendable (_ work: String) -> Never) {
    ending.withLock { $0 = end }
    ct_on_unhandled_out_of_memory { Torch.endOutOfMemory("a thread of the engine") }
  }

  /// Ends the process.
  static func endOutOfMemory(_ work: String) -> Never {
    if let end = ending.withLock({ $0 }) { end(work) }
    fatalError("\(work): out of memory: \(String(cString: ct_last_error()))")
  }

  private static let ending = Mutex<(@Sendable (String) -> Never)?>(nil)
}
