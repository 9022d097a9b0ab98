import CTorch

extension Torch {
  /// Calls `body` for each of `0 ..< count` on the engine's threads, and waits.
  ///
  /// For work of many parts whose operators are too small to be split among threads: here the parts
  /// are, and each operator runs on the thread of its part. Every thread takes a contiguous range in
  /// order, so results depend on ``threadCount`` alone.
  ///
  /// - Parameters:
  ///   - count: how many parts.
  ///   - body: one part; it shares nothing with the others but what it only reads.
  public static func concurrently(_ count: Int, _ body: @Sendable (Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      var part = Part(body: body)
      ct_concurrently(
        Int64(count),
        { context, index in
          context?.assumingMemoryBound(to: Part.self).pointee.body(Int(index))
        }, &part)
    }
  }

  private struct Part { let body: @Sendable (Int) -> Void }
}
