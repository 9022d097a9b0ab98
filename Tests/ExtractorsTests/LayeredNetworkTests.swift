import Extractors
import Foundation
import Judging
import TestSupport
import Testing
import Torch
import TorchNN

/// VGG16, AlexNet and SqueezeNet 1.1 against PyTorch (Scripts/fixtures/make_extractors.py).
@Suite struct LayeredNetworkTests {
  private let files: ExtractorFiles

  init() throws { files = try ExtractorFiles() }

  @Test(arguments: ExtractorFiles.layered)
  func `a file's network sees what PyTorch's does`(network: ExtractorFiles.Layered) throws {
    var tensors = network.tensors
    let scores = network.name == "squeezenet" ? "classifier.1" : "classifier.6"
    tensors["\(scores).weight"] = Tensor.zeros([1000, 3])
    let read = try FeatureExtractorFormats.read(files.write(tensors))
    #expect(read.name == "\(network.design.name) of width \(network.width)")
    let pictures = read.preprocessing.prepared(ExtractorFiles.pictures, from: .zeroToOne)
    let expected = try #require(try ExtractorFiles.fixture()["\(network.name).features"])
    #expect(read.featureCount == expected.shape[1])
    #expect(read.features(pictures).relativeDifference(from: expected) < 1e-5)
  }

  @Test func `they have torchvision's sizes and names`() {
    for (design, count, featureCount, last) in [
      (LayeredDesign.vgg16, 138_357_544 - 4_097_000, 4096, "features.28.weight"),
      (.alexNet, 61_100_840 - 4_097_000, 4096, "features.10.weight"),
      (.squeezeNet, 1_235_496 - 513_000, 512, "features.12.expand3x3.weight"),
    ] {
      let network = LayeredNetwork(design)
      #expect(network.parameters.elementCount == count && network.featureCount == featureCount)
      #expect(network.name == design.name)
      #expect(
        network.parameters.parameters.last { $0.name.hasPrefix("features") && $0.shape.count == 4 }?
          .name == last)
    }
  }

  @Test func `relatives, missing and misshapen tensors are named`() throws {
    func sentence(_ index: Int, _ change: (inout StateDict) -> Void) throws -> String {
      var tensors = ExtractorFiles.layered[index].tensors
      change(&tensors)
      let url = try files.write(tensors)
      return try ExtractorFiles.refusal { _ = try FeatureExtractorFormats.read(url) }
    }
    // VGG19 has more convolutions, and VGG16 with batch normalisation has others.
    #expect(
      try sentence(0) { $0["features.34.weight"] = Tensor.zeros([32, 32, 3, 3]) }
        .contains("is no VGG16 of width 4: it holds a tensor features.34.weight"))
    #expect(
      try sentence(0) { $0["features.1.running_mean"] = Tensor.zeros([4]) }
        .contains("features.1.running_mean that it does not have; expected VGG16 with"))
    #expect(
      try sentence(0) { $0["classifier.3.weight"] = nil }
        .contains("the tensor classifier.3.weight [256, 256] is missing"))
    #expect(
      try sentence(1) { $0["features.3.bias"] = Tensor.zeros([8]) }
        .contains("the tensor features.3.bias has shape [8], the network needs [24]"))
    // SqueezeNet 1.0 has kernels of 7x7 and other numbers.
    #expect(
      try sentence(2) { $0["features.5.squeeze.weight"] = Tensor.zeros([4, 16, 1, 1]) }
        .contains("is no SqueezeNet 1.1 of width 8: it holds a tensor features.5.squeeze.weight"))
    #expect(
      try sentence(2) { $0["features.0.weight"] = Tensor.zeros([6, 3, 3, 3]) }
        .contains("features.0.weight has 6 channels that leave, no multiple of 4"))
  }
}
