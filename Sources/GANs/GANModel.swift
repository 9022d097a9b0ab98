public import Torch
public import TorchNN

/// A GAN in training: both networks, the generator's moving average, both optimisers.
public final class GANModel {
  /// The sizes of the networks.
  public let configuration: any GANConfiguration
  /// The generator that gradients change.
  public let generator: any GeneratorNetwork
  /// The discriminator.
  public let discriminator: any DiscriminatorNetwork
  /// Whether there is a discriminator.
  ///
  /// The model of a bare generator has none: ``discriminator`` is of zeros then, is never asked and never
  /// written.
  public let hasDiscriminator: Bool
  /// The moving average of the generator: the one that is used and measured.
  public let generatorEMA: any GeneratorNetwork
  /// Adam for ``generator``.
  public let generatorOptimiser: Adam
  /// Adam for ``discriminator``.
  public let discriminatorOptimiser: Adam
  /// What the model's files shall record of its descent (``GANFile/lineage``); nil for nothing.
  public var lineage: String?
  /// Where an adaptive probability of augmentation goes on, by the file that the model comes from; nil
  /// where it begins anew.
  public var augmentationProbability: Double?

  /// A model with zero parameters, to be initialised or loaded.
  ///
  /// - Parameters:
  ///   - configuration: valid sizes.
  ///   - pixelRange: the range of the pictures' values.
  ///   - options: where the optimisers' constants come from.
  ///   - hasDiscriminator: whether there is one.
  ///   - device: where it lives.
  public init(
    _ configuration: any GANConfiguration, pixelRange: PixelRange, options: TrainingOptions,
    hasDiscriminator: Bool = true, device: Device = .cpu
  ) {
    self.hasDiscriminator = hasDiscriminator
    self.configuration = configuration
    generator = configuration.makeGenerator(pixelRange: pixelRange, device: device)
    discriminator = configuration.makeDiscriminator(device: device)
    generatorEMA = configuration.makeGenerator(pixelRange: pixelRange, device: device)
    generatorOptimiser = Adam(generator.parameters, options: options.generatorAdam)
    discriminatorOptimiser = Adam(discriminator.parameters, options: options.discriminatorAdam)
    // The average is never differentiated.
    generatorEMA.parameters.requiresGradient = false
  }

  /// Starts training from scratch.
  ///
  /// - Parameter random: where starting values come from.
  public func initialise(using random: RandomGenerator) {
    generator.initialise(using: random.split("generator"))
    discriminator.parameters.initialise(using: random.split("discriminator"))
    generatorEMA.parameters.copy(from: generator.parameters)
    generatorEMA.setNoiseMaps(generator.noiseMaps)
  }
}
