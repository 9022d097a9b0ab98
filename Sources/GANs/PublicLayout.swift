public import Torch

/// The state of the networks of an architecture's public scripts, tensor by tensor.
///
/// Their files hold more than our networks have: constants such as the kernels of blurs are buffers
/// there, and strict loading asks for each of them. The order is that in which those networks register
/// them.
public struct PublicLayout: Sendable {
  /// One tensor of a network's state.
  public enum Entry: Sendable {
    /// A parameter or a noise map, by its canonical name.
    case own(String)
    /// A constant, which is the same in every file.
    case constant(String, Tensor)
  }

  /// The generator's tensors.
  public var generator: [Entry]
  /// The discriminator's tensors.
  public var discriminator: [Entry]

  /// A layout.
  ///
  /// - Parameters:
  ///   - generator: the generator's tensors, noise maps included.
  ///   - discriminator: the discriminator's tensors.
  public init(generator: [Entry], discriminator: [Entry]) {
    self.generator = generator
    self.discriminator = discriminator
  }
}
