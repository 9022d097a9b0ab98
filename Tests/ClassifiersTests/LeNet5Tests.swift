import Checkpoints
import Classifiers
import Foundation
import Judging
import TestSupport
import Testing
import Torch
import TorchNN

@Suite struct LeNet5Tests {
  /// Random weights and what PyTorch makes of them (Scripts/fixtures/make_lenet5.py).
  private func fixture() throws -> (network: LeNet5, tensors: StateDict) {
    let url = try #require(
      Bundle.module.url(
        forResource: "lenet5.safetensors", withExtension: nil, subdirectory: "Fixtures"))
    let tensors = try SafetensorsFile.read(url).tensors
    let network = LeNet5()
    try network.parameters.load(tensors.under("model"), file: url.lastPathComponent)
    return (network, tensors)
  }

  @Test func `features and log-probabilities agree with PyTorch`() throws {
    let (network, tensors) = try fixture()
    let pictures = try #require(tensors["in.images"])
    let features = network.features(pictures)
    let logProbabilities = network.logits(pictures).logSoftmax(1)
    #expect(features.largestDifference(from: try #require(tensors["out.features"])) < 1e-5)
    #expect(
      logProbabilities.largestDifference(from: try #require(tensors["out.log_probabilities"]))
        < 1e-5)
    #expect(network.logits(fromFeatures: features).hasSameBits(as: network.logits(pictures)))
  }

  @Test func `its parameters are named as in the paper's judge`() throws {
    let network = LeNet5()
    #expect(
      network.parameters.named().keys
        == ["convnet.c1", "convnet.c3", "convnet.c5", "fc.f6", "fc.f7"].flatMap {
          ["\($0).weight", "\($0).bias"]
        })
    #expect(network.parameters.elementCount == 61_706)
    #expect(
      LeNet5(labels: .numberedClasses(3)).logits(Tensor.zeros([2, 1, 32, 32])).shape == [2, 3])
  }

  @Test func `a judgement is the likeliest class with its probability`() throws {
    let (network, tensors) = try fixture()
    let judge = Judge(network)
    let judgement = judge.judge(try #require(tensors["in.images"]), in: .zeroToOne)
    let logProbabilities = try #require(tensors["out.log_probabilities"])
    #expect(
      judgement.classes == logProbabilities.argmax(1).array(of: Int64.self).map { Int($0) })
    #expect(
      Tensor(judgement.confidences)
        .largestDifference(from: logProbabilities.exp().max([1])) < 1e-5)
    #expect(
      judgement.features.largestDifference(from: try #require(tensors["out.features"])) < 1e-5)
    #expect(!judgement.features.requiresGradient)
  }
}
