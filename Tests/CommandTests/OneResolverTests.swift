import ArgumentParser
import Experiments
import Foundation
import GANs
import Recipes
import Runs
import TestNetworks
import Testing
import Torch
import Unlearning

@testable import lethe

/// `lethe adapt` and `lethe unlearn` are recipes: the same words lead to the same options.
@Suite struct OneResolverTests {
  private let lethe: CommandRunner
  private let subject: Subject

  init() throws {
    lethe = try CommandRunner()
    var options = TrainingOptions()
    (options.r1Weight, options.pathLengthWeight) = (3, 1.5)
    let model = GANModel(
      TinyNetworks.configuration(), pixelRange: .minusOneToOne, options: options)
    model.initialise(using: RandomGenerator(seed: 1))
    try model.write(to: lethe.file("gan.pt"), options: options)
    _ = try TinyModels.writeNeighbour(of: model, to: lethe.file("adapted.pt"))
    try TinyNetworks.judge(for: model.generatorEMA).write(to: lethe.file("judge.pth"))
    subject = try Subject(
      gan: lethe.file("gan.pt").path, judge: lethe.file("judge.pth").path, forgetting: "one")
  }

  /// A recipe for the subject.
  private func recipe(_ text: String) throws -> Recipe {
    try Recipe.resolve(text: "gan: gan.pt\njudge: judge.pth\nforget: one\n" + text, as: "r.yaml")
      .completed(for: subject.file)
  }

  private func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

  private func record(_ options: some Encodable) throws -> OptionsRecord {
    var record = OptionsRecord()
    try record.set("options", to: options)
    return record
  }

  /// Fails where a flag sets an option that no record has.
  private func expectKnown(_ settings: Settings<MethodOptions>, to recipe: Recipe) throws {
    let known = Set(try recipe.record().flattened.keys)
    #expect(settings.given.subtracting(known).isEmpty)
  }

  @Test(arguments: [
    ("", "", ""),
    (
      "--models 3 --iterations 7 --negatives 9 --ewc 2 --fisher-samples 8", "",
      """
      adaptation:
        {model_count: 3, iterations: 7, negative_count: 9, ewc_strength: 2, fisher_samples: 8}
      """
    ),
    (
      "--preset reference", "--learning-rate 0.01",
      "preset: reference\nadaptation: {training: {learning_rate: 0.01}}"
    ),
    ("--preset paper --models 1", "", "preset: paper\nadaptation: {model_count: 1}"),
    (
      "",
      "--r1 4 --r1-interval 3 --path-length-interval 5 --batch 8 --mixing 0.5 --precision bf16 "
        + "--ema-half-life-kimg 3 --decay-iterations 9",
      """
      precision: bf16
      adaptation:
        training:
          {r1_weight: 4, r1_interval: 3, path_length_interval: 5, batch_size: 8,
          mixing_probability: 0.5, ema_half_life_kimg: 3, decay_iterations: 9}
      """
    ),
    (
      "", "--augment bgcf --augment-p 0.25",
      "adaptation: {training: {augmentation: {preset: bgcf, probability: 0.25}}}"
    ),
    (
      "", "--augment bgc --augment-target 0.5 --augment-length 900",
      "adaptation: {training: {augmentation: {target: 0.5, length: 900}}}"
    ),
  ])
  func `adapt says what a recipe's adaptation says`(
    method: String, training: String, text: String
  ) throws {
    let arguments = try AdaptationArguments.parse(words(method))
    let training = try TrainingArguments.parse(words(training))
    let recipe = try recipe(text)
    let options = try arguments.options(training, subject: subject)
    #expect(options == recipe.options.adaptation)
    #expect(try record(options) == record(recipe.options.adaptation))
    try expectKnown(arguments.settings(training), to: recipe)
  }

