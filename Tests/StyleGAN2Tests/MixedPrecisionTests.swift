import Foundation
import GANs
import Records
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

/// bf16 and fp16 against fp32 on the same parameters, latents and noise.
@Suite struct MixedPrecisionTests {
  /// What may be lost: bfloat16 has 8 bits after the point, float16 11.
  private static let losses: [(Precision, Double)] = [(.bf16, 0.02), (.fp16, 0.0025)]
  private let model: GANModel
  private let z: Tensor

  init() {
    let configuration = NetworkConfiguration(
      size: 32, latentSize: 32, mappingDepth: 2, channelCap: 32)
    model = GANModel(configuration, pixelRange: .minusOneToOne, options: TrainingOptions())
    let random = RandomGenerator(seed: 1)
    model.initialise(using: random)
    // Zero at the start, noise strengths and biases would hide what is done with them.
    for network in [model.generator.parameters, model.discriminator.parameters] {
      for (name, values) in network.named()
      where name.hasSuffix("noise.weight") || name.hasSuffix("bias") {
        values.addInPlace(random.normal(values.shape), times: 0.1)
      }
    }
    z = random.normal([8, 32])
  }

  private func pictures(_ precision: Precision) -> Tensor {
    model.generator(z, noise: .fixed, precision: precision)
  }

  @Test(arguments: losses)
  func `the generator's pictures are those of fp32 to some digits`(
    precision: Precision, loss: Double
  ) {
    let (exact, rounded) = withoutGradients { (pictures(.fp32), pictures(precision)) }
    #expect(rounded.scalarType == .float32)
    let difference = rounded.relativeDifference(from: exact)
    // Above zero: it really is another computation.
    #expect(difference > loss / 200 && difference < loss, "\(difference)")
  }

  @Test(arguments: [0.0, 1.0])
  func `samples are made in bf16, whether styles are mixed or not`(mixing: Double) {
    func sample(_ precision: Precision) -> Tensor {
      let random = RandomGenerator(seed: 9)
      let draw = model.generator.draw(
        4, mixingProbability: mixing, latentsFrom: random, noiseFrom: random)
      return model.generator.pictures(draw, precision: precision)
    }
    let difference = sample(.bf16).relativeDifference(from: sample(.fp32))
    #expect(difference > 1e-4 && difference < 0.02, "\(difference)")
  }

  @Test(arguments: losses)
  func `the discriminator's logits are those of fp32 to some digits`(
    precision: Precision, loss: Double
  ) {
    let (exact, rounded) = withoutGradients {
      let pictures = pictures(.fp32)
      return (
        model.discriminator(pictures, batches: 2),
        model.discriminator(pictures, batches: 2, precision: precision)
      )
    }
    #expect(rounded.scalarType == .float32)
    let difference = rounded.relativeDifference(from: exact)
    #expect(difference > loss / 2000 && difference < loss, "\(difference)")
  }

  @Test func `what follows the minibatch statistics is computed in fp32`() {
    // Numbers between those of bf16: 256 + 1 would be 256.
    let logits = withoutGradients {
      model.discriminator(pictures(.fp32), precision: .bf16)
    }
    #expect(!logits.hasSameBits(as: logits.to(.bfloat16).to(.float32)))
    let images = withoutGradients { pictures(.bf16) }
    #expect(!images.hasSameBits(as: images.to(.bfloat16).to(.float32)))
  }

  /// The gradients of both networks' losses in one precision, by name, in double precision.
  private func gradients(_ precision: Precision) -> StateDict {
    let networks = [("g", model.generator.parameters), ("d", model.discriminator.parameters)]
    for (_, parameters) in networks { parameters.zeroGradients() }
    Losses.generatorNonSaturating(
      fake: model.discriminator(pictures(precision), precision: precision)
    ).backward()
    var result = StateDict()
    for (name, parameters) in networks {
      for (key, gradient) in parameters.named(parameters.gradients) {
        result["\(name).\(key)"] = gradient.to(.float64)
      }
    }
    return result
  }

  private func cosine(_ x: Tensor, _ y: Tensor) -> Double {
    (x * y).sum().item() / (x.square().sum() * y.square().sum()).sqrt().item()
  }

