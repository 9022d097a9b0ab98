import Checkpoints
import Extractors
import Foundation
import Runs
import Judging
import TestNetworks
import TestSupport
import Testing
import Torch

/// LPIPS against PyTorch (Scripts/fixtures/make_extractors.py).
@Suite struct LPIPSTests {
  private let files: ExtractorFiles

  init() throws { files = try ExtractorFiles() }

  private func read(_ network: ExtractorFiles.Layered) throws -> LPIPS {
    try LPIPS.read(
      network: files.write(network.tensors),
      heads: files.write(network.heads, name: "heads"))
  }

  @Test(arguments: ExtractorFiles.layered)
  func `distances are PyTorch's, at even and odd sizes`(network: ExtractorFiles.Layered) throws {
    let (lpips, fixture) = (try read(network), try ExtractorFiles.fixture())
    for (height, width) in [(64, 64), (47, 38)] {
      let first = HashedWeights.tensor("first.\(height)", shape: [2, 3, height, width])
      let change = HashedWeights.tensor("change.\(height)", shape: [2, 3, height, width])
      let second = (first + change * 0.5).clamped(-1, 1)
      let distances = lpips.distances(first, second)
      #expect(
        distances.relativeDifference(
          from: try #require(fixture["\(network.name).lpips.\(height)"])) < 1e-5)
      #expect(lpips.distances(second, first).largestDifference(from: distances) < 1e-6)
      #expect(lpips.distances(first, first).abs().max().item() == 0)
    }
  }

  @Test(arguments: ExtractorFiles.layered)
  func `the smallest pictures have a distance`(network: ExtractorFiles.Layered) throws {
    let lpips = try read(network)
    #expect(lpips.smallestSize == network.smallestSize)
    let black = Tensor.full(-1, shape: [1, 3, lpips.smallestSize, lpips.smallestSize])
    #expect(lpips.distances(black, -black).item() > 0)
    #expect(
      lpips.preprocessing(size: 64).prepared(
        Tensor.zeros([1, 1, 32, 32]), from: .zeroToOne
      ).hasSameBits(as: Tensor.full(-1, shape: [1, 3, 64, 64])))
  }

  @Test func `scores of classes are not needed`() throws {
    let network = ExtractorFiles.layered[1]
    var tensors = StateDict()
    for (name, tensor) in network.tensors where name.hasPrefix("features.") {
      tensors[name] = tensor
    }
    let lpips = try LPIPS.read(
      network: files.write(tensors), heads: files.write(network.heads, name: "heads"))
    #expect(lpips.name == "LPIPS of AlexNet of width 8")
    #expect(lpips.network.publicFile == nil && lpips.heads.publicFile == nil)
    let digest = lpips.heads.provenance.sha256
    #expect(digest.count == 64 && lpips.method.hasSuffix("weights \(digest.prefix(8))"))
    #expect(lpips.json["heads"]?["sha256"]?.string == digest)
  }

  @Test func `files that do not belong together are refused by name`() throws {
    let (vgg, alex) = (ExtractorFiles.layered[0], ExtractorFiles.layered[1])
    let network = try files.write(vgg.tensors)
    func sentence(_ heads: StateDict) throws -> String {
      let url = try files.write(heads, name: "heads")
      return try ExtractorFiles.refusal { _ = try LPIPS.read(network: network, heads: url) }
    }
    #expect(
      try sentence(alex.heads).contains(
        "is no set of heads for VGG16 of width 4: the tensor lin0.model.1.weight has shape "
          + "[1, 8, 1, 1], the network needs [1, 4, 1, 1]"))
    #expect(
      try sentence(vgg.tensors).contains("expected the heads of LPIPS with lin0.model.1.weight"))
    var heads = vgg.heads
    heads["lin3.model.1.weight"] = nil
    #expect(
      try sentence(heads).contains("the tensor lin3.model.1.weight [1, 32, 1, 1] is missing"))
    heads = vgg.heads
    heads["lin5.model.1.weight"] = Tensor.zeros([1, 32, 1, 1])
    #expect(try sentence(heads).contains("it holds a tensor lin5.model.1.weight"))
    heads = vgg.heads
    heads["lin1.model.1.weight"] = Tensor.full(-0.1, shape: [1, 8, 1, 1])
    #expect(
      try sentence(heads).contains("lin1.model.1.weight holds a negative number"))
    let words = try ExtractorFiles.refusal {
      _ = try LPIPS.read(
        network: files.write(vgg.heads, name: "a"), heads: files.write(vgg.heads, name: "b"))
    }
    #expect(words.contains("a.safetensors holds no network") && words.contains("or VGG16 with"))
  }
}
