import Checkpoints
import Foundation
import GANs
import StyleGAN2
import TestNetworks
import Testing
import Torch
import TorchNN

extension GeneratorFixture {
  /// PyTorch's order of the parameters.
  var parameterNames: [String] {
    get throws {
      let text = try #require(file.metadata["parameters"])
      return try JSONDecoder().decode([String].self, from: Data(text.utf8))
    }
  }

  /// All parameters, or their gradient, laid end to end by PyTorch, as a vector of our layout.
  func vector(_ key: String) throws -> Tensor {
    let flat = try tensor(key)
    let shapes = Dictionary(
      uniqueKeysWithValues: generator.parameters.parameters.map { ($0.name, $0.shape) })
    var tensors = StateDict()
    var end = 0
    for name in try parameterNames {
      let shape = try #require(shapes[name], "\(name) of \(name)")
      let count = shape.reduce(1, *)
      tensors[name] = flat.sliced(end..<end + count).reshaped(shape)
      end += count
    }
    #expect(end == flat.elementCount)
    return try generator.parameters.gathered(tensors, file: name)
  }
}
