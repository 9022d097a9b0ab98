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

  /// Writes a judge that tells three classes apart, for no reason.
  @discardableResult
  static func writeJudge(_ file: URL) throws -> Judge {
    let network = LeNet5(classCount: 3)
    network.parameters.initialise(using: RandomGenerator(seed: 5))
    let judge = Judge(network, classNames: ["zero", "one", "two"])
    try judge.write(to: file)
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
