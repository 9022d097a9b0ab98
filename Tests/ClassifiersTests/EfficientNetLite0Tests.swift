import Checkpoints
import Classifiers
import Foundation
import Judging
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

/// EfficientNet-Lite0 against PyTorch (Scripts/fixtures/make_efficientnet.py).
@Suite struct EfficientNetLite0Tests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ tensors: StateDict, name: String = "weights") throws -> URL {
    let url = folder.url.appending(path: "\(name).safetensors")
    try SafetensorsFile(tensors: tensors).write(to: url)
    return url
  }

  @Test func `a file's network says what PyTorch's does, at even and odd sizes`() throws {
    let url = try #require(
      Bundle.module.url(
        forResource: "efficientnet.safetensors", withExtension: nil, subdirectory: "Fixtures"))
    let fixture = try SafetensorsFile.read(url).tensors
    let made = EfficientNetLite0(labels: .numberedClasses(5))
    var tensors = StateDict()
    for (name, tensor) in HashedWeights.tensors(of: made.parameters) {
      // As `filled` of the script has it, so that values reach the 6 where ReLU6 ends.
      let isVariance = name.hasSuffix("running_var")
      tensors["state_dict.\(name)"] = isVariance ? tensor * 0.7 : tensor
      if isVariance {
        tensors["state_dict.\(name.replacing("running_var", with: "num_batches_tracked"))"] =
          Tensor([Int64(7)])
      }
    }
    let judge = try Judge.read(write(tensors))
    let read = try #require(judge.classifier as? EfficientNetLite0)
    #expect(read.labels == .numberedClasses(5) && !read.parameters.requiresGradient)
    for size in [224, 75] {
      let picture = HashedWeights.tensor("pictures.\(size)", shape: [1, 3, size, size])
      let features = read.features(picture)
      #expect(features.shape == [1, read.featureCount])
      #expect(
        features.largestDifference(from: try #require(fixture["features.\(size)"])) < 1e-4)
      #expect(
        read.logits(fromFeatures: features)
          .largestDifference(from: try #require(fixture["logits.\(size)"])) < 1e-4)
    }
  }

  @Test func `it has the public network's size and names`() throws {
    let network = EfficientNetLite0()
    let parameters = network.parameters.parameters
    let running = parameters.filter { $0.name.contains(".running_") }
    #expect(
      parameters.reduce(0) { $0 + $1.elementCount } - running.reduce(0) { $0 + $1.elementCount }
        == 4_652_008)
    // The package's file has a count of batches beside each mean and variance.
    #expect(parameters.count + running.count / 2 == 296)
    #expect(network.featureCount == 1280 && network.labels == .numberedClasses(1000))
    let shapes = network.parameters.named()
    #expect(shapes["_conv_stem.weight"]?.shape == [32, 3, 3, 3])
    #expect(shapes["_blocks.0._expand_conv.weight"] == nil)
    #expect(shapes["_blocks.11._depthwise_conv.weight"]?.shape == [672, 1, 5, 5])
    #expect(shapes["_blocks.15._project_conv.weight"]?.shape == [320, 1152, 1, 1])
    #expect(shapes["_fc.bias"]?.shape == [1000])
  }

  @Test func `pictures are taken at 224x224, 127 is 0 and white is 1`() {
    let bytes = Tensor.full(127, shape: [1, 3, 300, 300])
    let preprocessing = EfficientNetLite0.preprocessing
    let middle = preprocessing.prepared(bytes / 255, from: .zeroToOne)
    #expect(middle.shape == [1, 3, 224, 224] && middle.abs().max().item() < 1e-5)
    let white = preprocessing.prepared(Tensor.full(1, shape: [1, 1, 64, 64]), from: .minusOneToOne)
    #expect(white.shape == [1, 3, 224, 224] && (white - 1).abs().max().item() < 1e-5)
  }

  @Test func `names that the file records are the classes`() throws {
    let network = EfficientNetLite0(labels: .classes(["cat", "dog"]))
    let url = folder.url.appending(path: "named.safetensors")
    try network.write(to: url)
    #expect(try Judge.read(url).labels == network.labels)
    let names = try SafetensorsFile.read(url)
    var misnamed = names
    misnamed.tensors["_fc.weight"] = Tensor.zeros([3, 1280])
    misnamed.tensors["_fc.bias"] = Tensor.zeros([3])
    try misnamed.write(to: url, replacing: true)
    #expect(
      throws: ClassifierError.namesMisfit(file: url.path, names: ["cat", "dog"], outputs: 3)
    ) { try Judge.read(url) }
  }

  @Test func `missing, misshapen and unknown tensors are named`() throws {
    for (name, tensor, sentence) in [
      (
        "_blocks.3._bn1.running_mean", nil,
        "the tensor _blocks.3._bn1.running_mean [144] is missing"
      ),
      (
        "_blocks.3._depthwise_conv.weight", Tensor.zeros([144, 1, 3, 3]),
        "has shape [144, 1, 3, 3], the network needs [144, 1, 5, 5]"
      ),
      // EfficientNet-B0 has these names and more.
      (
        "_blocks.0._se_reduce.weight", Tensor.zeros([8, 32, 1, 1]),
        "it holds a tensor _blocks.0._se_reduce.weight that EfficientNet-Lite0 does not have; expected "
          + "an EfficientNet-Lite0 with _conv_stem, _bn0"
      ),
    ] {
      var tensors = EfficientNetLite0(labels: .numberedClasses(2)).parameters.named()
      tensors[name] = tensor
      let url = try write(tensors, name: name)
      let error = #expect(throws: (any Error).self) { try Judge.read(url) }
      let words = "\(try #require(error))"
      #expect(words.contains(sentence) && words.contains(url.path))
    }
  }
}
