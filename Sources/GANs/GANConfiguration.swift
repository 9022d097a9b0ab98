public import Torch
public import TorchNN

/// The sizes that define a generator and its discriminator, and the networks of these sizes.
///
/// Whoever trains, asks or measures networks needs no more of them than this: only the
/// ``Architecture`` knows which layers they have.
public protocol GANConfiguration: Sendable, Equatable, Codable, CustomStringConvertible {
  /// The family that the networks belong to.
  var architecture: any Architecture { get }
  /// The side of the pictures in pixels.
  var size: Int { get }
  /// The length of the latent z and the style w.
  var latentSize: Int { get }
  /// How many classes a conditional generator tells apart; 0 for one that is told none.
  var classCount: Int { get }
  /// How many styles a picture takes.
  var styleCount: Int { get }
  /// The side of every noise map, in order.
  var noiseSizes: [Int] { get }
  /// Every number that defines the networks, by the name that records give it.
  var fields: [(name: String, value: Int)] { get }

  /// Throws unless networks of these sizes exist.
  ///
  /// - Throws: ``ConfigurationError`` naming the field.
  func validate() throws(ConfigurationError)

  /// A generator with zero parameters, to be initialised or loaded.
  ///
  /// - Parameters:
  ///   - pixelRange: the range of its pictures' values.
  ///   - device: where it lives.
  /// - Returns: the generator.
  func makeGenerator(pixelRange: PixelRange, device: Device) -> any GeneratorNetwork

  /// A discriminator with zero parameters, to be initialised or loaded.
  ///
  /// - Parameter device: where it lives.
  /// - Returns: the discriminator.
  func makeDiscriminator(device: Device) -> any DiscriminatorNetwork

  /// Declares the generator's parameters, in their order, without making a network.
  ///
  /// - Parameter scope: the root of the names.
  func declareGenerator(in scope: ParameterScope)

  /// Declares the discriminator's parameters, in their order, without making a network.
  ///
  /// - Parameter scope: the root of the names.
  func declareDiscriminator(in scope: ParameterScope)
}

extension GANConfiguration {
  /// None: the generator is told no class.
  public var classCount: Int { 0 }

  /// The length of a generator's input: the latent z, and one number for each class behind it.
  ///
  /// The largest of these numbers tells the class, so that standard normal inputs are of every class
  /// equally often, and whoever draws and keeps inputs needs not know of classes.
  public var inputSize: Int { latentSize + classCount }

  /// Whether the networks are the same as those of another configuration.
  ///
  /// - Parameter other: of any architecture.
  /// - Returns: whether both define the same networks.
  public func isEqual(to other: any GANConfiguration) -> Bool { (other as? Self) == self }

  /// The names of the generator's parameters, in the order of declaration.
  public var generatorParameterNames: [String] { generatorShapes.map(\.name) }

  /// The names of the discriminator's parameters, in the order of declaration.
  public var discriminatorParameterNames: [String] { discriminatorShapes.map(\.name) }

  /// The names and sizes of the generator's parameters, in the order of declaration.
  var generatorShapes: [(name: String, shape: [Int])] {
    let root = ParameterScope()
    declareGenerator(in: root)
    return root.shapes
  }

  /// The names and sizes of the discriminator's parameters, in the order of declaration.
  var discriminatorShapes: [(name: String, shape: [Int])] {
    let root = ParameterScope()
    declareDiscriminator(in: root)
    return root.shapes
  }

  /// The names of the generator's noise maps in checkpoints, in order.
  var noiseMapNames: [String] { noiseSizes.indices.map { "noises.noise_\($0)" } }

  /// Whether a generator's tensors are without any noise map, as those of StyleGAN2 were before
  /// maps were saved.
  func lacksNoiseMaps(_ generator: StateDict?) -> Bool {
    noiseMapNames.allSatisfy { generator?[$0] == nil }
  }
}

/// A configuration that names no network.
public enum ConfigurationError: Error, Equatable, CustomStringConvertible {
  /// A field with a value that it cannot have.
  case outOfRange(field: String, value: String, expected: String)

  /// One sentence that names the field, the value and what was expected.
  public var description: String {
    switch self {
    case .outOfRange(let field, let value, let expected):
      "\(field) is \(value), expected \(expected)"
    }
  }
}
