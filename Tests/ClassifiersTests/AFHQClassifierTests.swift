import Checkpoints
import Classifiers
import Foundation
import Judging
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

/// The paper's judge of AFHQ against PyTorch (Scripts/fixtures/make_afhq.py).
@Suite struct AFHQClassifierTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Writes tensors, with PyTorch's counts of batches among them.
  private func write(_ tensors: StateDict, metadata: [String: String] = [:]) throws -> URL {
    var tensors = tensors
    for index in 1...3 {
      tensors["batchnorm\(index).num_batches_tracked"] = Tensor([Int64(7)])
    }
    let url = folder.url.appending(path: "model.safetensors")
    try SafetensorsFile(tensors: tensors, metadata: metadata).write(to: url)
    return url
  }

  @Test func `a file's network says what PyTorch's does`() throws {
    let url = try #require(
      Bundle.module.url(
        forResource: "afhq.safetensors", withExtension: nil, subdirectory: "Fixtures"))
    let fixture = try SafetensorsFile.read(url).tensors
    let judge = try Judge.read(write(HashedWeights.tensors(of: AFHQClassifier().parameters)))
    let read = try #require(judge.classifier as? AFHQClassifier)
    #expect(read.labels == .numberedClasses(3) && !read.parameters.requiresGradient)
    let pictures = (HashedWeights.tensor("pictures", shape: [2, 3, 250, 250]) + 1) * 0.5
    let features = read.features(pictures)
    #expect(features.shape == [2, read.featureCount])
    #expect(features.largestDifference(from: try #require(fixture["features"])) < 1e-4)
    #expect(read.logits(pictures).largestDifference(from: try #require(fixture["logits"])) < 1e-4)
    #expect(read.logits(fromFeatures: features).hasSameBits(as: read.logits(pictures)))
    // No batch statistics: a picture is judged as it is judged alone.
    #expect(
      read.features(pictures.sliced(0..<1)).largestDifference(from: features.sliced(0..<1)) < 1e-6)
  }

  @Test func `its parameters are named as in the paper's judge`() {
    let tensors = AFHQClassifier().parameters.named()
    let norms = (1...3).map { "batchnorm\($0)" }
    let layers = (1...4).map { "conv\($0)" } + ["fc1", "fc2"]
    #expect(
      Set(tensors.keys)
        == Set(
          (layers + norms).flatMap { ["\($0).weight", "\($0).bias"] }
            + norms.flatMap { ["\($0).running_mean", "\($0).running_var"] }))
    #expect(tensors["fc1.weight"]?.shape == [512, 1024])
    #expect(
      AFHQClassifier(labels: .numberedClasses(5)).parameters.named()["fc2.weight"]?.shape
        == [5, 512])
  }

  @Test func `pictures are taken at 250x250 in 0 to 1`() {
    let pictures = AFHQClassifier.preprocessing.prepared(
      Tensor.full(1, shape: [2, 3, 256, 256]) * -1, from: .minusOneToOne)
    #expect(pictures.shape == [2, 3, 250, 250])
    #expect(pictures.min().item() == 0 && pictures.max().item() == 0)
  }

  @Test func `names that the file records are the classes`() throws {
    let network = AFHQClassifier(labels: .classes(["cat", "dog", "wild"]))
    let url = folder.url.appending(path: "named.safetensors")
    try network.write(to: url)
    #expect(try Judge.read(url).labels == network.labels)
  }

  @Test func `missing, misshapen and unknown tensors are named`() throws {
    for (name, tensor, sentence) in [
      ("batchnorm2.running_var", nil, "the tensor batchnorm2.running_var [128] is missing"),
      (
        "fc1.weight", Tensor.zeros([512, 2304]),
        "the tensor fc1.weight has shape [512, 2304], the network needs [512, 1024]"
      ),
      (
        "conv5.weight", Tensor.zeros([1]),
        "it holds a tensor conv5.weight that AFHQ CNN does not have; expected an AFHQ CNN with conv1"
      ),
    ] {
      var tensors = AFHQClassifier().parameters.named()
      tensors[name] = tensor
      let url = folder.url.appending(path: "\(name).safetensors")
      try SafetensorsFile(tensors: tensors).write(to: url)
      let error = #expect(throws: (any Error).self) { try Judge.read(url) }
      let words = "\(try #require(error))"
      #expect(words.contains(sentence) && words.contains(url.path))
    }
  }
}
