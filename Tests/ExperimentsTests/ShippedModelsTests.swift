import Evaluation
import Experiments
import Foundation
import GANs
import Records
import TestSupport
import Testing
import Torch

/// The models that ship with Lethe, by name.
@Suite struct ShippedModelsTests {
  private static let unlearned = [
    "faces64-without-eyeglasses", "faces64-without-hat", "mnist32-without-1", "mnist32-without-4",
    "mnist32-without-7", "mnist32-without-8",
  ]

  @Test func `names mean files, where there are no such files`() throws {
    let names = try ShippedModels.all().map(\.name)
    #expect(
      names
        == (Self.unlearned + [
          "faces64-gan", "faces64-judge", "faces64-second-judge", "mnist32-gan", "mnist32-judge",
        ])
        .sorted())
    for model in try ShippedModels.all() {
      #expect(try ModelLocator.modelFile(model.name) == model.file)
      // A path is no name.
      #expect(try ModelLocator.file("./\(model.name)") == URL(filePath: "./\(model.name)"))
    }
    #expect(
      try ModelLocator.judgeFile("mnist32-judge").lastPathComponent == "mnist32-judge.safetensors")
    #expect(throws: ModelLocatorError.noShippedModel(name: "mnist32-gun", near: ["mnist32-gan"])) {
      try ModelLocator.ganFile("mnist32-gun")
    }
    // Nothing like it ships: what is missing is a file.
    #expect(try ModelLocator.ganFile("somewhere") == URL(filePath: "somewhere"))
  }

  @Test(arguments: unlearned)
  func `an unlearned model has forgotten what its card says, and keeps the rest`(name: String)
    throws
  {
    let model = try #require(try ShippedModels.named(name))
    let base = String(name.prefix { $0 != "-" })
    let concept = try #require(model.forgotten.first)
    #expect(model.bytes < 3_000_000 && model.title.hasSuffix("forgot \(concept)"))
    let card = try #require(model.card)
    for heading in [
      "## Figures", "## Verdict", "## Is it really gone?", "## How it was made", "## Limits",
    ] {
      #expect(card.contains("\n\(heading)\n"), "\(heading)")
    }
    #expect(
      card.contains(
        "    lethe unlearn --gan \(base)-gan --judge \(base)-judge --forget \(concept) "))
    // A tenth of the latents of the card.
    let (result, _) = try EvaluationExperiment(
      ModelLocator.gan(name), original: ModelLocator.gan("\(base)-gan"),
      judge: ModelLocator.judge("\(base)-judge", device: .cpu), forgotten: [concept], samples: 512
    ).run()
    let recorded = try #require(model.figure(MetricKey.pul.name))
    let pul = try #require(result.number(.pul))
    #expect(pul > 85 && recorded > 94 && abs(pul - recorded) < 12, "\(pul), \(recorded)")
    let same = try #require(model.figure(MetricKey.sameClass.name))
    #expect(try abs(#require(result.number(.sameClass)) - same) < 4)
  }
}
