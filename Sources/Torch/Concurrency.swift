import CTorch

extension Torch {
  /// Calls `body` for each of `0 ..< count` on the engine's threads, and waits.
  ///
  /// For work of many parts whose operators are too small to be split among threads: here the parts
  /// are, and each operator runs on the thread of its part. A thread takes one part after the other
  /// until there are none; what a part computes depends neither on its thread nor on ``threadCount``.
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

  /// What `body` returns for each of `0 ..< count`, in order, computed on the engine's threads.
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

  private struct Part { let body: @Sendable (Int) -> Void }
}
