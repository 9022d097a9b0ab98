import Foundation
import Kernels
import TestSupport
import Testing
import Torch

#if os(Linux)
  @Suite struct KernelMemoryTests {
    /// Runs in a process of its own, where no other test allocates.
    @Test func `two thousand training steps end with the memory of the two hundredth`() async {
      await #expect(processExitsWith: .success) {
        Torch.keepFreedMemory()
        // Waiting for a second thread on a busy machine takes longer than the work.
        try Torch.setThreadCount(1)
        let random = RandomGenerator(seed: 1)
        let weight = random.normal([8, 3, 3, 3]).asInput()
        let bias = Tensor.zeros([8]).asInput()
        let gradient = Tensor.zeros([8, 3, 3, 3])
        weight.accumulateGradient(into: gradient)
        bias.accumulateGradient(into: Tensor.zeros([8]))
        let (first, second) = (Tensor.zeros([8, 3, 3, 3]), Tensor.zeros([8, 3, 3, 3]))
        func step(_ index: Int) {
          let x = random.normal([2, 3, 16, 16]).asInput()
          let y = x.contiguous(.channelsLast).convolved(weight, padding: 1)
            .biasLeakyReLU(bias, gain: 1.4).resampled(down: 2, padBefore: 1, padAfter: 1)
            .square().sum()
          let slope = y.gradients(of: [x], differentiable: true, keepingGraph: true)[0]
          (slope.square().mean() + y * 0.001).backward()
          weight.adamStepInPlace(
            gradients: gradient, firstMoments: first, secondMoments: second, learningRate: 1e-4,
            beta1: 0, beta2: 0.99, epsilon: 1e-8, step: index + 1)
          gradient.fillInPlace(0)
        }
        for index in 0..<200 { step(index) }
        let before = try ResidentMemory.megabytes()
        for index in 200..<2000 { step(index) }
        let growth = try ResidentMemory.megabytes() - before
        // One leaked batch a step would be 11 MB.
        precondition(growth < 8, "the resident set grew by \(growth) MB")
      }
    }
  }
#endif
