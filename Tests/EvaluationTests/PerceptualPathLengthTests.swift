import GANs
import Judging
import Records
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

@testable import Evaluation

@Suite struct PerceptualPathLengthTests {
  private let generator = Self.lively(TinyNetworks.generator(seed: 1))

  /// A generator in which noise and classes have strength.
  private static func lively(_ generator: Generator) -> Generator {
    generator.parameters.requiresGradient = false
    generator.parameters.values.addInPlace(
      RandomGenerator(seed: 6).normal([generator.parameters.length]), times: 0.1)
    return generator
  }

  private func length(
    _ count: Int, _ seed: UInt64 = 3, distance: any PictureDistance = PixelDistance(),
    space: PerceptualPathLength.Space = .w, positions: PerceptualPathLength.Positions = .ends,
    step: Double = 1e-4, generator: Generator? = nil
  ) throws -> PerceptualPathLength {
    try PerceptualPathLength(
      of: generator ?? self.generator, distance: distance, space: space, positions: positions,
      pairCount: count, step: step, seed: seed)
  }

  /// The lengths themselves, a few pairs at a time.
  private func recorded(_ count: Int, atOnce: Int, block: Int? = nil) throws -> [Double] {
    let spy = PixelDistance()
    let configuration = generator.configuration
    let size = PathDraw.blockSize(for: configuration)
    _ = try PerceptualPathLength(
      of: generator, distance: spy, space: .w, positions: .full, step: 1e-4, seed: 3,
      source: "the generator",
      draws: stride(from: 0, to: count, by: size).map {
        PathDraw(
          block: $0 / size, count: min(size, count - $0), for: configuration, positions: .full,
          seed: 3)
      }, pairsAtOnce: atOnce, progress: { _ in })
    return spy.seen
  }

  @Test func `a pair depends on the seed and its number, not on how many are made`() throws {
    let (short, long) = (try recorded(10, atOnce: 64), try recorded(140, atOnce: 64))
    #expect(long.count == 140 && Set(long).count == 140)
    for (one, other) in zip(short, long) { #expect(isNear(one, other, relative: 1e-2)) }
    let few = try recorded(140, atOnce: 7)
    for (one, other) in zip(few, long) { #expect(isNear(one, other, relative: 1e-2)) }
    #expect(isNear(few.reduce(0, +), long.reduce(0, +), relative: 1e-3))
    #expect(try length(70) == length(70))
    #expect(try length(70).mean != length(70, 4).mean)
  }

  // In a process of its own, because the number of threads is one for all tests.
  @Test func `bits do not depend on the number of threads`() async {
    await #expect(processExitsWith: .success) {
      let generator = PerceptualPathLengthTests.lively(TinyNetworks.generator(seed: 1))
      let judge = TinyNetworks.judge(for: generator)
      let results = try [1, 2, 3].map { threads in
        try Torch.setThreadCount(threads)
        return try PerceptualPathLength(
          of: generator, distance: FeatureDistance(of: judge.classifier), positions: .full,
          pairCount: 150)
      }
      #expect(results[1] == results[0] && results[2] == results[0])
    }
  }

  @Test func `a picture that does not change has a length of 0`() throws {
    let constant = TinyNetworks.generator(seed: 1)
    for parameter in constant.parameters.parameters
    where parameter.name.hasSuffix("modulation.weight") {
      parameter.value.fillInPlace(0)
    }
    // With noise of full strength: it is the same for both pictures of a pair.
    for parameter in constant.parameters.parameters where parameter.name.hasSuffix("noise.weight") {
      parameter.value.fillInPlace(1)
    }
    let found = try length(20, generator: constant)
    #expect(found.mean.value == 0 && found.mean.standardError == 0)
  }

  @Test func `noise differs from pair to pair`() {
    let draw = PathDraw(
      block: 1, count: 5, for: generator.configuration, positions: .ends, seed: 3)
    #expect(draw.noise.map(\.shape) == [[5, 1, 4, 4], [5, 1, 8, 8], [5, 1, 8, 8]])
    #expect(draw.noise[0].sliced(0..<1).largestDifference(from: draw.noise[0].sliced(1..<2)) > 0.1)
    #expect(draw.positions.abs().max().item() == 0 && draw.classes == nil)
    let full = PathDraw(
      block: 1, count: 50, for: generator.configuration, positions: .full, seed: 3)
    #expect(full.first.sliced(0..<5).hasSameBits(as: draw.first))
    #expect(full.positions.min().item() >= 0 && full.positions.max().item() < 1)
    #expect(full.positions.variance().item() > 0.04)
  }

  @Test func `lengths are of the second order in the step`() throws {
    let (near, far) = (try length(100, step: 1e-3), try length(100, step: 4e-3))
    #expect(isNear(near.mean.value, far.mean.value, relative: 0.05))
    #expect(near.step == 1e-3 && near.method.contains("step 0.001 in w"))
  }

  @Test func `a generator of classes goes from one latent to another within a class`() throws {
    let configuration = NetworkConfiguration(
      size: 8, latentSize: 8, mappingDepth: 2, channelCap: 4, classCount: 3)
    let conditional = Generator(configuration)
    conditional.initialise(using: RandomGenerator(seed: 2))
    let draw = PathDraw(
      block: 0, count: 6, for: configuration, positions: .ends, seed: 3)
    #expect(draw.first.shape == [6, 8] && draw.classes?.shape == [6, 3])
    for space in PerceptualPathLength.Space.allCases {
      let (here, there) = draw.styles(in: space, step: 1e-4, of: conditional)
      // A pair that changed its class would be far apart.
      #expect(here.shape == [6, 8] && here.relativeDifference(from: there) < 1e-2)
      #expect(here.relativeDifference(from: there) > 1e-6)
    }
    #expect(
      try length(8, space: .z, generator: Self.lively(conditional)).mean.value > 0)
  }

