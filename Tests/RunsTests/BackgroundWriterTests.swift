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

  @Test func `R01 where no thread can be started the caller writes`() throws {
    let writer = BackgroundWriter(startingThreadsBy: { _ in false })
    let caller = pthread_self()
    let isCallers = Mutex(false)
    try writer.submit { isCallers.withLock { $0 = pthread_equal(pthread_self(), caller) != 0 } }
    #expect(isCallers.withLock { $0 })
    try writer.submit { throw Refusal(number: 1) }
    #expect(throws: Refusal(number: 1)) { try writer.finish() }
  }

  @Test func `R01 a thread of the writer's own is prepared first, the caller is not`() throws {
    let prepared = Mutex(0)
    let prepare: @Sendable () -> Void = { prepared.withLock { $0 += 1 } }
    let alone = BackgroundWriter(preparingThread: prepare, startingThreadsBy: { _ in false })
    try alone.submit {}
    #expect(prepared.withLock { $0 } == 0)
    let writer = BackgroundWriter(preparingThread: prepare)
    let seen = Mutex(0)
    try writer.submit { seen.withLock { $0 = prepared.withLock { $0 } } }
    try writer.finish()
    #expect(seen.withLock { $0 } == 1)
  }
}
