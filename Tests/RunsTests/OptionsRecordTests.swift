import Foundation
import Runs
import Testing

@Suite struct OptionsRecordTests {
  struct Part: Encodable {
    struct Inner: Encodable { var emaHalfLifeKimg = 2.0 }
    var r1Weight = 10
    var start = "average"
    var training = Inner()
  }

  @Test func `fields are in snake case, however deep they lie`() throws {
    var record = OptionsRecord()
    try record.set("forget", to: "7")
    try record.set("unlearning", to: Part())
    #expect(
      record.flattened.map(\.key) == [
        "forget", "unlearning.r1_weight", "unlearning.start",
        "unlearning.training.ema_half_life_kimg",
      ])
    #expect(record.flattened["unlearning.training.ema_half_life_kimg"] == 2)
  }

  /// options.json of an unlearning by version 0.1.0 of 28 November 2026, shortened.
  private func former(_ more: String) throws -> OptionsRecord {
    let text = """
      {"command": "unlearn", "options": {"gan": "a.pt", "forget": "7",
        "network": {"channelCap": 64, "size": 32}, \(more), "iterations": 18,
        "unlearning": {"feedbackSamples": 600, "largestDoubt": 0.002, "start": "average",
          "training": {"batchSize": 16, "r1Weight": 1}}}, "seed": 3}
      """
    return OptionsRecord.read(try #require(try JSON(parsing: text).object))
  }

  @Test func `a run of version 1 reads as one of version 2`() throws {
    let record = try former(
      #""loss": "NL2", "adapted": ["b"], "distance": "effective", "closed_loop": {"stepShare": 0.006}"#
    )
    let flat = record.flattened
    #expect(
      Set(flat.keys) == [
        "gan", "forget", "network.channel_cap", "network.size", "adapted", "method",
        "unlearning.iterations", "unlearning.feedback_samples", "unlearning.largest_doubt",
        "unlearning.start", "unlearning.repulsion.loss", "unlearning.repulsion.distance",
        "unlearning.repulsion.closed_loop.step_share", "unlearning.training.batch_size",
        "unlearning.training.r1_weight", "unlearning.training.precision",
        "unlearning.training.uses_graphs",
      ])
    #expect(flat["method"] == "adapt-then-unlearn" && flat["unlearning.iterations"] == 18)
    #expect(flat["unlearning.training.precision"] == "fp32")
  }

  @Test func `what was trained before there was a choice of architectures is a StyleGAN2`() throws {
    for (architecture, expected) in [("", "stylegan2"), (#", "architecture": "swagan""#, "swagan")]
    {
      let text =
        #"{"command": "train gan", "options_version": 2, "options": {"data": "d"\#(architecture)}}"#
      let record = OptionsRecord.read(try #require(try JSON(parsing: text).object))
      #expect(record.flattened["architecture"] == JSON(expected))
    }
    // Other runs take their networks from a file.
    #expect(try former(#""loss": "none""#).flattened["architecture"] == nil)
  }

  @Test func `alpha that the scale decides was a word, and is null`() throws {
    let scaled = try former(#""loss": "EL2", "alpha": "1/d2", "distance": "paper", "gamma": 10"#)
    #expect(scaled.flattened["unlearning.repulsion.alpha"] == .null)
    #expect(scaled.flattened["unlearning.repulsion.gamma"] == 10)
    let given = try former(#""loss": "EL2", "alpha": 0.5, "distance": "paper", "gamma": 10"#)
    #expect(given.flattened["unlearning.repulsion.alpha"] == 0.5)
  }

  @Test func `without repulsion it was positives only`() throws {
    let record = try former(#""loss": "none""#)
    #expect(record.flattened["method"] == "positives-only")
    #expect(!record.flattened.keys.contains { $0.contains("repulsion") || $0 == "loss" })
  }

  @Test func `one option takes the value that it has in another record`() throws {
    var (record, other) = (OptionsRecord(), OptionsRecord())
    try record.set("iterations", to: 900)
    try record.set("unlearning", to: Part())
    try other.set("iterations", to: 1800)
    try other.set("r1_weight", in: ["unlearning"], to: 5)
    try other.set("samples", in: ["evaluation"], to: 64)
    for name in ["iterations", "unlearning.r1_weight", "unlearning.start", "evaluation.samples"] {
      record.take(name, from: other)
    }
    #expect(
      record.flattened == [
        "iterations": 1800, "unlearning.r1_weight": 5,
        "unlearning.training.ema_half_life_kimg": 2, "evaluation.samples": 64,
      ])
  }

  @Test func `today's options are read as they are`() {
    let options: JSON.Object = ["options_version": 2, "options": ["lossOf": ["aB": 1]]]
    #expect(OptionsRecord.read(options).flattened["lossOf.aB"] == 1)
  }
}
