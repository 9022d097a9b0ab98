import Foundation
import Synchronization
import Testing

@testable import Runs

@Suite struct BackgroundWriterTests {
  private struct Refusal: Error, Equatable { var number: Int }

  @Test func `a job runs beside its caller, and finishing waits for it`() throws {
    let writer = BackgroundWriter()
    let gate = DispatchSemaphore(value: 0)
    let isDone = Mutex(false)
    try writer.submit {
      gate.wait()
      isDone.withLock { $0 = true }
    }
    // Were the job run by its caller, nobody would open the gate.
    gate.signal()
    try writer.finish()
    #expect(isDone.withLock { $0 })
  }

  @Test func `never are two jobs under way, and they run in order`() throws {
    let writer = BackgroundWriter()
    let state = Mutex((running: 0, most: 0, order: [Int]()))
    for number in 0..<20 {
      try writer.submit {
        state.withLock {
          $0.running += 1
          $0.most = max($0.most, $0.running)
          $0.order.append(number)
        }
        usleep(500)
        state.withLock { $0.running -= 1 }
      }
    }
    try writer.finish()
    #expect(state.withLock { $0.most } == 1)
    #expect(state.withLock { $0.order } == Array(0..<20))
  }

  @Test func `an error is told once, to whoever comes next, and no later job runs before that`()
    throws
  {
    let writer = BackgroundWriter()
    let hasRun = Mutex(false)
    try writer.submit { throw Refusal(number: 1) }
    #expect(throws: Refusal(number: 1)) {
      try writer.submit { hasRun.withLock { $0 = true } }
    }
    #expect(!hasRun.withLock { $0 })
    try writer.finish()
    try writer.submit { throw Refusal(number: 2) }
    #expect(throws: Refusal(number: 2)) { try writer.finish() }
    try writer.check()
    try writer.submit { throw Refusal(number: 3) }
    #expect(throws: Refusal(number: 3)) { while true { try writer.check() } }
  }
}
