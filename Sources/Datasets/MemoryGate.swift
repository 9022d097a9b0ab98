import Foundation

/// Lets threads in as long as what they hold together stays within a limit.
final class MemoryGate: @unchecked Sendable {
  private let condition = NSCondition()
  private let limit: Int
  private var held = 0

  /// An open gate.
  ///
  /// - Parameter limit: in bytes.
  init(_ limit: Int) { self.limit = limit }

  /// Waits until there is room; what exceeds the limit alone is let in when nobody else is.
  ///
  /// - Parameter cost: in bytes.
  func enter(_ cost: Int) {
    condition.withLock {
      while held > 0, held + cost > limit { condition.wait() }
      held += cost
    }
  }

  /// Gives the room back.
  ///
  /// - Parameter cost: what was entered with.
  func leave(_ cost: Int) {
    condition.withLock {
      held -= cost
      condition.broadcast()
    }
  }
}