  @Test(arguments: [
    ("--adapted", "", ""),
    ("--adapted --iterations 70", "", "unlearning: {iterations: 70}"),
    (
      "--adapted --iterations 70", "--decay-iterations 0 --path-length 0",
      "unlearning: {iterations: 70, training: {decay_iterations: null, path_length_weight: 0}}"
    ),
    ("--adapted", "--learning-rate 0.002", "unlearning: {training: {learning_rate: 0.002}}"),
    (
      "--method redirect --without-discriminator --redirection 3 --redirect-to nearest", "",
      """
      method: redirect
      unlearning:
        training: {uses_discriminator: false}
        redirection: {weight: 3, target: nearest}
      """
    ),
    (
      "--adapted --retention 0 --redirection-margin 2 --survey-samples 70", "",
      "unlearning: {retention: null, redirection: {margin: 2}, survey_samples: 70}"
    ),
    (
      "--adapted --retention 4 --retention-doubt 0.1 --redirection 0 --feedback-samples 8", "",
      """
      unlearning:
        {retention: {weight: 4, largest_doubt: 0.1}, redirection: null, feedback_samples: 8}
      """
    ),
    (
      "--loss none --largest-doubt 0.5", "",
      "method: positives-only\nunlearning: {largest_doubt: 0.5}"
    ),
    (
      "--adapted --preset paper --loss EL2 --gamma 100 --alpha 0.002", "",
      "preset: paper\nunlearning: {repulsion: {loss: EL2, gamma: 100, alpha: 0.002}}"
    ),
    ("--adapted --preset reference", "", "preset: reference"),
    (
      "--adapted --preset reference --gamma 5 --distance paper", "",
      "preset: reference\nunlearning: {repulsion: {gamma: 5, distance: paper}}"
    ),
    (
      "--adapted --preset reference --loss exp", "",
      "preset: reference\nunlearning: {repulsion: {loss: EL2}}"
    ),
    (
      "--adapted --preset reference --loss EL2 --gamma 3", "",
      "preset: reference\nunlearning: {repulsion: {loss: EL2, alpha: 3}}"
    ),
    (
      "--adapted --step-share 0.01 --fade-iterations 9 --target 0.1 --patience 5", "",
      """
      unlearning:
        patience: 5
        patience_target: 0.1
        redirection: {allowed_remainder: 0.1}
        repulsion: {closed_loop: {step_share: 0.01, fade_iterations: 9, target: 0.1}}
      """
    ),
    (
      "--adapted --method adapt-then-unlearn --gamma 2 --alpha 3 --loss EL2", "",
      "method: adapt-then-unlearn\nunlearning: {repulsion: {gamma: 2, loss: EL2, alpha: 3}}"
    ),
    (
      "--adapted", "--augment color --augment-p 1",
      "unlearning: {training: {augmentation: {preset: color, probability: 1}}}"
    ),
    ("--adapted --discriminator new", "", "unlearning: {new_discriminator_steps: 500}"),
  ])
  func `unlearn says what a recipe's unlearning says`(
    method: String, training: String, text: String
  ) throws {
    let given = words(method).flatMap {
      $0 == "--adapted" ? [$0, lethe.file("adapted.pt").path] : [$0]
    }
    let arguments = try UnlearningArguments.parse(given)
    let training = try TrainingArguments.parse(words(training))
    let recipe = try recipe(text)
    let resolved = try arguments.method(training, subject: subject)
    #expect(type(of: resolved).name == recipe.options.method.rawValue)
    #expect(resolved.options == recipe.options.unlearning)
    #expect(try record(resolved.options) == record(recipe.options.unlearning))
    try expectKnown(arguments.settings(training), to: recipe)
  }

  @Test func `a recipe's runs have the records of the commands' runs`() throws {
    let text = """
      gan: gan.pt
      judge: judge.pth
      forget: one
      method: adapt-then-unlearn
      adaptation:
        {model_count: 1, iterations: 1, negative_count: 8, fisher_samples: 4,
        training: {batch_size: 4}}
      unlearning:
        {iterations: 1, feedback_samples: 64, largest_doubt: 1, training: {batch_size: 4}}
      evaluation: {samples: 64}
      output: recipe
      """
    try Data(text.utf8).write(to: lethe.file("r.yaml"))
    let common = [
      "--gan", "gan.pt", "--judge", "judge.pth", "--forget", "one", "--iterations", "1", "--batch",
      "4",
    ]
    for arguments in [
      ["run", "r.yaml"],
      ["adapt", "--models", "1", "--negatives", "8", "--fisher-samples", "4"] + common
        + ["--output", "adapted"],
      ["unlearn", "--adapted", "adapted", "--method", "adapt-then-unlearn"] + common
        + ["--feedback-samples", "64", "--largest-doubt", "1", "--samples", "64"]
        + ["--output", "unlearned"],
    ] {
      let outcome = try lethe.run(arguments)
      #expect(outcome.exitCode == 0, "\(outcome.errors)")
    }
    for stage in ["adapted", "unlearned"] {
      var (first, second) = (try options(of: stage), try options(of: "recipe/seed-0/\(stage)"))
      // Where the adapted models lie is the one thing that must differ.
      if stage == "unlearned" {
        #expect(first["adapted"] != second["adapted"])
        (first["adapted"], second["adapted"]) = (nil, nil)
      }
      #expect(first == second)
      #expect(first.count > 5)
    }
  }

  private func options(of run: String) throws -> JSON.Object {
    OptionsRecord.read(try RunDirectory.open(at: lethe.file(run)).readOptions()).values
  }

  @Test func `what is refused is called by its flag`() throws {
    func refusal(_ field: String) -> String {
      "\(RefusedOption(.outOfRange(field: field, value: "0", expected: "more")))"
    }
    for (field, flag) in [
      ("adaptation.model_count", "--models"), ("adaptation.training.batch_size", "--batch"),
      ("unlearning.training.decay_iterations", "--decay-iterations"),
      ("unlearning.redirection.allowed_remainder", "--target"),
      ("unlearning.repulsion.closed_loop.step_share", "--step-share"), ("r1_weight", "--r1"),
      ("augmentation.probability", "--augment-p"),
      ("adaptation.training.augmentation.target", "--augment-target"),
    ] { #expect(refusal(field) == "\(flag) is 0, expected more") }
  }

  @Test func `every flag that an option may be called by exists`() throws {
    let commands = try ["adapt", "unlearn"].map { try #require(EveryCommand.description($0)) }
    let adapt = try AdaptationArguments.parse([]).settings(TrainingArguments.parse([]))
    let names = adapt.given.union(
      try UnlearningArguments.parse(words("--adapted a.pt --patience 2 --target 0.1")).settings(
        TrainingArguments.parse([])
      ).given)
    #expect(!names.isEmpty)
    for name in names {
      let flag = RefusedOption.flag(name)
      #expect(commands.contains { $0.argument(spelled: flag) != nil }, "\(name): \(flag)")
    }
  }
}
