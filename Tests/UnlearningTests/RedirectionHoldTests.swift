import TestNetworks
import Testing
import Torch

@testable import Unlearning

@Suite struct RedirectionHoldTests {
  private let world = TinyWorld()
  private let pictures = Tensor.zeros([4, 3, 8, 8])

  /// A hold of which every iteration has a share of negatives, from one iteration on.
  private func held(
    _ hold: RedirectionHold, iterations: Range<Int>
  ) -> RedirectionHold {
    for iteration in iterations {
      _ = hold.afterStep(world.generator, pictures: pictures, iteration: iteration)
    }
    return hold
  }

  private func hold(_ share: @escaping (Tensor) -> Double) -> RedirectionHold {
    RedirectionHold(target: 0.03, originalShare: 0.1, negatives: NegativeGauge(share))
  }

  @Test func `redirection keeps its weight while the class is there, and weakens once it is gone`()
  {
    #expect(held(hold { _ in 0.1 }, iterations: 0..<200).gain == 1)
    #expect(held(hold { _ in 0 }, iterations: 0..<100).gain < 0.5)
    #expect(held(hold { _ in 0 }, iterations: 0..<400).gain == RedirectionHold.leastGain)
  }

  @Test func `the weight returns with the class`() {
    var share = 0.0
    let hold = held(hold { _ in share }, iterations: 0..<200)
    let weak = hold.gain
    share = 0.1
    #expect(held(hold, iterations: 200..<600).gain > 2 * weak)
  }

  @Test func `a hold goes on from its state`() throws {
    let whole = held(hold { _ in 0 }, iterations: 0..<80)
    let former = held(hold { _ in 0 }, iterations: 0..<60)
    let resumed = hold { _ in 0 }
    try resumed.restore(former.state)
    #expect(held(resumed, iterations: 60..<80).gain == whole.gain)
    #expect(throws: UnlearningError.notResumable(missing: "term.redirection_hold")) {
      try resumed.restore([:])
    }
  }

  @Test func `the pictures of an iteration are judged once, whoever asks`() {
    var judged = 0
    let gauge = NegativeGauge { _ in
      judged += 1
      return Double(judged)
    }
    #expect(gauge.share(among: pictures, iteration: 3) == 1)
    #expect(gauge.share(among: pictures, iteration: 3) == 1)
    #expect(gauge.share(among: pictures, iteration: 4) == 2)
  }
}
