import CTorch

extension Torch {
  /// Calls `body` for each of `0 ..< count` on the engine's threads, and waits.
  ///
  /// Use it for many parts whose operators are too small to be split among threads. The parts are
  /// distributed instead, and each operator runs on the thread of its part. A thread takes parts
  /// until none is left. The result of a part depends neither on its thread nor on ``threadCount``.
  ///
  /// - Parameters:
  ///   - count: how many parts.
  ///   - body: one part; it shares nothing with the others but what it only reads.
  public static func concurrently(_ count: Int, _ body: @Sendable (Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: Part(body: body)) { part in
        ct_concurrently(
          Int64(count),
          { context, index in
            context?.assumingMemoryBound(to: Part.self).pointee.body(Int(index))
          }, UnsafeMutableRawPointer(mutating: part))
      }
    }
  }

  /// The results of `body` for each of `0 ..< count`, in order, computed on the engine's threads.
  ///
  /// - Parameters:
  ///   - count: how many parts.
  ///   - body: one part; it shares nothing with the others but what it only reads.
  /// - Returns: the values of all parts.
  public static func concurrently<Value>(
    _ count: Int, _ body: @Sendable (Int) -> Value
  ) -> [Value] {
    [Value](unsafeUninitializedCapacity: count) { values, initializedCount in
      // Each part initialises its own element.
      nonisolated(unsafe) let slots = values
      concurrently(count) { index in slots.initializeElement(at: index, to: body(index)) }
      initializedCount = count
    }
  }

  /// Lowers ``threadCount`` to as many threads as the system lets this process start, and starts them.
  ///
  /// A limit on processes or on memory may refuse some, and OpenMP then ends the process at some operator.
  /// This is for commands, once they know how many threads they want.
  ///
  /// - Returns: how many threads were wanted, if there are fewer now.
  /// - Throws: ``TorchError`` if libtorch refuses the count.
  public static func startThreads() throws -> Int? {
    let wanted = threadCount
    let started = 1 + Int(ct_startable_threads(Int32(wanted - 1)))
    if started < wanted { try setThreadCount(started) }
    ct_start_team()
    return started < wanted ? wanted : nil
  }

  /// Has this thread, which is not the one that trains, compute without a team if none can be started.
  public static func settleThisThread() {
    let helpers = Int32(threadCount - 1)
    if ct_startable_threads(helpers) < helpers { ct_work_alone() }
  }

  private struct Part { let body: @Sendable (Int) -> Void }
}
