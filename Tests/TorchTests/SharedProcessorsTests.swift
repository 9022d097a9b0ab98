import Foundation
import Synchronization
import Testing
import Torch

/// How the engine's threads wait where the cores are not theirs alone.
@Suite struct SharedProcessorsTests {
  #if os(Linux)
    @Test func `R15 threads wait asleep while others compute on the cores`() async throws {
      let isOver = Mutex(false)
      // Twice as many as cores, so that each waits for a core half of the time, whoever asks.
      for _ in 0..<2 * ProcessInfo.processInfo.activeProcessorCount {
        Thread.detachNewThread { while !isOver.withLock({ $0 }) {} }
      }
      defer { isOver.withLock { $0 = true } }

      Torch.shareProcessors()

      var looks = 0
      while !Torch.waitsAsleep, looks < 1000 {
        try await Task.sleep(for: .milliseconds(20))
        looks += 1
      }
      #expect(Torch.waitsAsleep)
    }
  #endif
}
