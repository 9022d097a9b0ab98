import Classifiers
import Foundation
import Judging
import Records
import Runs
import TestSupport
import Testing
import Torch
import TorchNN

/// A judge of attributes is trained and scored by commands.
@Suite struct AttributeJudgeTests {
  private let lethe: CommandRunner

  init() throws {
    lethe = try CommandRunner()
    try TinyData.writeFaces(lethe.file("faces"))
  }

  private func train(_ more: String...) throws -> CommandRunner.Outcome {
    try lethe.run(
      [
        "train", "classifier", "--data", "faces", "--size", "16", "--batch", "9", "--output",
        "judge",
      ] + more)
  }

  @Test func `every attribute has a line, from training and from the score`() throws {
    let trained = try train("--epochs", "25")
    #expect(trained.exitCode == 0, "\(trained.errors)")
    let table = """
      attribute    present      right     recall  precision        AUC
      """
    #expect(trained.output.hasPrefix(table), "\(trained.output)")
    #expect(
      trained.output.hasSuffix(
        "\n\n12 of 12 answers about test pictures right (100.00 %): FOLDER/judge/judge.safetensors\n"
      ))
    let scored = try lethe.run("judge", "--judge", "judge", "--data", "faces")
    #expect(scored.exitCode == 0, "\(scored.errors)")
    #expect(
      scored.output.hasPrefix(
        "6 pictures\na test: the judge's training held these pictures out; it saw the other 54\n\n"
          + table))
    let json = try lethe.run("judge", "--judge", "judge", "--data", "faces", "--json")
    let object = try JSON(parsing: json.output, path: "judge --json").object
    #expect(object?["attributes"]?.array?.map { $0["name"]?.string } == ["Hat", "Beard"])
    #expect(object?["attributes"]?.array?.allSatisfy { $0["accuracy"]?.number == 1 } == true)
    // The same command again trains nothing and says the same.
    let again = try train("--epochs", "25", "--resume")
    #expect(again.exitCode == 0 && again.output == trained.output, "\(again.errors)")
  }

  @Test func `some of the attributes can be learned, and a misspelt one is refused`() throws {
    let misspelt = try train("--attributes", "Hat,Bread")
    #expect(misspelt.exitCode == 1)
    let sized = try lethe.run(
      "train", "classifier", "--data", "faces", "--network", "lenet5", "--size", "16")
    #expect(sized.errors.contains("a LeNet5 takes pictures of 32x32"), "\(sized.errors)")
    #expect(
      misspelt.errors == "Error: FOLDER/faces has no attribute Bread; it has Hat, Beard\n")
    #expect(!FileManager.default.fileExists(atPath: lethe.file("judge").path))
    let some = try train("--attributes", "Beard", "--epochs", "2", "--json")
    #expect(some.exitCode == 0, "\(some.errors)")
    let result = try JSON(parsing: some.output, path: "train --json").object
    #expect(result?["attributes"]?.array?.map { $0["name"]?.string } == ["Beard"])
  }

  @Test func `changes of pictures and weights reach the training, and its record`() throws {
    let plain = try train("--epochs", "1")
    let changed = try train(
      "--epochs", "1", "--mirror", "--shift", "2", "--balance", "--output", "changed")
    #expect(plain.exitCode == 0 && changed.exitCode == 0, "\(changed.errors)")
    func options(_ run: String) throws -> JSON.Object {
      OptionsRecord.read(try RunDirectory.open(at: lethe.file(run)).readOptions()).flattened
    }
    let record = try options("changed")
    #expect(record["mirror"] == true && record["shift"] == 2 && record["balance"] == true)
    #expect(try options("judge")["mirror"] == nil)
    #expect(
      try Data(contentsOf: lethe.file("judge/judge.safetensors"))
        != Data(contentsOf: lethe.file("changed/judge.safetensors")))
  }

  @Test func `a head is trained on the features of another network, which stays as it is`() throws {
    let backbone = EfficientNetLite0(labels: .numberedClasses(3))
    backbone.parameters.initialise(using: RandomGenerator(seed: 1))
    try backbone.write(to: lethe.file("weights.safetensors"))
    try TinyData.writeFaces(lethe.file("few"), count: 10)
    let outcome = try lethe.run(
      "train", "classifier", "--data", "few", "--network", "efficientnet-lite0", "--weights",
      "weights.safetensors", "--epochs", "1", "--batch", "3", "--output", "head")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let judge = try Judge.read(lethe.file("head/judge.safetensors"))
    #expect(judge.labels == .attributes(["Hat", "Beard"], threshold: 0.5))
    let network = try #require(judge.classifier as? EfficientNetLite0)
    let (tensors, former) = (network.parameters.named(), backbone.parameters.named())
    for (name, tensor) in tensors where !name.hasPrefix("_fc.") {
      #expect(former[name]?.hasSameBits(as: tensor) == true, "\(name)")
    }
    #expect(tensors["_fc.weight"]?.shape == [2, 1280])
    let refused = try lethe.run(
      "train", "classifier", "--data", "few", "--network", "efficientnet-lite0", "--weights",
      "head/training.safetensors")
    #expect(refused.exitCode == 1 && refused.errors.contains("training.safetensors"))
    let bare = try lethe.run(
      "train", "classifier", "--data", "few", "--network", "efficientnet-lite0")
    #expect(bare.exitCode != 0 && bare.errors.contains("--weights"), "\(bare.errors)")
  }

  @Test(arguments: [
    ("--size", "17", "--size is 17, expected 16, 32, 64, 128 or 256"),
    ("--shift", "17", "--shift is 17, expected 0 to 16"),
  ])
  func `sizes that no network has are refused`(
    _ option: String, _ value: String, _ message: String
  ) throws {
    let outcome = try lethe.run("train", "classifier", "--data", "faces", option, value)
    #expect(outcome.exitCode != 0 && outcome.errors.contains(message), "\(outcome.errors)")
  }
}
