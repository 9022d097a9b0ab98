import GANs
import Runs
import TorchNN

extension OptionsRecord {
  /// Adds the constants of a training that goes on from a GAN, as they are used.
  ///
  /// Adam's constants in a checkpoint win over ours, unless somebody asks for a learning rate. Then the
  /// rate of the options is nobody's, and the record says nothing of it.
  ///
  /// - Parameters:
  ///   - training: the constants as asked for.
  ///   - path: the names of the parts that hold them.
  ///   - file: the GAN that the training starts from; nil where it starts from nothing.
  /// - Throws: what encoding throws.
  mutating func setOptimisers(
    of training: TrainingOptions, in path: [String], startingFrom file: GANFile?
  ) throws {
    let kept = training.keepsOptimiserConstants ? file : nil
    let (generator, discriminator) = (
      kept?.generatorOptimiser?.options, kept?.discriminatorOptimiser?.options
    )
    try set("generator_adam", in: path, to: generator ?? training.generatorAdam)
    try set("discriminator_adam", in: path, to: discriminator ?? training.discriminatorAdam)
    if generator != nil, discriminator != nil {
      try set("learning_rate", in: path, to: Double?.none)
    }
  }
}

extension GANConfiguration {
  /// The sizes by the names that records give them.
  var record: [String: Int] {
    Dictionary(fields.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
  }
}
