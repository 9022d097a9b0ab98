import TestSupport
import Testing
import Torch

@Suite struct ConcurrencyTests {
  @Test func `every part runs once, with its own graph`() {
    let count = 7
    let random = RandomGenerator(seed: 1)
    let weight = random.normal([8, 4, 3, 3])
    let inputs = (0..<count).map { _ in random.normal([2, 4, 9, 9]) }
    @Sendable func derivative(_ index: Int) -> Tensor {
      let leaf = weight.asInput()
      return inputs[index].convolved(leaf, bias: Tensor.zeros([8]), padding: 1).square().sum()
        .gradients(of: [leaf])[0]
    }
    let expected = (0..<count).map(derivative)
    let box = Box(count)
    Torch.concurrently(count) { box.set($0, derivative($0)) }
    for index in 0..<count {
      let difference = box.results[index]?.relativeDifference(from: expected[index])
      #expect((difference ?? .infinity) < 1e-5)
    }
    #expect(box.calls == [Int](repeating: 1, count: count))
  }

  @Test func `the thread count outlasts it`() {
    let before = Torch.threadCount
    Torch.concurrently(4) { _ in _ = Tensor.zeros([4]) }
    #expect(Torch.threadCount == before)
  }

  @Test func `no parts are no work`() {
    Torch.concurrently(0) { (_) -> Void in Issue.record("a part of none") }
  }

  @Test func `values come in the order of their parts`() {
    #expect(Torch.concurrently(100) { "\($0)" } == (0..<100).map { "\($0)" })
    #expect(Torch.concurrently(0) { $0 } == [])
  }

  /// Slots that parts write without sharing any.
  private final class Box: @unchecked Sendable {
    private let slots: UnsafeMutablePointer<(result: Tensor?, calls: Int)>
    private let count: Int

    init(_ count: Int) {
      self.count = count
      slots = .allocate(capacity: count)
      slots.initialize(repeating: (nil, 0), count: count)
    }

    deinit {
      slots.deinitialize(count: count)
      slots.deallocate()
    }

    func set(_ index: Int, _ tensor: Tensor) {
      slots[index] = (tensor, slots[index].calls + 1)
    }

    var results: [Tensor?] { (0..<count).map { slots[$0].result } }
    var calls: [Int] { (0..<count).map { slots[$0].calls } }
  }
}
