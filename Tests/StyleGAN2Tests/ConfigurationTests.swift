import Foundation
import GANs
import StyleGAN2
import Testing
import TorchNN

@Suite struct ConfigurationTests {
  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "valid"
    } catch {
      return "\(error)"
    }
  }

  @Test func `the published networks have their published widths`() throws {
    let published = NetworkConfiguration(size: 1024)
    try published.validate()
    #expect(
      ([4] + published.resolutions).map(published.channels(at:))
        == [512, 512, 512, 512, 512, 256, 128, 64, 32])
    #expect(published.styleCount == 18)
    #expect(NetworkConfiguration(size: 256).styleCount == 14)
    #expect(
      NetworkConfiguration(size: 16).noiseSizes == [4, 8, 8, 16, 16])
    let small = NetworkConfiguration(size: 128, channelMultiplier: 1, channelCap: 96)
    #expect(([4] + small.resolutions).map(small.channels(at:)) == [96, 96, 96, 96, 96, 96])
    #expect(NetworkConfiguration(size: 256, channelMultiplier: 1).channels(at: 256) == 64)
  }

  @Test func `the published generators have their published numbers of parameters`() {
    // Docs/Method.md: 17,391,635 in 68 tensors for MNIST, 21,507,073 in 23 for its discriminator.
    let configuration = NetworkConfiguration(size: 32, latentSize: 128)
    let generator = Generator(configuration).parameters
    #expect(generator.elementCount == 17_391_635)
    #expect(generator.parameters.count == 68)
    let discriminator = Discriminator(configuration).parameters
    #expect(discriminator.elementCount == 21_507_073)
    #expect(discriminator.parameters.count == 23)
  }

  @Test(arguments: [0, 4, 7, 33, 96, 2048, -8])
  func `other sizes are refused`(size: Int) {
    #expect(
      message { try NetworkConfiguration(size: size).validate() }
        == "size is \(size), expected a power of two from 8 to 1024")
  }

  @Test func `sizes below one are refused by name`() {
    let refused: [(NetworkConfiguration, String)] = [
      (NetworkConfiguration(size: 8, latentSize: 0), "latent is 0"),
      (NetworkConfiguration(size: 8, mappingDepth: -1), "mapping-depth is -1"),
      (NetworkConfiguration(size: 8, channelMultiplier: 0), "channel-multiplier is 0"),
      (NetworkConfiguration(size: 8, channelCap: 0), "channel-cap is 0"),
    ]
    for (configuration, words) in refused {
      #expect(message { try configuration.validate() } == "\(words), expected at least 1")
    }
  }

  @Test func `training options out of range are refused by name`() {
    func message(_ change: (inout TrainingOptions) -> Void) -> String {
      var options = TrainingOptions()
      change(&options)
      return self.message { try options.validate() }
    }
    #expect(message { _ in } == "valid")
    #expect(message { $0.batchSize = 3 } == "valid")
    let groups = "1 to 4 or a multiple of 4 (minibatch statistics are over groups of 4)"
    for size in [6, 0, -4] {
      #expect(message { $0.batchSize = size } == "batch_size is \(size), expected \(groups)")
    }
    #expect(message { $0.learningRate = 0 } == "learning_rate is 0.0, expected above 0")
    #expect(message { $0.learningRate = .nan } == "learning_rate is nan, expected above 0")
    #expect(
      message { $0.emaHalfLifeKimg = -1 } == "ema_half_life_kimg is -1.0, expected above 0")
    #expect(message { $0.emaRampUp = 0 } == "ema_ramp_up is 0.0, expected above 0")
    #expect(message { $0.r1Weight = -1 } == "r1_weight is -1.0, expected 0 (off) or above")
    #expect(
      message { $0.pathLengthWeight = .infinity }
        == "path_length_weight is inf, expected 0 (off) or above")
    #expect(message { $0.r1Interval = 0 } == "r1_interval is 0, expected at least 1")
    #expect(
      message { $0.pathLengthInterval = 0 } == "path_length_interval is 0, expected at least 1")
    #expect(
      message { $0.pathLengthBatchShrink = 0 }
        == "path_length_batch_shrink is 0, expected at least 1")
    #expect(message { $0.mixingProbability = 1.5 } == "mixing_probability is 1.5, expected 0 to 1")
    #expect(message { $0.pathLengthDecay = -1 } == "path_length_decay is -1.0, expected 0 to 1")
  }

  @Test func `lazy regularisation corrects Adam`() {
    var options = TrainingOptions()
    #expect(abs(options.generatorAdam.learningRate - 0.0016) < 1e-12)
    #expect(abs(options.generatorAdam.beta2 - 0.991992) < 1e-6)
    #expect(abs(options.discriminatorAdam.learningRate - 0.00188235) < 1e-8)
    #expect(abs(options.discriminatorAdam.beta2 - 0.990585) < 1e-6)
    #expect(options.generatorAdam.beta1 == 0 && options.discriminatorAdam.beta1 == 0)
    options.pathLengthWeight = 0
    options.r1Weight = 0
    #expect(options.generatorAdam.learningRate == 0.002)
    #expect(options.discriminatorAdam.beta2 == 0.99)
  }

  @Test func `the average's half-life grows with the pictures shown`() {
    var options = TrainingOptions()
    // 0.5 ^ (16 / 5000), the public implementations' 0.5 ^ (32 / 10000).
    #expect(abs(options.emaDecay(iteration: 0) - 0.997784) < 1e-6)
    #expect(options.emaDecay(iteration: 0) == options.emaDecay(iteration: 100_000))
    options.emaRampUp = 0.05
    // After 1000 iterations 5 % of 16,000 pictures are a half-life of 800.
    #expect(abs(options.emaDecay(iteration: 999) - pow(0.5, 16.0 / 800)) < 1e-12)
    #expect(abs(options.emaDecay(iteration: 100_000) - 0.997784) < 1e-6)
    #expect(options.emaDecay(iteration: 0) < 1e-5)
  }
}
