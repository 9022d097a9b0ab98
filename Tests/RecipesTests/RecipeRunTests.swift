import Experiments
import Foundation
import GANs
import Recipes
import Records
import Runs
import TestSupport
import Testing
import Torch
import Unlearning

/// A recipe's seeds, run in this process.
@Suite struct RecipeRunTests {
  @Test func `each seed has its runs, and the summary's numbers are those of the runs`() throws {
    let world = try RecipeWorld()
    let listener = StoppingListener()
    let recipe = try world.recipe("runs")
    let result = try world.run(recipe, listener)
    #expect(listener.iterations == 2 * (2 * 4 + 6))
    #expect(listener.notes.contains("seed 3, 2 of 2"))
    let folder = result.folder
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        == ["recipe.yaml", "seed-0", "seed-3", "summary.json"])
    var metrics: [JSON.Object] = []
    for seed in ["seed-0", "seed-3"] {
      for stage in ["adapted", "unlearned"] {
        let run = try RunDirectory.open(at: folder.appending(path: "\(seed)/\(stage)"))
        #expect(try run.readStatus()?.outcome == .finished)
        #expect(FileManager.default.fileExists(atPath: run.reportFile.path))
        let options = try run.readOptions()
        #expect(options["seed"] == JSON(Int(seed.dropFirst(5))))
        // The names of a recipe are those of the record.
        let record = OptionsRecord.read(options).flattened
        for (name, value) in try recipe.record().flattened
        where name.hasPrefix(stage == "adapted" ? "adaptation." : "unlearning.")
          && value != .null && !name.hasSuffix(".learning_rate")
        { #expect(record[name] == value, "\(name)") }
      }
      metrics.append(
        try RunDirectory.open(at: folder.appending(path: "\(seed)/unlearned")).readMetrics())
    }
    let summary = try #require(
      try JSON(contentsOf: folder.appending(path: "summary.json")).object)
    #expect(summary["seeds"] == [0, 3] && summary["runs"]?.array?.count == 2)
    for key in [
      MetricKey.pul, .sameClass, .smallestKeptRatio, .frechetToOriginalPositives,
    ] {
      let values = try metrics.map { try #require($0[key.name]?.number) }
      let row = try #require(summary["metrics"]?[key.name])
      #expect(row["values"]?.array?.map(\.number) == values)
      #expect(row["mean"]?.number == (values[0] + values[1]) / 2)
      #expect(
        row["worst"]?.number == (key == .frechetToOriginalPositives ? values.max() : values.min()))
      let spread = try #require(row["spread"]?.number)
      #expect(abs(spread - abs(values[0] - values[1]) / 2.0.squareRoot()) < 1e-9)
    }
    let judged = try #require(
      try JSON(contentsOf: folder.appending(path: "seed-3/second_judge.json")).object)
    #expect(
      summary["second_judge"]?["pul"]?["values"]?.array?[1].number == judged["pul"]?.number)
    #expect(judged["pul"]?.number != nil && judged["samples"] == 64)
  }

  @Test func `a recipe that was stopped goes on to the same bits, and skips what is complete`()
    throws
  {
    let world = try RecipeWorld()
    let whole = try world.run(world.recipe("whole"))
    let parts = try world.recipe("parts")
    // In stage two of the second seed.
    #expect {
      try world.run(parts, StoppingListener(stoppingAfter: 14 + 8 + 3))
    } throws: {
      ($0 as? Cancelled)?.run == world.path("parts/seed-3/unlearned")
    }
    #expect(!FileManager.default.fileExists(atPath: world.path("parts/summary.json")))
    let rest = StoppingListener()
    let result = try world.run(parts, rest, resume: true)
    #expect(rest.iterations == 3)
    #expect(result.summary == whole.summary)
    for (mine, other) in zip(result.runs, whole.runs) {
      #expect(try tensors(mine) == tensors(other))
    }
    #expect(try tensors(whole.runs[0]) != tensors(whole.runs[1]), "the comparison can fail")
    let again = StoppingListener()
    #expect(try world.run(parts, again, resume: true).summary == whole.summary)
    #expect(again.tasks.isEmpty, "all is complete: \(again.tasks)")
  }

  @Test func `a stop before anything was kept by a stage names what others have kept`() throws {
    let world = try RecipeWorld()
    let recipe = try world.recipe("runs", seeds: "0")
    let listener = StoppingListener(stoppingIn: "judging original")
    let error = #expect(throws: Cancelled.self) { try world.run(recipe, listener) }
    #expect(listener.iterations == 8 && error?.run == world.path("runs"))
  }

  @Test func `a changed recipe does not go on, and a folder with runs is not started again`() throws
  {
    let world = try RecipeWorld()
    let recipe = try world.recipe("runs", seeds: "0", "evaluation.second_judge=null")
    _ = try world.run(recipe)
    #expect {
      try world.run(
        world.recipe("runs", seeds: "0", "adaptation.negative_count=9"), resume: true)
    } throws: {
      guard case ResumeError.otherOption(_, let option, _, _) = $0 else { return false }
      return option == "adaptation.negative_count"
    }
    #expect(throws: RunError.alreadyExists(path: world.path("runs"))) { try world.run(recipe) }
    // The printed recipe is the same one, and a further seed is no change of the others.
    let printed = try Recipe.resolve(world.path("runs/recipe.yaml"), changes: ["seeds=[0, 4]"])
    let more = StoppingListener()
    let result = try world.run(printed, more, resume: true)
    #expect(more.iterations == 14 && result.runs.count == 2)
  }

  @Test func `a method without adapted models has a single stage`() throws {
    let world = try RecipeWorld()
    let recipe = try world.recipe(
      "runs", seeds: "0", "method=positives-only", "adaptation=null",
      "evaluation.second_judge=null")
    let listener = StoppingListener()
    _ = try world.run(recipe, listener)
    #expect(listener.iterations == 6)
    #expect(!FileManager.default.fileExists(atPath: world.path("runs/seed-0/adapted")))
  }

  @Test func `what no run could do is refused before any`() throws {
    let world = try RecipeWorld()
    #expect(throws: UnlearningMethodError.needsGoal(method: "adapt-then-redirect")) {
      try RecipeMaterials(
        world.recipe(
          "runs", "method=adapt-then-redirect", "unlearning.retention=null",
          "unlearning.redirection=null"))
    }
    #expect(throws: (any Error).self) {
      try RecipeMaterials(world.recipe("runs", "evaluation.second_judge=\(world.path("none"))"))
    }
    #expect(throws: (any Error).self) {
      try RecipeMaterials(world.recipe("runs", "forget=nothing"))
    }
    #expect(!FileManager.default.fileExists(atPath: world.path("runs")))
  }

  @Test func `an estimate trains in memory and leaves no file`() throws {
    let world = try RecipeWorld()
    let recipe = try world.recipe("runs", seeds: "[0, 1]", "method=adapt-then-redirect")
    let before = try world.folder.contents
    let estimate = try RecipeEstimate(
      of: RecipeMaterials(recipe), iterations: 2, context: StoppingListener().context)
    #expect(try world.folder.contents == before)
    #expect(
      estimate.parts.map(\.name) == [
        "collect negatives", "Fisher information", "adapt", "collect positives", "unlearn",
        "evaluate", "evaluate by the second judge",
      ])
    #expect(estimate.parts.allSatisfy { $0.secondsPerStep > 0 && $0.steps > 0 })
    #expect(estimate.parts[2].steps == 8 && estimate.parts[4].steps == 6)
    // Both models are adapted at the same time where each can have a thread.
    let atOnce = Torch.threadCount == 2 ? 2 : 1
    #expect(estimate.parts.map(\.stepsAtOnce) == [1, 1, atOnce, 1, 1, 1, 1])
    #expect(abs(estimate.seconds - 2 * estimate.parts.reduce(0) { $0 + $1.seconds }) < 1e-9)
    // What a new discriminator takes is counted as well.
    let other = try RecipeEstimate(
      of: RecipeMaterials(
        world.recipe(
          "runs", "method=redirect", "adaptation=null", "unlearning.repulsion=null",
          "unlearning.new_discriminator_steps=7")),
      iterations: 1, context: StoppingListener().context)
    #expect(other.parts.first { $0.name == "train the new discriminator" }?.steps == 7)
    let model = GANModel(
      try GANFile.read(URL(filePath: world.path("gan.safetensors")), as: .known).configuration,
      pixelRange: .minusOneToOne, options: TrainingOptions())
    #expect(estimate.generatorParameters == model.generator.stateDictCount)
  }

  @Test func `an estimate of sizes needs neither GAN nor judge`() throws {
    let recipe = try Recipe.resolve(
      text: """
        gan: {size: 8, latent: 8, channel_cap: 4, mapping_depth: 2}
        judge: [nowhere.pth, nobody.pth]
        forget: [Bangs, "Bald"]
        adaptation: {fisher_samples: 4, training: {batch_size: 4}}
        unlearning: {training: {batch_size: 4}}
        """, as: "r.yaml")
    let estimate = try RecipeEstimate(
      randomly: recipe, iterations: 1, context: StoppingListener().context)
    #expect(estimate.parts[2].steps == 2 * 2 * 150)
    #expect(estimate.notes.contains { $0.hasPrefix("nowhere.pth is missing: a LeNet5 with") })
    #expect(estimate.notes.contains("nobody.pth is missing, and its time with it"))
  }
}

extension GeneratorNetwork {
  /// How many parameters there are, by the shapes of what files hold of them.
  fileprivate var stateDictCount: Int {
    stateDict.filter { !$0.key.hasPrefix("noises.") }.reduce(0) { $0 + $1.value.elementCount }
  }
}

/// The bytes of the raw generator in the last snapshot.
private func tensors(_ run: RunDirectory) throws -> [String: Data] {
  let file = try #require(run.snapshots(kind: "snapshot").last?.file)
  var result: [String: Data] = [:]
  for (name, tensor) in try GANFile.read(file, as: .known).generator ?? [:] {
    result[name] = tensor.withUnsafeBytes { Data($0) }
  }
  return result
}
