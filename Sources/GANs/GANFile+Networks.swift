public import Torch
import TorchNN

extension GANFile {
  /// The generator that users see: the average where there is one.
  ///
  /// - Parameter device: where it lives.
  /// - Returns: the generator; its parameters need no gradient.
  /// - Throws: `ParameterError` or ``GANFileError`` if tensors do not fit, `CheckpointError` if the
  ///   file has changed.
  public func makeGenerator(device: Device = .cpu) throws -> any GeneratorNetwork {
    let result = configuration.makeGenerator(pixelRange: pixelRange, device: device)
    try requireFit([shownGenerator])
    try result.load(generatorEMA ?? generator, part: shownGenerator, file: path)
    try requireUnchanged()
    result.parameters.requiresGradient = false
    return result
  }

  /// The discriminator.
  ///
  /// - Parameter device: where it lives.
  /// - Returns: the discriminator, whose parameters need no gradient; nil if the file has none.
  /// - Throws: `ParameterError` or ``GANFileError`` if tensors do not fit, `CheckpointError` if the
  ///   file has changed.
  public func makeDiscriminator(device: Device = .cpu) throws -> (any DiscriminatorNetwork)? {
    guard let discriminator else { return nil }
    try requireFit([.discriminator])
    let result = configuration.makeDiscriminator(device: device)
    try result.parameters.load(discriminator, part: .discriminator, file: path)
    try requireUnchanged()
    result.parameters.requiresGradient = false
    return result
  }
}
