import Checkpoints
import Classifiers
import Foundation
import Judging
import TestSupport
import Testing
import Torch
import TorchNN

/// What a user says beside a judge's file wins over what the file and its network say.
@Suite struct JudgeSettingsTests {
  private let folder: TemporaryFolder
  private let file: URL

  init() throws {
    folder = try TemporaryFolder()
    file = folder.url.appending(path: "judge.safetensors")
    let network = ConvNet(labels: .numberedClasses(2), size: 16)
    network.parameters.initialise(using: RandomGenerator(seed: 2))
    try network.write(to: file)
  }

  private func read(_ settings: String) throws -> Judge {
    try Data(settings.utf8).write(to: JudgeSettings.place(of: file))
    return try Judge.read(file)
  }

  private func refusal(_ settings: String) -> String? {
    let error = #expect(throws: ClassifierError.self) { try read(settings) }
    let start = "\(file.path).json, the settings of the judge beside it, cannot be followed: "
    return error.flatMap {
      $0.description.hasPrefix(start) ? String($0.description.dropFirst(start.count)) : nil
    }
  }

  @Test func `names, kind and threshold are those of the settings`() throws {
    #expect(try Judge.read(file).labels == .numberedClasses(2))
    #expect(
      try read(#"{"names": ["hat", "beard"], "labels": "attributes", "threshold": 0.7}"#).labels
        == .attributes(["hat", "beard"], threshold: 0.7))
    #expect(try read(#"{"names": ["cat", "dog"]}"#).labels == .classes(["cat", "dog"]))
  }

  @Test func `a picture is shown as the settings say`() throws {
    let picture = Tensor.full(0.25, shape: [1, 3, 16, 16])
    let usual = try Judge.read(file)
    let other = try read(
      #"{"preprocessing": {"range": "0..1", "mean": [0.5, 0.5, 0.5], "standard_deviation": [0.5, 0.5, 0.5]}}"#
    )
    // (x - 0.5) / 0.5 is -1..1 again.
    #expect(
      other.prepared(picture, from: .zeroToOne)
        .largestDifference(from: usual.prepared(picture, from: .zeroToOne)) < 1e-6)
    let plain = try read(#"{"preprocessing": {"range": "0..1"}}"#)
    #expect(
      plain.prepared(picture, from: .zeroToOne)
        .largestDifference(from: usual.prepared(picture, from: .zeroToOne)) > 0.5)
    #expect(plain.classifier.name == "ConvNet")
  }

  @Test func `a residual network takes other sizes, a ConvNet does not`() throws {
    #expect(
      refusal(#"{"preprocessing": {"size": 64}}"#)
        == "preprocessing asks for pictures of 64x64, and a ConvNet takes 16x16 only; change it, or "
        + "move it away")
  }

  @Test func `a kind or a threshold that the network cannot have is refused, and so is a pipe`()
    throws
  {
    #expect(
      refusal(#"{"threshold": 0.7}"#)?.hasPrefix("threshold is for attributes") == true)
    let heads = folder.url.appending(path: "named.safetensors")
    let network = ConvNet(labels: .attributes(["hat", "beard"], threshold: 0.5), size: 16)
    network.parameters.initialise(using: RandomGenerator(seed: 2))
    try network.write(to: heads)
    try Data(#"{"labels": "classes"}"#.utf8).write(to: JudgeSettings.place(of: heads))
    #expect(try Judge.read(heads).labels == .classes(["hat", "beard"]))
    let place = JudgeSettings.place(of: file)
    try FileManager.default.removeItem(at: place)
    #expect(mkfifo(place.path, 0o600) == 0)
    #expect(throws: ClassifierError.self) { try Judge.read(file) }
  }

  @Test func `the network is known by its tensors, whatever pictures it is shown`() throws {
    let judge = try read(#"{"preprocessing": {"range": "0..1"}}"#)
    #expect(judge.network is ConvNet)
    #expect(try Judge.read(file).network is ConvNet)
  }

  @Test func `a tensor without elements claims no number of classes`() throws {
    var tensors = ConvNet(labels: .numberedClasses(2), size: 16).parameters.named()
    tensors["scores.weight"] = Tensor.zeros([1 << 40, 0])
    let empty = folder.url.appending(path: "empty.safetensors")
    try SafetensorsFile(tensors: tensors).write(to: empty)
    #expect {
      try Judge.read(empty)
    } throws: {
      "\($0)".contains("its tensor scores.weight has no elements")
    }
  }

  @Test func `what cannot be followed is named`() {
    #expect(refusal("[]")?.hasPrefix("it is no JSON object") == true)
    #expect(
      refusal(#"{"treshold": 0.5}"#)
        == "it has a field 'treshold'; expected names, labels, threshold, preprocessing; change it, or "
        + "move it away")
    #expect(
      refusal(#"{"preprocessing": {"crop": 3}}"#)?.hasPrefix(
        "it has a field 'crop'; expected size, width") == true)
    #expect(refusal(#"{"threshold": 1}"#)?.hasPrefix("threshold is 1.0, expected above 0") == true)
    #expect(
      refusal(#"{"preprocessing": {"mean": [1]}}"#)?.hasPrefix(
        "preprocessing has 1 numbers for 3 channels") == true)
    #expect(
      refusal(#"{"preprocessing": {"standard_deviation": [1, 0, 1]}}"#)?.contains("of 0") == true)
    #expect(
      refusal(#"{"preprocessing": {"range": "0..255"}}"#)?.hasPrefix(
        "preprocessing.range has a value of another kind") == true)
  }
}
