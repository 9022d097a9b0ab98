import TestNetworks
import Testing
import Torch

@testable import Unlearning

/// A run ends early once the concepts stay away.
@Suite struct EarlyEndTests {
  private let world = TinyWorld()
  private let pictures = Tensor.zeros([4, 3, 8, 8])

  private func end(_ share: @escaping (Int) -> Double) -> EarlyEnd {
    var iteration = -1
    return EarlyEnd(
      patience: 5, target: 0.1, originalShare: 0.2,
      negatives: NegativeGauge { _ in
        iteration += 1
        return share(iteration)
      })
  }

  /// The iteration after which the end is settled; nil if it is not within a hundred.
  private func settled(_ end: EarlyEnd, from first: Int = 0) -> Int? {
    for iteration in first..<100 {
      _ = end.afterStep(world.generator, pictures: pictures, iteration: iteration)
      if end.isSettled { return iteration }
    }
    return nil
  }

  @Test func `it is settled once the target has held over as many iterations as patience lasts`() {
    #expect(settled(end { _ in 0 }) == 4)
    #expect(settled(end { _ in 0.2 }) == nil)
    // A tenth of what was, on average over five: one half of it in one of them.
    #expect(settled(end { $0 == 2 ? 0.1 : 0 }) == 4)
    #expect(settled(end { $0 == 2 ? 0.11 : 0 }) == 7)
    #expect(settled(end { $0 < 20 ? 0.2 : 0 }) == 24)
  }

  @Test func `it goes on from its state`() throws {
    let former = end { _ in 0 }
    for iteration in 0..<3 {
      _ = former.afterStep(world.generator, pictures: pictures, iteration: iteration)
    }
    let resumed = end { _ in 0 }
    try resumed.restore(former.state)
    #expect(settled(resumed, from: 3) == 4)
    #expect(throws: UnlearningError.notResumable(missing: "term.early_end")) {
      try resumed.restore([:])
    }
  }
}
