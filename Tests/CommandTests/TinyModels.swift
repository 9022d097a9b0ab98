import Classifiers
import Foundation
import StyleGAN2
import Torch

/// Networks with random weights, small enough for a command to end in no time.
enum TinyModels {
  static func configuration(size: Int = 8) -> NetworkConfiguration {
    NetworkConfiguration(size: size, latentSize: 8, mappingDepth: 2, channelCap: 4)
  }

  /// Writes a GAN as a snapshot.
  @discardableResult
  static func writeGAN(
    _ file: URL, seed: UInt64 = 1, size: Int = 8, range: PixelRange = .minusOneToOne
  ) throws -> GANModel {
    let model = GANModel(
      configuration(size: size), pixelRange: range, options: TrainingOptions())
    model.initialise(using: RandomGenerator(seed: seed))
    try model.write(to: file)
    return model
  }

  /// Writes a GAN whose generator is near that of another one, but not the same.
  static func writeNeighbour(of model: GANModel, to file: URL) throws -> GANModel {
    let result = GANModel(
      model.configuration, pixelRange: model.pixelRange, options: TrainingOptions())
    result.initialise(using: RandomGenerator(seed: 1))
    result.generatorEMA.parameters.copy(from: model.generatorEMA.parameters)
    result.generatorEMA.parameters.values.addInPlace(
      RandomGenerator(seed: 7).normal([model.generatorEMA.parameters.length]), times: 0.05)
    try result.write(to: file)
    return result
  }

  /// A judge that tells three classes apart in a generator's pictures, for no reason.
  ///
  /// Random networks call all pictures the same: the scores are taken around the mean of the
  /// features of that generator.
  static func judge(for generator: Generator) -> Judge {
    let network = LeNet5(classCount: 3)
    network.parameters.initialise(using: RandomGenerator(seed: 5))
    let judge = Judge(network, classNames: ["zero", "one", "two"])
    let random = RandomGenerator(seed: 6)
    let pictures = withoutGradients {
      generator(random.normal([256, generator.configuration.latentSize]), noise: .random(random))
    }
    let mean = judge.judge(pictures, in: .minusOneToOne).features.mean([0])
    let weight = random.normal([3, LeNet5.featureCount]) * 100
    for parameter in network.parameters.parameters {
      if parameter.name == "fc.f7.weight" { parameter.value.copyInPlace(weight) }
      if parameter.name == "fc.f7.bias" {
        parameter.value.copyInPlace(-weight.matmul(mean.reshaped([-1, 1])).reshaped([3]))
      }
    }
    return judge
  }

  /// Writes a judge that calls everything "one".
  static func writeStubbornJudge(_ file: URL) throws {
    let network = LeNet5(classCount: 2)
    var tensors = network.parameters.named()
    tensors["fc.f7.bias"] = Tensor([Float(0), 5])
    try network.parameters.load(tensors, file: "stubborn")
    try Judge(network, classNames: ["zero", "one"]).write(to: file)
  }
}
