import Testing
import Torch

@testable import Evaluation

@Suite struct FeatureSampleTests {
  @Test(arguments: [0, 1]) func `fewer than two vectors are refused`(count: Int) {
    let error = EvaluationError.tooFewToCompare(of: "the real pictures", count: count, needed: 2)
    #expect(throws: error) {
      try FeatureSample(.zeros([count, 8]), source: "the real pictures")
    }
    #expect(
      error.description
        == "the real pictures: \(count) picture\(count == 1 ? "" : "s"), expected at least 2 to compare "
        + "with others; take more samples")
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func `numbers that are not finite are refused`(value: Double) {
    let odd = Tensor([0, 1, value, 2], shape: [2, 2])
    #expect(throws: EvaluationError.notFinite(of: "the features of odd")) {
      try FeatureSample(odd, source: "odd")
    }
    #expect(throws: EvaluationError.notFinite(of: "the scores of odd")) {
      try ScoreSample([0, value], source: "odd")
    }
  }

  @Test func `features of different lengths are refused by every measure`() throws {
    let (x, y) = (try FeatureSample(.zeros([9, 8])), try FeatureSample(.zeros([9, 7])))
    let error = EvaluationError.differentFeatures(first: 8, second: 7)
    #expect(throws: error) { try KernelDistance(between: x, and: y) }
    #expect(throws: error) { try SlicedWassersteinDistance(between: x, and: y) }
    #expect(throws: error) { try PrecisionAndRecall(of: x, against: y) }
    #expect(throws: error) { try DensityAndCoverage(of: x, against: y) }
  }

  @Test func `bytes are features as well`() throws {
    let bytes = Tensor([UInt8](0..<20), shape: [10, 2])
    let doubles = Tensor((0..<20).map(Double.init), shape: [10, 2])
    let other = try FeatureSample(doubles + 1)
    #expect(
      try KernelDistance(between: FeatureSample(bytes), and: other)
        == KernelDistance(between: FeatureSample(doubles), and: other))
  }

  @Test func `few vectors are worth a warning`() throws {
    #expect(
      try FeatureSample(.zeros([2047, 3]), source: "the pictures").warning
        == "the pictures are 2047, fewer than 2048: distances between distributions, and shares of "
        + "neighbours, then depend on the number of pictures; compare them only with those of as many"
    )
    #expect(try FeatureSample(.zeros([2048, 3])).warning == nil)
    #expect(try FeatureSample(.zeros([2048, 2049])).warning?.contains("fewer than 2049") == true)
  }
}
