import Extractors
import Foundation
import Judging
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

/// Inception-v3 against PyTorch (Scripts/fixtures/make_extractors.py).
@Suite struct InceptionV3Tests {
  private let files: ExtractorFiles

  init() throws { files = try ExtractorFiles() }

  @Test(arguments: [
    (InceptionV3.Variant.fid, "fid", ""), (.torchvision, "inception", "state_dict.module."),
  ])
  func `a file's network sees what PyTorch's does`(
    variant: InceptionV3.Variant, name: String, prefix: String
  ) throws {
    var tensors = ExtractorFiles.inception(variant)
    if variant == .torchvision {
      tensors["AuxLogits.conv0.conv.weight"] = Tensor.zeros([16, 96, 1, 1])
    }
    let read = try FeatureExtractorFormats.read(files.write(tensors, prefix: prefix))
    let network = try #require(read.network as? InceptionV3)
    #expect(network.variant == variant && read.featureCount == 256)
    #expect(!network.parameters.requiresGradient)
    let prepared = read.preprocessing.prepared(ExtractorFiles.pictures, from: .zeroToOne)
    #expect(prepared.shape == [2, 3, 299, 299])
    let features = read.features(prepared)
    let fixture = try ExtractorFiles.fixture()
    #expect(
      features.relativeDifference(from: try #require(fixture["\(name).features"])) < 1e-5)
    // The other network with these names sees something else.
    let other = try #require(fixture[variant == .fid ? "inception.features" : "fid.features"])
    #expect(features.relativeDifference(from: other) > 0.01)
  }

  @Test func `a picture's features do not depend on its neighbours in the batch`() throws {
    let network = InceptionV3(.fid, width: 4)
    try network.parameters.load(
      HashedWeights.tensors(of: network.parameters), file: "weights")
    let pictures = network.preprocessing.prepared(ExtractorFiles.pictures, from: .zeroToOne)
    let alone = network.features(pictures.sliced(1..<2))
    #expect(
      network.features(pictures).sliced(1..<2).relativeDifference(from: alone) < 1e-5)
  }

  @Test func `it has the public networks' sizes and names`() {
    for variant in [InceptionV3.Variant.fid, .torchvision] {
      let network = InceptionV3(variant)
      let parameters = network.parameters.parameters
      let trained = parameters.filter { !$0.name.contains(".running_") }
      // torchvision's network without scores of classes: 23,834,568 less 2,049,000 of `fc`.
      #expect(trained.reduce(0) { $0 + $1.elementCount } == 21_785_568)
      #expect(parameters.count == 94 * 5 && network.featureCount == 2048)
      let shapes = network.parameters.named()
      #expect(shapes["Conv2d_1a_3x3.conv.weight"]?.shape == [32, 3, 3, 3])
      #expect(shapes["Mixed_6c.branch7x7dbl_5.conv.weight"]?.shape == [192, 160, 1, 7])
      #expect(shapes["Mixed_7c.branch3x3dbl_3b.conv.weight"]?.shape == [384, 384, 3, 1])
      #expect(shapes["Mixed_7c.branch_pool.bn.running_var"]?.shape == [192])
    }
    #expect(InceptionV3(.fid).name == "Inception-2015-12-05")
    #expect(InceptionV3(.torchvision).name == "InceptionV3")
    #expect(InceptionV3(.fid, width: 4).name == "Inception-2015-12-05 of width 4")
  }

  @Test func `the FID's pictures are resized without antialiasing`() {
    let white = Tensor.full(1, shape: [1, 1, 598, 598])
    let dots = white * 0
    // Every fourth pixel of every fourth row is white; halving without averaging finds pairs of pixels.
    dots.sliced(0..<1, dimension: 2).fillInPlace(1)
    let prepared = InceptionV3.preprocessing(.fid).prepared(dots, from: .zeroToOne)
    #expect(prepared.shape == [1, 3, 299, 299])
    // The first row lies between a white row and a black one: 0.5, which is 0 of -1..1.
    #expect(prepared.sliced(0..<1, dimension: 2).abs().max().item() < 1e-5)
    #expect((prepared.sliced(1..<2, dimension: 2) + 1).abs().max().item() < 1e-5)
  }

  @Test func `relatives, missing and misshapen tensors are named`() throws {
    let whole = ExtractorFiles.inception(.fid)
    func sentence(_ change: (inout StateDict) -> Void) throws -> String {
      var tensors = whole
      change(&tensors)
      let url = try files.write(tensors)
      let words = try ExtractorFiles.refusal { _ = try FeatureExtractorFormats.read(url) }
      #expect(words.contains(url.path))
      return words
    }
    #expect(
      try sentence { $0["fc.weight"] = nil }
        .contains("the tensor fc.weight, which tells one network from the other, is missing"))
    #expect(
      try sentence { $0["fc.weight"] = Tensor.zeros([10, 256]) }
        .contains("has 10 rows; expected an Inception-v3 with Conv2d_1a_3x3.conv.weight"))
    #expect(
      try sentence { $0["Mixed_7c.branch_pool.bn.running_var"] = nil }
        .contains("the tensor Mixed_7c.branch_pool.bn.running_var [24] is missing"))
    #expect(
      try sentence { $0["Mixed_6b.branch7x7_2.conv.weight"] = Tensor.zeros([16, 16, 7, 1]) }
        .contains("has shape [16, 16, 7, 1], the network needs [16, 16, 1, 7]"))
    // The FID's network has no auxiliary scores.
    #expect(
      try sentence { $0["AuxLogits.conv0.conv.weight"] = Tensor.zeros([1]) }
        .contains("it holds a tensor AuxLogits.conv0.conv.weight that it does not have"))
    #expect(
      try sentence { $0["Conv2d_1a_3x3.conv.weight"] = Tensor.zeros([5, 3, 3, 3]) }
        .contains("has 5 channels that leave, no even number of them"))
    #expect(
      try sentence { $0["Conv2d_2a_3x3.bn.bias"] = Tensor.full(.nan, shape: [4]) }
        .contains("Conv2d_2a_3x3.bn.bias holds a value that is infinite or not a number"))
    // A width that the rest of the file does not bear out takes no memory.
    #expect(
      try sentence { $0["Conv2d_1a_3x3.conv.weight"] = Tensor.zeros([1 << 16, 3, 3, 3]) }
        .contains("Conv2d_1a_3x3.bn.weight has shape [4], the network needs [65536]"))
  }
}
