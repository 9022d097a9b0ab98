import Foundation
import Kernels
import TestSupport
import Testing
import Torch

@Suite struct KernelRouteTests {
  @Test(arguments: KernelRoute.allCases)
  func `a route is read by the name it has`(route: KernelRoute) {
    #expect(KernelRoute(name: route.description) == route)
  }

  @Test func `names are those of the documentation`() {
    #expect(
      KernelRoute.allCases.map(\.description)
        == ["libtorch", "portable", "avx2", "avx512", "avx512_bf16"])
    #expect(KernelRoute(name: "AVX2") == nil)
    #expect(KernelRoute(name: "") == nil)
  }

  @Test func `the environment names a route, or none`() throws {
    #expect(try KernelRoute.requested(in: [:]) == nil)
    #expect(try KernelRoute.requested(in: ["LETHE_KERNELS": "portable"]) == .portable)
  }

  @Test(arguments: ["fast", "", "avx2 "])
  func `a name of no route is refused with those there are`(name: String) {
    let error = #expect(throws: KernelError.self) {
      try KernelRoute.requested(in: ["LETHE_KERNELS": name])
    }
    #expect(
      error?.description
        == "LETHE_KERNELS is '\(name)', expected one of libtorch, portable, avx2, avx512, avx512_bf16"
    )
  }

  @Test func `a processor without the instructions is refused with what there is`() async {
    await #expect(processExitsWith: .success) {
      // libtorch keeps to what every processor has, and so do we.
      setenv("ATEN_CPU_CAPABILITY", "default", 1)
      #expect(KernelRoute.available == [.libtorch, .portable])
      #expect(KernelRoute.best == .portable)
      let error = #expect(throws: KernelError.self) { try KernelRoute.avx2.use() }
      #expect(
        error?.description
          == "kernels avx2 are not available here, where libtorch uses DEFAULT; "
          + "there are libtorch, portable")
    }
  }

  @Test func `libtorch's own variable lowers our instructions with its own`() async {
    await #expect(processExitsWith: .success) {
      setenv("ATEN_CPU_CAPABILITY", "avx2", 1)
      #expect(KernelRoute.best <= .avx2)
      #expect(!KernelRoute.avx512.isAvailable && !KernelRoute.avx512BFloat16.isAvailable)
    }
  }

  @Test func `an environment that names no route stops the first operator`() async throws {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) {
      setenv("LETHE_KERNELS", "fast", 1)
      _ = Tensor.zeros([2, 3, 4, 4]).biasLeakyReLU(Tensor.zeros([3]), gain: 1)
    }
    let message = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(
      message.contains(#"LETHE_KERNELS is "fast", and kernels on this processor are libtorch"#))
  }

  @Test func `the environment's route is in use from the first operator on`() async {
    await #expect(processExitsWith: .success) {
      setenv("LETHE_KERNELS", "portable", 1)
      #expect(KernelRoute.current == .portable)
      try KernelRoute.libtorch.use()
      #expect(KernelRoute.current == .libtorch)
    }
  }

  /// One call of every operator that has kernels, with first derivatives.
  private static func results() -> [Tensor] {
    let random = RandomGenerator(seed: 3)
    func normal(_ shape: [Int]) -> Tensor { random.normal(shape).asInput() }
    let (x, scale, bias) = (normal([4, 16, 16, 16]), normal([4, 16]), normal([16]))
    let noise = random.normal([1, 1, 16, 16])
    let (kernels, up, rgb) = (
      normal([16, 16, 3, 3]), normal([16, 16, 3, 3]), normal([3, 16, 1, 1])
    )
    let (styles, weight) = (normal([4, 8]), normal([16, 8]))
    let inputs = [x, scale, bias, kernels, up, rgb, styles, weight]
    let outputs = [
      x.biasLeakyReLU(bias, gain: 1.4), x.scaledChannels(scale),
      x.styledActivation(
        demodulation: scale, noise: noise, strength: Tensor([Float(0.5)]), bias: bias, gain: 1.4),
      styles.equalLinear(weight, weightScale: 0.3, bias: bias, biasScale: 2),
      scale.demodulation(kernels), x.minibatchDeviation(), x.resampled(padBefore: 2, padAfter: 1),
      x.convolved(kernels, padding: 1), x.convolved(kernels, stride: 2),
      x.transposeConvolved(up, stride: 2), x.convolved(rgb),
    ]
    let sum = outputs.map { $0.square().mean() }.reduce(Tensor.zeros([]), +)
    return outputs.map { $0.detached() } + sum.gradients(of: inputs)
  }

  @Test func `with libtorch's route no kernel runs`() async {
    await #expect(processExitsWith: .success) {
      try KernelRoute.libtorch.use()
      _ = Kernel.noneExpected { KernelRouteTests.results() }
    }
  }

  @Test func `all routes compute the same, each with its own instructions`() async {
    await #expect(processExitsWith: .success) {
      try KernelRoute.libtorch.use()
      let expected = KernelRouteTests.results()
      for route in KernelRoute.available where route != .libtorch {
        try route.use()
        let actual = [
          Kernel.biasLeakyReLU, .scaledChannels, .styledActivation, .equalLinear, .demodulation,
          .minibatchDeviation, .resample1331, .smallProduct, .fewChannels, .winogradF43,
          .stridedTiles,
        ].reduce(KernelRouteTests.results) { body, kernel in { kernel.expected(body) } }()
        for (actual, expected) in zip(actual, expected) {
          #expect(actual.relativeDifference(from: expected) < 1e-5, "\(route)")
        }
      }
    }
  }
}
