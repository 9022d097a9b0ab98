import Classifiers
import StyleGAN2
import Torch
import TorchNN

/// A generator with random weights, and a judge that tells three classes apart in its pictures.
struct TinyWorld {
  let model: GANModel
  let judge: Judge

  init(seed: UInt64 = 1) {
    var options = TrainingOptions()
    options.batchSize = 4
    model = GANModel(
      NetworkConfiguration(size: 8, latentSize: 8, mappingDepth: 2, channelCap: 4),
      pixelRange: .minusOneToOne, options: options)
    model.initialise(using: RandomGenerator(seed: seed))
    judge = Self.judge(for: model.generator)
  }

  var generator: Generator { model.generator }

  /// A random network calls all pictures the same, so its scores are taken around their mean.
  private static func judge(for generator: Generator) -> Judge {
    let network = LeNet5(classCount: 3)
    let random = RandomGenerator(seed: 5)
    network.parameters.initialise(using: random)
    let judge = Judge(network, classNames: ["zero", "one", "two"])
    let pictures = withoutGradients {
      generator.sample(256, mixingProbability: 0.9, latents: random, noise: random).pictures
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

  /// A judge that calls everything "one".
  static func stubbornJudge() throws -> Judge {
    let network = LeNet5(classCount: 2)
    var tensors = network.parameters.named()
    tensors["fc.f7.bias"] = Tensor([Float(0), 5])
    try network.parameters.load(tensors, file: "stubborn")
    return Judge(network, classNames: ["zero", "one"])
  }
}
