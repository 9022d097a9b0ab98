import Foundation
import GANs
import TestNetworks
import Testing
import Torch

/// options.json tells what a run has used, not what it would have used elsewhere.
@Suite struct RecordedOptionsTests {
  private let lethe: CommandRunner

  init() throws {
    lethe = try CommandRunner()
    var options = TrainingOptions()
    options.learningRate = 0.00125
    let model = GANModel(
      TinyNetworks.configuration(), pixelRange: .minusOneToOne, options: options)
    model.initialise(using: RandomGenerator(seed: 1))
    try model.write(to: lethe.file("gan.pt"))
    try TinyNetworks.judge(for: model.generatorEMA).write(to: lethe.file("judge.pth"))
    try TinyData.writeIDX(lethe.file("data"))
  }

  /// The constants of training in a run's record.
  private func training(_ run: String, in part: String? = nil) throws -> [String: Any] {
    let data = try Data(contentsOf: lethe.file("\(run)/options.json"))
    let record = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    let options = record?["options"] as? [String: Any]
    let owner = part.map { options?[$0] as? [String: Any] } ?? options
    return try #require(owner?["training"] as? [String: Any])
  }

  private func rate(_ training: [String: Any], _ adam: String) -> Double? {
    (training[adam] as? [String: Any])?["learning_rate"] as? Double
  }

  @Test(arguments: [
    ["adapt", "--judge", "judge.pth", "--forget", "one", "--models", "1", "--negatives", "4"],
    ["train", "gan", "--data", "data"],
  ])
  func `X10 the learning rate that is used is the one that is recorded`(command: [String]) throws {
    let common = command + ["--gan", "gan.pt", "--iterations", "1", "--batch", "4"]
    let part = command[0] == "adapt" ? "adaptation" : nil
    #expect(try lethe.run(common + ["--output", "kept"]).exitCode == 0)
    let kept = try training("kept", in: part)
    // Four of five of 0.00125, as Adam has it beside a penalty every fourth iteration.
    #expect(abs(try #require(rate(kept, "generator_adam")) - 0.001) < 1e-12)
    #expect(kept["learning_rate"] is NSNull)
    #expect(
      try lethe.run(common + ["--output", "asked", "--learning-rate", "0.01"]).exitCode == 0)
    let asked = try training("asked", in: part)
    #expect(abs(try #require(rate(asked, "generator_adam")) - 0.008) < 1e-12)
    #expect(asked["learning_rate"] as? Double == 0.01)
    // What follows from the files does not stand in the way of a run from before it was recorded.
    let file = lethe.file("kept/options.json")
    var text = try String(contentsOf: file, encoding: .utf8)
    for (name, value) in [("generator_adam", "null"), ("discriminator_adam", "null")] {
      text.replace(try Regex("\"\(name)\": *\\{[^}]*\\}"), with: "\"\(name)\": \(value)")
    }
    text.replace("\"learning_rate\": null", with: "\"learning_rate\": 0.002")
    try Data(text.utf8).write(to: file)
    let again = try lethe.run(common + ["--output", "kept", "--resume"])
    #expect(again.exitCode == 0, "\(again.errors)")
    let other = try lethe.run(
      common + ["--output", "kept", "--resume", "--learning-rate", "0.002"])
    #expect(other.exitCode == 1)
    #expect(other.errors.contains("keeps_optimiser_constants true, not false"))
  }
}
