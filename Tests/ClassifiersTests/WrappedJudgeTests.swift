import Checkpoints
import Classifiers
import Foundation
import Judging
import TestSupport
import Testing
import Torch
import TorchNN

/// Judges as people save them.
@Suite struct WrappedJudgeTests {
  private let folder: TemporaryFolder
  private let network: LeNet5

  init() throws {
    folder = try TemporaryFolder()
    network = LeNet5(labels: .numberedClasses(4))
    network.parameters.initialise(using: RandomGenerator(seed: 3))
  }

  private func read(_ root: TorchValue) throws -> Judge {
    try Judge.read(folder.write(TorchArchive.bytes(root), to: "judge.pth"))
  }

  private func message(_ root: TorchValue) -> String {
    do {
      _ = try read(root)
      return "read"
    } catch { return "\(error)".replacing(/^\S*\//, with: "") }
  }

  private func verdict(_ judge: Judge) -> Tensor {
    let pictures = RandomGenerator(seed: 4).uniform([3, 3, 16, 16])
    return judge.judge(pictures, in: .zeroToOne).probabilities
  }

  private func dictionary(_ prefix: String = "") -> TorchValue {
    .stateDict(network.parameters.named(), prefix: prefix)
  }

  @Test(
    arguments: [
      (nil, "module."), (nil, "_orig_mod."), (nil, "module._orig_mod."), ("state_dict", "module."),
      ("model_state_dict", ""), ("net", "module."), ("state_dict", "net."),
      ("state_dict", "model."),
      ("model", "classifier."),
    ] as [(String?, String)])
  func `F04 a judge is read wherever its network lies`(place: String?, prefix: String) throws {
    var root = dictionary(prefix)
    if let place {
      root = .named(["epoch": .integer(3), place: root, "acc": .number(0.99)])
    }
    #expect(try verdict(read(root)).hasSameBits(as: verdict(Judge(network))))
  }

  @Test func `F04 a part of a network may be wrapped, and an optimiser lie beside`() throws {
    var tensors = StateDict()
    for (name, tensor) in network.parameters.named() {
      tensors[name.replacing("convnet.", with: "convnet.module.")] = tensor
    }
    let state = TorchValue.dictionary([
      (.integer(0), .named(["exp_avg": .tensor(.zeros([6, 1, 5, 5]))]))
    ])
    let root = TorchValue.named([
      "model": .stateDict(tensors), "optimizer": .named(["state": state]),
    ])
    #expect(try verdict(read(root)).hasSameBits(as: verdict(Judge(network))))
  }

  @Test func `F04 two networks in a file are refused by name`() throws {
    #expect(
      message(.named(["model": dictionary(), "ema": dictionary("module.")]))
        == "judge.pth holds 2 networks: model and ema; save the one that shall judge in a file of "
        + "its own")
    var both = network.parameters.named()
    both["module.fc.f7.bias"] = .zeros([4])
    #expect(
      message(.stateDict(both))
        == "judge.pth holds 2 tensors named fc.f7.bias: fc.f7.bias and module.fc.f7.bias; save the "
        + "one that shall judge in a file of its own")
  }

  @Test func `R08 a judge with a weight that is not finite is refused`() throws {
    for value in [Float.infinity, .nan] {
      var tensors = network.parameters.named()
      tensors["fc.f7.bias"] = Tensor([0, 1, value, 2])
      #expect(message(.stateDict(tensors)).contains("the tensor fc.f7.bias holds a value that is"))
    }
  }

  @Test func `U18 a judge replaces no file unless asked to`() throws {
    let url = try folder.write("mine".utf8, to: "mine.safetensors")
    #expect(throws: CheckpointError.alreadyExists(path: url.path)) { try network.write(to: url) }
    #expect(try Data(contentsOf: url) == Data("mine".utf8))
    try network.write(to: url, replacing: true)
    #expect(try Judge.read(url).labels == .numberedClasses(4))
  }
}
