import Testing
import Torch

@testable import Evaluation

@Suite struct DistributionThreadsTests {
  private struct Results: Equatable {
    let kernel: KernelDistance
    let sliced: SlicedWassersteinDistance
    let shares: PrecisionAndRecall
    let density: DensityAndCoverage
  }

  // In a process of its own, because the number of threads is one for all tests.
  @Test func `bits do not depend on the number of threads`() async {
    await #expect(processExitsWith: .success) {
      let real = try FeatureSample(DistributionFixture.modes(300, 70, 0, 8))
      let fake = try FeatureSample(DistributionFixture.modes(280, 70, 1, 5))
      let results = try [1, 2, 3].map { threads in
        try Torch.setThreadCount(threads)
        return Results(
          kernel: try KernelDistance(between: fake, and: real, subsetCount: 9, subsetSize: 80),
          sliced: try SlicedWassersteinDistance(between: fake, and: real, directionCount: 90),
          shares: try PrecisionAndRecall(of: fake, against: real),
          density: try DensityAndCoverage(of: fake, against: real))
      }
      #expect(results[1] == results[0])
      #expect(results[2] == results[0])
    }
  }
}
