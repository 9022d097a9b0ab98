import Checkpoints
import Foundation
import GANs
import StyleGAN2
import TestNetworks
import Torch
import TorchNN

/// The sizes that fixtures exist for.
let fixtureSizes = [8, 32, 64, 256]

/// Both networks with random weights, and what PyTorch makes of them.
struct ParityFixture {
  let numbers: GeneratorFixture
  let discriminator: Discriminator

  init(size: Int) throws {
    numbers = try GeneratorFixture("stylegan2-\(size).safetensors", in: .module)
    discriminator = Discriminator(numbers.configuration)
    try discriminator.parameters.load(numbers.file.tensors.under("d"), file: numbers.name)
  }

  var configuration: NetworkConfiguration { numbers.configuration }
  var generator: Generator { numbers.generator }

  func tensor(_ key: String) throws -> Tensor { try numbers.tensor(key) }

  func number(_ key: String) throws -> Double { try numbers.number(key) }

  /// The first layer that takes the second latent's style.
  var crossover: Int { get throws { Int(try number("inject")) } }

  /// The styles of mixed pictures, with a graph.
  func mixedStyles() throws -> Tensor {
    generator.layered(
      generator.styles(try tensor("in.z1")),
      mixedWith: generator.styles(try tensor("in.z2")), from: try crossover)
  }
}
