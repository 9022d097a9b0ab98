import Checkpoints
import Foundation
import StyleGAN2
import Testing
import Torch
import TorchNN

/// PyTorch's numbers for the method (Scripts/fixtures/make_stylegan2.py).
struct MethodFixture {
  let name: String
  let file: SafetensorsFile
  let configuration: NetworkConfiguration
  let generator: Generator

  init(_ name: String) throws {
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
    try generator.parameters.load(file.tensors.under("g"), file: name)
    generator.setNoiseMaps(
      try configuration.noiseSizes.indices.map { try tensor("g.noises.noise_\($0)") })
  }

  func tensor(_ key: String) throws -> Tensor {
    try #require(file.tensors[key], "\(key) in \(name)")
  }

  func number(_ key: String) throws -> Double {
    try #require(file.metadata[key].flatMap { Double($0) }, "\(key) in \(name)")
  }

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
      let shape = try #require(shapes[name], "\(name) of \(self.name)")
      let count = shape.reduce(1, *)
      tensors[name] = flat.sliced(end..<end + count).reshaped(shape)
      end += count
    }
    #expect(end == flat.elementCount)
    return try generator.parameters.gathered(tensors, file: self.name)
  }
}
