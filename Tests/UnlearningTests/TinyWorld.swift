import GANs
import Judging
import StyleGAN2
import TestNetworks
import Torch

/// A GAN with random weights, and a judge that tells three classes apart in its pictures.
struct TinyWorld {
  let model: GANModel
  let judge: Judge

  init(seed: UInt64 = 1) {
    var options = TrainingOptions()
    options.batchSize = 4
    model = GANModel(
      TinyNetworks.configuration(), pixelRange: .minusOneToOne, options: options)
    model.initialise(using: RandomGenerator(seed: seed))
    judge = TinyNetworks.judge(for: model.generator)
  }

  var generator: any GeneratorNetwork { model.generator }
}
