import Checkpoints
import Foundation
import StyleGAN2
import Testing
import Torch
import TorchNN

/// The sizes that fixtures exist for.
let fixtureSizes = [8, 32, 64, 256]

/// Networks with random weights, and what PyTorch makes of them (Scripts/fixtures/make_stylegan2.py).
struct ParityFixture {
  let name: String
  let file: SafetensorsFile
  let configuration: NetworkConfiguration
  let generator: Generator
  let discriminator: Discriminator

  init(size: Int) throws {
    let name = "stylegan2-\(size).safetensors"
    let file = try SafetensorsFile.read(
      try #require(
        Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Fixtures")))
    func integer(_ key: String) throws -> Int {
      try #require(file.metadata[key].flatMap { Int($0) }, "\(key) in \(name)")
    }
    let configuration = NetworkConfiguration(
      size: try integer("size"), latentSize: try integer("latent"),
      mappingDepth: try integer("depth"), channelCap: try integer("cap"))
    self.name = name
    self.file = file
    self.configuration = configuration
    generator = Generator(configuration)
    discriminator = Discriminator(configuration)
    try generator.parameters.load(file.tensors.under("g"), file: name)
    try discriminator.parameters.load(file.tensors.under("d"), file: name)
    generator.setNoiseMaps(
      try configuration.noiseSizes.indices.map { try tensor("g.noises.noise_\($0)") })
  }

  func tensor(_ key: String) throws -> Tensor {
    try #require(file.tensors[key], "\(key) in \(name)")
  }

  func number(_ key: String) throws -> Double {
    try #require(file.metadata[key].flatMap { Double($0) }, "\(key) in \(name)")
  }

  /// The first layer that takes the second latent's style.
  var crossover: Int { get throws { Int(try number("inject")) } }

  /// The styles of mixed pictures, with a graph.
  func mixedStyles() throws -> Tensor {
    generator.layered(
      generator.styles(try tensor("in.z1")),
      mixedWith: generator.styles(try tensor("in.z2")), from: try crossover)
  }
}
