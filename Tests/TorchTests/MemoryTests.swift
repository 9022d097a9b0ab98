import Foundation
import TestSupport
import Testing
import Torch

#if os(Linux)
  @Suite struct MemoryTests {
    @Test func `the memory of large tensors is used again, not asked for anew`() async {
      await #expect(processExitsWith: .success) {
        Torch.keepFreedMemory()
        let source = Tensor.zeros([1])
        func fill() { _ = source.expanded([16 << 20]) + 1 }
        fill()
        let before = pageFaults
        for _ in 0..<8 { fill() }
        // Asked for anew, 64 MiB are 16,384 pages each time, or 32 large ones.
        let faults = pageFaults - before
        precondition(faults < 100, "\(faults) pages were mapped")
      }
    }

    @Test func `a process that does not ask keeps libtorch's allocator`() async {
      await #expect(processExitsWith: .success) {
        let source = Tensor.zeros([1])
        func fill() { _ = source.expanded([16 << 20]) + 1 }
        fill()
        let before = pageFaults
        for _ in 0..<8 { fill() }
        let faults = pageFaults - before
        precondition(faults >= 8 * 32, "\(faults) pages were mapped")
      }
    }

    @Test func `no more is kept than 64 MiB beyond what was used at once`() async {
      await #expect(processExitsWith: .success) {
        Torch.keepFreedMemory()
        let source = Tensor.zeros([1])
        let before = try ResidentMemory.megabytes()
        // Sizes that fit into none of the former blocks.
        for megabytes in [100, 160, 250, 400] { _ = source.expanded([megabytes << 18]) + 1 }
        let kept = try ResidentMemory.megabytes() - before
        precondition(kept < 400 + 64 + 50, "\(kept) MB more are resident")
      }
    }

    @Test func `the memory of large tensors makes tensors of other sizes, and none is mixed up`()
      async
    {
      await #expect(processExitsWith: .success) {
        Torch.keepFreedMemory()
        func filled(_ megabytes: Int, with value: Double) -> Tensor {
          Tensor.zeros([1]).expanded([megabytes << 18]) + value
        }
        func holds(_ tensor: Tensor, _ value: Double) -> Bool {
          tensor.min().item() == value && tensor.max().item() == value
        }
        let held = filled(30, with: 7)
        var before = 0
        for round in 0..<10 {
          if round == 2 { before = pageFaults }
          let small = (0..<4).map { filled(64 - $0, with: Double($0)) }
          precondition(small.enumerated().allSatisfy { holds($1, Double($0)) })
          let another = filled(9, with: 8)
          let large = filled(100, with: 9)
          precondition(holds(large, 9) && holds(another, 8) && holds(small[3], 3))
        }
        precondition(holds(held, 7))
        // 350 MiB of a round are 175 large pages, or 90,000 of the others.
        let faults = pageFaults - before
        precondition(faults < 100, "\(faults) pages were mapped")
      }
    }
  }

  /// Pages that this process has been given so far.
  private var pageFaults: Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_minflt
  }
#endif
