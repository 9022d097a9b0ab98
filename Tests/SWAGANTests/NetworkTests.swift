import Foundation
import GANs
import SWAGAN
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

/// What the networks are, beside their numbers.
@Suite struct NetworkTests {
  private let sizes = NetworkSizes(size: 32, latentSize: 8, mappingDepth: 2, channelCap: 8)
  private var configuration: SWAGANConfiguration { SWAGANConfiguration(sizes) }

  @Test func `it has one resolution less than a StyleGAN2 of the same pictures`() {
    let other = NetworkConfiguration(sizes)
    #expect(configuration.styleCount == other.styleCount - 2)
    #expect(configuration.noiseSizes == [4, 8, 8, 16, 16])
    #expect(configuration.fields.map(\.value) == other.fields.map(\.value))
    #expect(!configuration.isEqual(to: other) && !other.isEqual(to: configuration))
    // The first layer of the discriminator has the feature maps of the pictures' side, as in the public
    // networks.
    var large = NetworkSizes(size: 64, channelMultiplier: 1)
    #expect(SWAGANConfiguration(large).discriminatorParameterNames.count == 26)
    large.size = 1024
    let scope = ParameterScope()
    SWAGANConfiguration(large).declareDiscriminator(in: scope)
    #expect(scope.shapes[0].shape == [16, 12, 3, 3])
  }

  @Test func `sizes without networks are refused by name`() {
    func message(_ change: (inout NetworkSizes) -> Void) -> String {
      var sizes = sizes
      change(&sizes)
      do {
        try SWAGANConfiguration(sizes).validate()
        return "valid"
      } catch { return "\(error)" }
    }
    #expect(message { _ in } == "valid")
    #expect(
      message { $0.size = 8 } == "size is 8, expected a power of two from 16 to 1024 for a SWAGAN")
    #expect(message { $0.size = 2048 }.hasPrefix("size is 2048, expected"))
    #expect(message { $0.size = 1024 } == "valid")
    #expect(message { $0.channelCap = 0 } == "channel-cap is 0, expected at least 1")
  }

  @Test func `names are those of the networks, which need not be made for them`() {
    let generator = configuration.makeGenerator(pixelRange: .zeroToOne, device: .cpu)
    let discriminator = configuration.makeDiscriminator(device: .cpu)
    #expect(
      configuration.generatorParameterNames == generator.parameters.parameters.map(\.name))
    #expect(
      configuration.discriminatorParameterNames
        == discriminator.parameters.parameters.map(\.name))
  }

  @Test func `consolidated are the convolutions, as in a StyleGAN2`() {
    let names = configuration.generatorParameterNames
    let covered = names.filter(configuration.architecture.isConsolidated)
    #expect(!covered.isEmpty && covered == names.filter { $0.hasPrefix("convs.") })
  }

  @Test func `a copy has parameters of its own`() throws {
    let generator = configuration.makeGenerator(pixelRange: .minusOneToOne, device: .cpu)
    generator.initialise(using: RandomGenerator(seed: 1))
    let copy = generator.copy()
    let z = RandomGenerator(seed: 2).normal([2, 8])
    let before = generator(z, noise: .fixed)
    #expect(copy(z, noise: .fixed).hasSameBits(as: before))
    copy.parameters.values.fillInPlace(0.5)
    #expect(generator(z, noise: .fixed).hasSameBits(as: before))
    let discriminator = configuration.makeDiscriminator(device: .cpu)
    discriminator.parameters.initialise(using: RandomGenerator(seed: 3))
    #expect(discriminator.copy()(before).hasSameBits(as: discriminator(before)))
  }

  @Test(arguments: [Precision.bf16, .fp16])
  func `other precisions compute the same up to their digits`(precision: Precision) {
    let generator = configuration.makeGenerator(pixelRange: .minusOneToOne, device: .cpu)
    generator.initialise(using: RandomGenerator(seed: 1))
    let discriminator = configuration.makeDiscriminator(device: .cpu)
    discriminator.parameters.initialise(using: RandomGenerator(seed: 2))
    let z = RandomGenerator(seed: 3).normal([4, 8])
    let exact = generator(z, noise: .fixed)
    let rounded = generator(z, noise: .fixed, precision: precision)
    #expect(rounded.scalarType == .float32)
    #expect(rounded.share(ofDifferenceFrom: exact) < 0.05)
    let logits = discriminator(exact, precision: precision)
    #expect(logits.share(ofDifferenceFrom: discriminator(exact)) < 0.1)
  }

  @Test func `a resumed training goes on with the same bits`() throws {
    let folder = try TemporaryFolder()
    func trainer(seed: UInt64) -> GANTrainer {
      var options = TrainingOptions()
      options.batchSize = 4
      options.r1Interval = 2
      options.pathLengthInterval = 2
      let model = GANModel(
        SWAGANConfiguration(
          NetworkSizes(size: 16, latentSize: 8, mappingDepth: 2, channelCap: 4)),
        pixelRange: .minusOneToOne, options: options)
      let random = RandomGenerator(seed: seed)
      model.initialise(using: random)
      return GANTrainer(
        model, source: SmoothPictures(RandomGenerator(seed: seed + 1)), options: options,
        random: random)
    }
    let straight = trainer(seed: 1)
    try straight.train(until: 3)
    let url = folder.url.appending(path: "swagan.safetensors")
    try straight.model.write(to: url, options: straight.options, training: straight.state)
    try straight.train(until: 6)
    let file = try GANFile.read(url, as: [.styleGAN2, .swagan])
    let resumed = trainer(seed: 2)
    try resumed.model.restore(file)
    try resumed.restore(file.training, file: file.path)
    try resumed.train(until: 6)
    for (one, other) in [
      (straight.model.generator.parameters, resumed.model.generator.parameters),
      (straight.model.discriminator.parameters, resumed.model.discriminator.parameters),
      (straight.model.generatorEMA.parameters, resumed.model.generatorEMA.parameters),
    ] {
      #expect(other.values.hasSameBits(as: one.values))
      #expect(one.values.hasOnlyFiniteElements)
    }
  }
}

/// An endless stream of smooth random pictures of 16x16.
private final class SmoothPictures: ImageSource {
  private let random: RandomGenerator

  init(_ random: RandomGenerator) { self.random = random }

  func next(_ count: Int) -> Tensor {
    random.normal([count, 3, 2, 2]).resized(height: 16, width: 16)
  }

  var state: StateDict { ["random": random.state] }

  func restore(_ state: StateDict) throws {
    if let tensor = state["random"] { try random.restore(tensor) }
  }
}