  @Test func `large pictures are averaged down to 256`() {
    let board = Tensor((0..<1024 * 1024).map { Float($0 / 1024 % 4) }, shape: [1, 1, 1024, 1024])
      .expanded([1, 3, 1024, 1024])
    let small = PerceptualPathLength.averagedDown(board)
    #expect(small.shape == [1, 3, 256, 256])
    #expect(small.hasSameBits(as: Tensor.full(1.5, shape: [1, 3, 256, 256])))
    let same = Tensor.zeros([1, 3, 256, 256])
    #expect(PerceptualPathLength.averagedDown(same) === same)
  }

  @Test func `names tell the distance, the space and the points`() throws {
    func key(_ found: PerceptualPathLength) -> String { found.measurement.key.name }
    #expect(key(try length(4)) == "path_length_pixels")
    #expect(key(try length(4, space: .z, positions: .full)) == "path_length_zfull_pixels")
    let official = PixelDistance(definesPathLength: true)
    #expect(key(try length(4, distance: official)) == "ppl2_wend")
    #expect(key(try length(4, distance: official, space: .z)) == "ppl2_zend")
    // Another step is another number.
    #expect(key(try length(4, distance: official, step: 1e-3)) == "path_length_pixels")
    let measurement = try length(100).measurement
    #expect(measurement.sampleCount == 100 && measurement.seed == 3)
    #expect(measurement.interval == (try length(100).mean.interval))
    #expect(measurement.warning?.contains("are 100, fewer than 2048") == true)
    let judge = TinyNetworks.judge(for: generator)
    let byJudge = try length(4, distance: FeatureDistance(of: judge.classifier))
    #expect(key(byJudge) == "path_length_lenet5" && byJudge.mean.value > 0)
    #expect(byJudge.method.hasPrefix("squared distance of features of LeNet5, over the square"))
  }

  @Test func `pictures that are too small, and those that are no numbers, are refused`() throws {
    #expect {
      try length(4, distance: PixelDistance(smallestSize: 16))
    } throws: { error in
      "\(error)"
        == "the pictures of the generator are 8x8, expected at least 16x16 for pixels; take "
        + "another distance, such as the judge's features"
    }
    let broken = TinyNetworks.generator(seed: 1)
    broken.parameters.values.fillInPlace(.nan)
    #expect(throws: EvaluationError.notFinite(of: "the path lengths of the generator")) {
      try length(4, generator: broken)
    }
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      _ = try PerceptualPathLength(
        of: generator, distance: PixelDistance(), pairCount: 200
      ) { if $0 >= 64 { throw Stop() } }
    }
  }
}

/// The mean squared difference of pixels, which keeps what it has said.
private final class PixelDistance: PictureDistance {
  let name = "pixels"
  let method = "mean squared difference of pixels"
  let range = PixelRange.minusOneToOne
  let smallestSize: Int
  let definesPathLength: Bool
  var seen: [Double] = []

  init(smallestSize: Int = 1, definesPathLength: Bool = false) {
    self.smallestSize = smallestSize
    self.definesPathLength = definesPathLength
  }

  func distances(_ first: Tensor, _ second: Tensor) -> Tensor {
    let result = (first - second).square().mean([1, 2, 3])
    seen += result.to(.float64).array(of: Double.self)
    return result
  }
}
