import Evaluation
import Foundation
import Testing
import Torch

/// The expected numbers are those that Scripts/fixtures/make_frechet.py prints.
@Suite struct FrechetDistanceTests {
  /// `sin(0.7 i + 1.3 j + phase) + 0.5 cos(0.11 i (j + 1)) + 0.25 sin(phase) j`.
  private func features(_ count: Int, phase: Double) -> Tensor {
    let width = 8
    let values = (0..<count * width).map { index in
      let (i, j) = (Double(index / width), Double(index % width))
      return sin(0.7 * i + 1.3 * j + phase) + 0.5 * cos(0.11 * i * (j + 1)) + 0.25 * sin(phase) * j
    }
    return Tensor(values, shape: [count, width])
  }

  private func matrix(_ rows: [[Double]]) -> Tensor {
    Tensor(rows.flatMap(\.self), shape: [rows.count, rows.count])
  }

  @Test func `features give the distance that scipy gives`() throws {
    let first = FrechetStatistics(of: features(200, phase: 0))
    let second = FrechetStatistics(of: features(200, phase: 1))
    #expect(abs(try first.distance(to: second) - 6.170481933519118) < 1e-10)
    #expect(abs(try second.distance(to: first) - 6.170481933519118) < 1e-10)
  }

  @Test func `fewer samples than features give the distance that scipy gives`() throws {
    // Both covariances are singular, where scipy's root is good to 1e-8 only.
    let first = FrechetStatistics(of: features(5, phase: 0))
    let second = FrechetStatistics(of: features(6, phase: 1))
    #expect(abs(try first.distance(to: second) - 8.466625288124497) < 1e-6)
  }

  @Test func `X08 fewer pictures than features have a number and a warning`() throws {
    let (few, enough) = (
      FrechetStatistics(of: features(8, phase: 0), source: "the pictures"),
      FrechetStatistics(of: features(9, phase: 1))
    )
    #expect(
      few.warning
        == "the pictures are 8, too few for 8 features: from 9 on the covariance is complete, and below, "
        + "the distance depends on the number of pictures")
    #expect(enough.warning == nil)
    #expect(try few.distance(to: enough) > 0)
  }

  @Test func `diagonal covariances give the closed form`() {
    let distance = FrechetDistance.between(
      means: (Tensor([0.0, 1, 2]), Tensor([1.0, 3, 2])),
      covariances: (
        matrix([[1, 0, 0], [0, 4, 0], [0, 0, 9]]), matrix([[4, 0, 0], [0, 25, 0], [0, 0, 9]])
      ))
    #expect(abs(distance - 15) < 1e-12)
  }

  @Test func `covariances that do not commute give the closed form`() {
    let distance = FrechetDistance.between(
      means: (Tensor([0.0, 0]), Tensor([0.0, 0])),
      covariances: (matrix([[2, 1], [1, 2]]), matrix([[3, -1], [-1, 1]])))
    #expect(abs(distance - 1.3972795044568622) < 1e-12)
  }

  @Test(arguments: [
    "modes 300x8, 400x8", "dense 200x32, 300x32", "dense 60x128, 80x128",
    "falling 100x48, 120x48", "falling 40x64, 50x64",
  ])
  func `complete and singular covariances give what the singular values of the data give`(
    name: String
  ) throws {
    let expected = try #require(try DistributionFixture.load().frechet[name])
    let sizes = name.split { !$0.isNumber }.compactMap { Int($0) }
    func features(_ count: Int, _ phase: Double) -> Tensor {
      switch name.prefix(5) {
      case "modes": DistributionFixture.modes(count, sizes[1], phase, 8)
      case "dense": DistributionFixture.dense(count, sizes[1], phase, phase == 0 ? 0.1 : 0.15)
      default: DistributionFixture.falling(count, sizes[1], phase, phase)
      }
    }
    let first = FrechetStatistics(of: features(sizes[0], 0))
    let second = FrechetStatistics(of: features(sizes[2], 1))
    #expect(isNear(try first.distance(to: second), expected))
    #expect(isNear(try second.distance(to: first), expected))
  }

  @Test(arguments: [60, 150, 1000])
  func `a set whose spectrum falls steeply is at distance zero from itself`(count: Int) throws {
    // Rounding would leave 1e-4 if eigenvalues were squared before their roots are taken.
    let steep = DistributionFixture.falling(count, 128, 0, 0)
      .matmul(DistributionFixture.noise(128, 128, 9))
    let statistics = FrechetStatistics(of: steep)
    #expect(try statistics.distance(to: statistics) < 1e-6)
  }

  @Test func `equal sets are at distance zero`() throws {
    let statistics = FrechetStatistics(of: features(50, phase: 0))
    #expect(try statistics.distance(to: statistics) < 1e-12)
  }

  @Test func `features that never vary are no obstacle`() throws {
    let constant = FrechetStatistics(of: .full(2, shape: [3, 8]))
    let other = FrechetStatistics(of: .full(3, shape: [4, 8]))
    #expect(abs(try constant.distance(to: other) - 8) < 1e-12)
  }

  @Test(arguments: [1, 7, 64, 200])
  func `batches give what one set gives`(size: Int) throws {
    let all = features(200, phase: 1)
    var streamed = FrechetStatistics(width: 8)
    for start in stride(from: 0, to: 200, by: size) {
      streamed.add(all.sliced(start..<min(start + size, 200)))
    }
    let whole = FrechetStatistics(of: all)
    #expect(streamed.count == 200)
    #expect((streamed.mean - whole.mean).abs().max().item() < 1e-13)
    #expect(
      (try streamed.covariance() - whole.covariance()).abs().max().item() < 1e-13)
  }

  @Test func `the covariance is over one less than the count`() throws {
    let statistics = FrechetStatistics(of: Tensor([Float(1), 3], shape: [2, 1]))
    #expect(try statistics.covariance().item() == 2)
  }

  @Test(arguments: [0, 1]) func `fewer than two samples are refused`(count: Int) {
    let few = FrechetStatistics(of: .zeros([count, 8]), source: "the sample")
    #expect(throws: EvaluationError.tooFewSamples(of: "the sample", count: count)) {
      try few.distance(to: FrechetStatistics(of: features(5, phase: 0)))
    }
  }

  @Test(arguments: [Double.nan, .infinity])
  func `numbers that are not finite are refused`(value: Double) {
    let odd = FrechetStatistics(of: .full(value, shape: [3, 8]), source: "odd")
    #expect(throws: EvaluationError.notFinite(of: "the features of odd")) {
      try FrechetStatistics(of: features(5, phase: 0)).distance(to: odd)
    }
  }

  @Test func `features of different lengths are refused`() {
    #expect(throws: EvaluationError.differentFeatures(first: 8, second: 7)) {
      try FrechetStatistics(width: 8).distance(to: FrechetStatistics(width: 7))
    }
  }
}
