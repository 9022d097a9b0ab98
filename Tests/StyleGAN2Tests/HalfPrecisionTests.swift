import GANs
import Records
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

/// What fp16 needs beside bf16: its range ends at 65,504, and only the largest pictures have it.
@Suite struct HalfPrecisionTests {
  private let model: GANModel
  private let z: Tensor

  init() {
    // Four resolutions in float16, 16 to 128; 4 and 8 below them.
    let configuration = NetworkConfiguration(
      size: 128, latentSize: 8, mappingDepth: 2, channelCap: 4)
    model = GANModel(configuration, pixelRange: .minusOneToOne, options: TrainingOptions())
    let random = RandomGenerator(seed: 1)
    model.initialise(using: random)
    for (name, values) in model.generator.parameters.named()
    where name.hasSuffix("noise.weight") || name.hasSuffix("bias") {
      values.addInPlace(random.normal(values.shape), times: 0.1)
    }
    z = random.normal([2, 8])
  }

  private func pictures(_ precision: Precision) -> Tensor {
    withoutGradients { model.generator(z, noise: .fixed, precision: precision) }
  }

  private func parameter(_ name: String) throws -> Tensor {
    try #require(model.generator.parameters.named()[name])
  }

  @Test func `the four highest resolutions are float16, and never 4x4`() {
    func halves(_ size: Int) -> [Int] {
      [4, 8, 16, 32, 64, 128, 256, 512, 1024].filter {
        $0 <= size && Precision.fp16.scalarType(at: $0, of: size) == .float16
      }
    }
    #expect(halves(1024) == [128, 256, 512, 1024])
    #expect(halves(64) == [8, 16, 32, 64])
    #expect(halves(32) == [8, 16, 32])
    #expect(halves(8) == [8])
    #expect(Precision.bf16.scalarType(at: 4, of: 1024) == .bfloat16)
    #expect(Precision.fp32.scalarType(at: 1024, of: 1024) == .float32)
  }

  @Test func `lower resolutions are the bits of fp32`() throws {
    #expect(!pictures(.fp16).hasSameBits(as: pictures(.fp32)))
    // Without the pictures of 16x16 and up, which are the last four of five.
    for index in 1...4 {
      try parameter("to_rgbs.\(index).conv.weight").fillInPlace(0)
      try parameter("to_rgbs.\(index).bias").fillInPlace(0)
    }
    #expect(pictures(.fp16).hasSameBits(as: pictures(.fp32)))
    // The comparison can fail: one more resolution is one in float16.
    try parameter("to_rgbs.1.conv.weight").fillInPlace(1)
    #expect(!pictures(.fp16).hasSameBits(as: pictures(.fp32)))
  }

  @Test func `activations of a generator end at 256`() throws {
    // Far beyond it, one bias is as good as another; the second is infinite in float16.
    func pictures(bias: Double, _ precision: Precision) throws -> Tensor {
      try parameter("convs.9.activate.bias").fillInPlace(bias)
      return self.pictures(precision)
    }
    let (clamped, other) = (try pictures(bias: 1e4, .fp16), try pictures(bias: 1e6, .fp16))
    #expect(clamped.hasOnlyFiniteElements && clamped.hasSameBits(as: other))
    // 256 after the gain of √2, as the last layer of fp32 gives it without noise.
    try parameter("convs.9.noise.weight").fillInPlace(0)
    try parameter("convs.9.conv.weight").fillInPlace(0)
    let exact = try pictures(bias: 256 / 2.0.squareRoot(), .fp32).clamped(-256, 256)
    #expect(try pictures(bias: 1e4, .fp16).relativeDifference(from: exact) < 1e-3)
    #expect(try pictures(bias: 1e4, .fp32).abs().max().item() > 1000)
  }

  @Test func `activations of a discriminator end at 256`() throws {
    let parameters = model.discriminator.parameters.named()
    let bias = try #require(parameters["convs.0.1.bias"])
    let input = pictures(.fp32)
    func logits(bias value: Double) -> Tensor {
      bias.fillInPlace(value)
      return withoutGradients { model.discriminator(input, precision: .fp16) }
    }
    let (one, other) = (logits(bias: 1e4), logits(bias: 1e6))
    #expect(one.hasOnlyFiniteElements && one.hasSameBits(as: other))
  }

  @Test(arguments: [1e-7, 1e7])
  func `kernels and styles of any size do not leave the range`(factor: Double) throws {
    // Demodulation takes the factors out again.
    try parameter("convs.8.conv.weight").scaleInPlace(factor)
    try parameter("convs.9.conv.modulation.weight").scaleInPlace(factor)
    try parameter("convs.9.conv.modulation.bias").scaleInPlace(factor)
    let rounded = pictures(.fp16)
    #expect(rounded.hasOnlyFiniteElements)
    #expect(rounded.relativeDifference(from: pictures(.fp32)) < 0.01)
  }

  @Test func `a channel of zeros stays one`() throws {
    try parameter("convs.9.conv.weight").fillInPlace(0)
    try parameter("to_rgbs.4.conv.weight").fillInPlace(0)
    #expect(pictures(.fp16).hasOnlyFiniteElements)
  }

  @Test func `gradients that are not finite do not reach the parameters`() throws {
    final class Overflow: GradientTerm {
      func addGradient(to parameters: ParameterVector, iteration: Int) -> Statistics {
        parameters.gradients.sliced(0..<1).fillInPlace(.infinity)
        parameters.gradients.sliced(1..<2).fillInPlace(.nan)
        return [:]
      }
    }
    func isFinite(_ precision: Precision) throws -> Bool {
      let world = TrainingWorld(seed: 2, terms: [Overflow()], hooks: [], precision: precision)
      try? world.trainer.train(until: 1)
      return world.model.generator.parameters.values.hasOnlyFiniteElements
    }
    #expect(try isFinite(.fp16))
    // Elsewhere they are a mistake, and show.
    #expect(try !isFinite(.fp32))
  }
}
