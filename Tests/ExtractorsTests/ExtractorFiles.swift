import Checkpoints
import Extractors
import Foundation
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

/// Files of narrow networks with the weights of Scripts/fixtures/make_extractors.py.
struct ExtractorFiles {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// What PyTorch made of them.
  static func fixture() throws -> StateDict {
    let url = try #require(
      Bundle.module.url(
        forResource: "extractors.safetensors", withExtension: nil, subdirectory: "Fixtures"))
    return try SafetensorsFile.read(url).tensors
  }

  /// The fixture's pictures, in 0..1.
  static var pictures: Tensor {
    HashedWeights.tensor("pictures", shape: [2, 3, 40, 40]) * 0.5 + 0.5
  }

  /// Writes tensors, with PyTorch's counts of batches among them.
  func write(
    _ tensors: StateDict, prefix: String = "", name: String = "weights"
  ) throws -> URL {
    var named = StateDict()
    for (key, tensor) in tensors {
      named[prefix + key] = tensor
      if key.hasSuffix("running_var") {
        named[prefix + key.replacing("running_var", with: "num_batches_tracked")] =
          Tensor([Int64(7)])
      }
    }
    let url = folder.url.appending(path: "\(name).safetensors")
    try SafetensorsFile(tensors: named).write(to: url, replacing: true)
    return url
  }

  /// The tensors of a narrow Inception, scores of classes and all.
  static func inception(_ variant: InceptionV3.Variant) -> StateDict {
    var tensors = HashedWeights.tensors(of: InceptionV3(variant, width: 4).parameters)
    let classes = variant == .fid ? 1008 : 1000
    tensors["fc.weight"] = Tensor.zeros([classes, 256])
    tensors["fc.bias"] = Tensor.zeros([classes])
    return tensors
  }

  /// A narrow network that LPIPS knows: its name in the fixture, design, width, and channels of the layers
  /// that LPIPS compares.
  struct Layered: Sendable, CustomTestStringConvertible {
    let name: String
    let design: LayeredDesign
    let width: Int
    let channels: [Int]
    let smallestSize: Int

    var testDescription: String { name }

    /// Its tensors, such that ReLU keeps activations near 1.
    var tensors: StateDict {
      var tensors = HashedWeights.tensors(of: LayeredNetwork(design, width: width).parameters)
      for (name, tensor) in tensors where tensor.rank > 1 {
        tensors[name] = tensor * 2.0.squareRoot()
      }
      return tensors
    }

    /// The heads of LPIPS.
    var heads: StateDict {
      var tensors = StateDict()
      for (index, count) in channels.enumerated() {
        let name = "lin\(index).model.1.weight"
        tensors[name] = HashedWeights.tensor(name, shape: [1, count, 1, 1]).abs()
      }
      return tensors
    }
  }

  static let layered = [
    Layered(
      name: "vgg16", design: .vgg16, width: 4, channels: [4, 8, 16, 32, 32], smallestSize: 16),
    Layered(
      name: "alexnet", design: .alexNet, width: 8, channels: [8, 24, 48, 32, 32],
      smallestSize: 31),
    Layered(
      name: "squeezenet", design: .squeezeNet, width: 8,
      channels: [8, 16, 32, 48, 48, 64, 64], smallestSize: 17),
  ]

  /// Reads something that shall be refused.
  static func refusal(_ read: () throws -> Void) throws -> String {
    "\(try #require(#expect(throws: (any Error).self) { try read() }))"
  }
}
