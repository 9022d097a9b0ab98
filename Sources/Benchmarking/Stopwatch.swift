/// The one way in which benchmarks take times.
public enum Stopwatch {
  /// Milliseconds that one run of `body` takes.
  ///
  /// - Parameter body: the work.
  /// - Returns: the time.
  /// - Throws: what `body` throws.
  public static func milliseconds(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    return (ContinuousClock.now - start) / .milliseconds(1)
  }

  /// Runs every contender once per round, with another one first in each round.
  ///
  /// The speed of machines drifts, so only interleaved measurements can be compared. One round
  /// before the others is not counted, because libtorch plans its operators when it first meets
  /// them.
  ///
  /// - Parameters:
  ///   - rounds: how many count.
  ///   - contenders: what to measure; each returns the milliseconds it took.
  /// - Returns: a list of times for each contender, by round.
  /// - Throws: what a contender throws.
  public static func inTurns(
    _ rounds: Int, _ contenders: [() throws -> Double]
  ) throws -> [[Double]] {
    var times = [[Double]](repeating: [], count: contenders.count)
    for round in -1..<rounds {
      for turn in contenders.indices {
        let index = (turn + max(0, round)) % contenders.count
        let time = try contenders[index]()
        if round >= 0 { times[index].append(time) }
      }
    }
    return times
  }
}
