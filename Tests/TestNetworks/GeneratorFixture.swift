public import Checkpoints
public import Foundation
import GANs
public import StyleGAN2
public import Torch
import TorchNN

/// A generator with random weights, and PyTorch's numbers for it (Scripts/fixtures/make_stylegan2.py).
public struct GeneratorFixture {
  /// What the file lacks.
  public struct MissingError: Error, CustomStringConvertible {
    /// What is missing, and where.
    public let description: String
  }

  /// The file's name.
  public let name: String
  /// All that it holds.
  public let file: SafetensorsFile
  /// What its metadata say of the network.
  public let configuration: NetworkConfiguration
  /// The generator that it holds, noise maps included.
  public let generator: Generator

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - name: its name.
  ///   - bundle: whose folder `Fixtures` has it.
  /// - Throws: ``MissingError``, or the error of the file or of the generator.
  public init(_ name: String, in bundle: Bundle) throws {
    guard let url = bundle.url(forResource: name, withExtension: nil, subdirectory: "Fixtures")
    else { throw MissingError(description: "no fixture \(name)") }
    let file = try SafetensorsFile.read(url)
    func integer(_ key: String) throws -> Int { Int(try Self.number(key, of: file, name)) }
    self.name = name
    self.file = file
    configuration = NetworkConfiguration(
      size: try integer("size"), latentSize: try integer("latent"),
      mappingDepth: try integer("depth"), channelCap: try integer("cap"))
    generator = Generator(configuration)
    try generator.parameters.load(file.tensors.under("g"), file: name)
    generator.setNoiseMaps(
      try configuration.noiseSizes.indices.map { try tensor("g.noises.noise_\($0)") })
  }

  /// A tensor by its key.
  ///
  /// - Throws: ``MissingError``.
  public func tensor(_ key: String) throws -> Tensor {
    guard let tensor = file.tensors[key] else {
      throw MissingError(description: "no tensor \(key) in \(name)")
    }
    return tensor
  }

  /// A number of the metadata.
  ///
  /// - Throws: ``MissingError``.
  public func number(_ key: String) throws -> Double { try Self.number(key, of: file, name) }

  private static func number(
    _ key: String, of file: SafetensorsFile, _ name: String
  ) throws -> Double {
    guard let number = file.metadata[key].flatMap({ Double($0) }) else {
      throw MissingError(description: "no number \(key) in \(name)")
    }
    return number
  }
}