  @Test(arguments: losses)
  func `gradients point where those of fp32 point`(precision: Precision, loss: Double) throws {
    let (exact, rounded) = (gradients(.fp32), gradients(precision))
    var (worst, strengths) = (("", 1.0), [(exact: Tensor, rounded: Tensor)]())
    for (key, gradient) in exact {
      let other = try #require(rounded[key])
      // A single number has no direction: the noise strengths of all layers are taken as one vector.
      guard gradient.elementCount > 1 else {
        strengths.append((gradient, other))
        continue
      }
      let value = cosine(gradient, other)
      #expect(value > 1 - loss / 2, "\(key)")
      if value < worst.1 { worst = (key, value) }
    }
    // It really is another computation.
    #expect(worst.1 < 1 - 1e-9, "\(worst)")
    let logit = strengths.removeLast()
    #expect(logit.exact.relativeDifference(from: logit.rounded) < 0.02)
    #expect(strengths.count == model.configuration.noiseSizes.count)
    let (one, other) = (
      Tensor.concatenated(strengths.map(\.exact)), Tensor.concatenated(strengths.map(\.rounded))
    )
    #expect(
      cosine(one, other) > 0.95,
      "\(one.array(of: Double.self)), \(other.array(of: Double.self))")
  }

  @Test(arguments: [Precision.bf16, .fp16])
  func `penalties are the bits of fp32 in a run of less`(precision: Precision) throws {
    // Steps too small to move anything: both runs keep the same parameters.
    func statistics(_ precision: Precision) throws -> Statistics {
      try TrainingWorld(seed: 3, precision: precision, learningRate: 1e-30).trainer.step()
    }
    let (exact, rounded) = (try statistics(.fp32), try statistics(precision))
    for key in [StatisticKey.r1, .pathLengthPenalty, .pathLength] {
      let value = try #require(exact[key])
      #expect(rounded[key] == value, "\(key.name)")
    }
    for key in [StatisticKey.lossD, .lossG, .logitReal, .logitFake] {
      let (value, other) = (try #require(exact[key]), try #require(rounded[key]))
      #expect(value != other && abs(value - other) < 0.05, "\(key.name)")
    }
  }

  @Test(arguments: [Precision.bf16, .fp16])
  func `what is trained, averaged and remembered stays in single precision`(
    precision: Precision
  ) throws {
    let world = TrainingWorld(seed: 4, precision: precision)
    try world.trainer.train(until: 8) { statistics in
      #expect(statistics.values.allSatisfy { $0.isFinite })
      return true
    }
    let floats = world.snapshot.filter {
      ["g", "d", "g_ema", "g_first", "g_second", "d_first", "d_second"]
        .contains(String($0.key.prefix { $0 != "." }))
    }
    #expect(floats.count > 100)
    #expect(floats.allSatisfy { $0.value.scalarType == .float32 })
    // Steps smaller than bf16 can hold have been taken.
    for parameters in [world.model.generator.parameters, world.model.generatorEMA.parameters] {
      #expect(
        !parameters.values.hasSameBits(as: parameters.values.to(.bfloat16).to(.float32)))
    }
  }

  @Test(arguments: [Precision.bf16, .fp16])
  func `a resumed run gives the bits of one that never stopped`(precision: Precision) throws {
    let straight = TrainingWorld(seed: 7, precision: precision)
    try straight.trainer.train(until: 6)
    let snapshot = straight.snapshot
    try straight.trainer.train(until: 12)
    let resumed = TrainingWorld(seed: 8, precision: precision)
    try resumed.restore(snapshot)
    try resumed.trainer.train(until: 12)
    let (one, other) = (straight.snapshot, resumed.snapshot)
    #expect(one.keys == other.keys)
    for (key, tensor) in one {
      #expect(try #require(other[key]).hasSameBits(as: tensor), "\(key)")
    }
  }

  @Test func `the options' record names the precision`() throws {
    var options = TrainingOptions()
    #expect(options.precision == .fp32)
    options.precision = .bf16
    let record = try JSONEncoder().encode(options)
    #expect(String(decoding: record, as: UTF8.self).contains(#""precision":"bf16""#))
  }
}
