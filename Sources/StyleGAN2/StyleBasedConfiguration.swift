public import GANs
public import Torch
public import TorchNN

/// Sizes of networks whose generator has the mapping network and the feature maps of StyleGAN2.
public protocol StyleBasedConfiguration: GANConfiguration {
  /// The sizes of the mapping network and of the feature maps, as a StyleGAN2 has them.
  var maps: NetworkConfiguration { get }
  /// What the channels of the generator's ToRGB layers stand for.
  var colours: ColourTransform { get }
  /// The layers of the discriminator.
  associatedtype Discriminating: DiscriminatorLayers where Discriminating.Configuration == Self
}

extension StyleBasedConfiguration {
  /// A generator with zero parameters, to be initialised or loaded.
  ///
  /// - Parameters:
  ///   - pixelRange: the range of its pictures' values.
  ///   - device: where it lives.
  /// - Returns: the generator.
  public func makeGenerator(pixelRange: PixelRange, device: Device) -> any GeneratorNetwork {
    StyleBasedGenerator(self, pixelRange: pixelRange, device: device)
  }

  /// Declares the generator's parameters, in their order, without making a network.
  ///
  /// - Parameter scope: the root of the names.
  public func declareGenerator(in scope: ParameterScope) {
    _ = StyleBasedGenerator.layers(scope, self)
  }

  /// A discriminator with zero parameters, to be initialised or loaded.
  ///
  /// - Parameter device: where it lives.
  /// - Returns: the discriminator.
  public func makeDiscriminator(device: Device) -> any DiscriminatorNetwork {
    StyleBasedDiscriminator<Discriminating>(self, device: device)
  }

  /// Declares the discriminator's parameters, in their order, without making a network.
  ///
  /// - Parameter scope: the root of the names.
  public func declareDiscriminator(in scope: ParameterScope) {
    _ = Discriminating(scope, self)
  }
}
