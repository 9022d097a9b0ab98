import Checkpoints
import Foundation
import GANs
import SWAGAN
import StyleGAN2
import TestNetworks
import Testing
import Torch
import TorchNN

/// The sizes that fixtures exist for.
let fixtureSizes = [16, 32]

/// Both networks with random weights, and what PyTorch makes of them (Scripts/fixtures/swagan.py).
struct SWAGANFixture {
  let name: String
  let file: SafetensorsFile
  let configuration: SWAGANConfiguration
  let generator: any GeneratorNetwork
  let discriminator: any DiscriminatorNetwork

  init(size: Int) throws {
    name = "swagan-\(size).safetensors"
    file = try SafetensorsFile.read(Self.url(name))
    let numbers = file.metadata
    func integer(_ key: String) throws -> Int { try #require(numbers[key].flatMap { Int($0) }) }
    configuration = SWAGANConfiguration(
      NetworkSizes(
        size: try integer("size"), latentSize: try integer("latent"),
        mappingDepth: try integer("depth"), channelCap: try integer("cap")))
    generator = configuration.makeGenerator(pixelRange: .minusOneToOne, device: .cpu)
    discriminator = configuration.makeDiscriminator(device: .cpu)
    let tensors = file.tensors
    try generator.parameters.load(tensors.under("g"), file: name)
    generator.setNoiseMaps(
      try configuration.noiseSizes.indices.map {
        try #require(tensors["g.noises.noise_\($0)"])
      })
    try discriminator.parameters.load(tensors.under("d"), file: name)
  }

  static func url(_ name: String) throws -> URL {
    try #require(Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Fixtures"))
  }

  func tensor(_ key: String) throws -> Tensor { try #require(file.tensors[key], "\(key)") }

  func number(_ key: String) throws -> Double {
    try #require(file.metadata[key].flatMap { Double($0) }, "\(key)")
  }

  /// The styles of mixed pictures, with a graph.
  func mixedStyles() throws -> Tensor {
    generator.layered(
      generator.styles(try tensor("in.z1")), mixedWith: generator.styles(try tensor("in.z2")),
      from: Int(try number("inject")))
  }
}

extension Tensor {
  /// The largest difference, as a share of the largest of the other's elements.
  func share(ofDifferenceFrom other: Tensor) -> Double {
    (self - other).abs().max().item() / Swift.max(other.abs().max().item(), 1e-12)
  }
}
