import Experiments
import Foundation
import GANs
import Recipes
import Runs
import TestSupport
import Testing
import Torch
import Unlearning

/// The defaults, then the file, then the changes; and what is no recipe, with its place.
@Suite struct RecipeResolverTests {
  private static let subject = "gan: g.pt\njudge: j.pth\nforget: 7\n"

  private func resolve(_ text: String, _ changes: String...) throws -> RecipeOptions {
    try Recipe.resolve(text: Self.subject + text, as: "r.yaml", changes: changes).options
  }

  private func refusal(_ text: String, _ changes: String...) -> String {
    do {
      _ = try Recipe.resolve(text: text, as: "r.yaml", changes: changes)
      return "taken"
    } catch {
      return "\(error)"
    }
  }

  @Test func `a recipe of three lines has the defaults of adapt and unlearn`() throws {
    let recipe = try Recipe.resolve(text: Self.subject, as: "a/r.yaml")
    #expect(recipe.gan == .file("g.pt"))
    #expect(recipe.judges == ["j.pth"] && recipe.forget == ["7"] && recipe.seeds == [0])
    #expect(recipe.options.adaptation == AdaptationOptions())
    #expect(recipe.options.unlearning == AdaptThenRedirect.defaults)
    #expect(recipe.options.method.rawValue == "adapt-then-redirect")
    #expect(recipe.options.evaluation.samples == 5056)
    #expect(recipe.options.output == "runs/r")
  }

  @Test func `the names are those of options json, all of them`() throws {
    let record = try Recipe.resolve(text: Self.subject, as: "r.yaml").record().flattened
    for (part, options) in [
      ("adaptation", try JSON(encoding: AdaptationOptions())),
      ("unlearning", try JSON(encoding: UnlearningOptions())),
    ] {
      var stage = OptionsRecord()
      if part == "adaptation" {
        try stage.set(part, to: AdaptationOptions())
      } else {
        try stage.set(part, to: UnlearningOptions())
      }
      #expect(options.object?.isEmpty == false)
      for (name, value) in stage.flattened { #expect(record[name] == value, "\(name)") }
    }
    // What is off or open has a name, too.
    for name in ["patience", "training.ema_ramp_up", "repulsion.gamma"] {
      #expect(record["unlearning.\(name)"] == .null, "\(name)")
    }
    #expect(record["pixel_range"] == .null && record["evaluation.data"] == .null)
  }

  @Test func `the file counts over the preset, and a change over the file`() throws {
    #expect(try resolve("preset: reference").adaptation?.iterations == 2000)
    let file = "preset: reference\nadaptation: {iterations: 3, training: {batch_size: 8}}"
    let options = try #require(try resolve(file).adaptation)
    #expect(options.iterations == 3 && options.training.batchSize == 8)
    #expect(options.modelCount == 5 && options.training.emaHalfLifeKimg == 5)
    let changed = try #require(
      try resolve(file, "adaptation.iterations=4", "adaptation.iterations=5").adaptation)
    #expect(changed.iterations == 5 && changed.training.batchSize == 8)
    #expect(try resolve("", "seeds=[4, 5]").seeds.elements == [4, 5])
    #expect(try resolve("", "preset=reference").adaptation?.modelCount == 5)
    let paper = try #require(try resolve("preset: paper").unlearning.repulsion)
    #expect(paper.distance == .paper && paper.strength == .fixed(gamma: 1))
  }

  @Test func `a class keeps the name that is written, whatever YAML would make of it`() throws {
    for name in ["7", "007", "no", "1e3", "0x1F", "2020-01-01"] {
      let recipe = try Recipe.resolve(
        text: "gan: 1\njudge: [2, three]\nforget: \(name)", as: "r.yaml")
      #expect(recipe.forget == [name])
      #expect(recipe.gan == .file("1") && recipe.judges == ["2", "three"])
    }
    #expect(try resolve("", "output=a #b: [c]").output == "a #b: [c]")
  }

  @Test func `what follows from an option follows here, unless it is said otherwise`() throws {
    let iterations = try resolve("unlearning: {iterations: 70}").unlearning
    #expect(iterations.iterations == 70 && iterations.training.decayIterations == 70)
    let both = try resolve("unlearning: {iterations: 70, training: {decay_iterations: 60}}")
    #expect(both.unlearning.training.decayIterations == 60)
    let rate = try resolve("unlearning: {training: {learning_rate: 0.001}}").unlearning.training
    #expect(!rate.keepsOptimiserConstants && rate.learningRateFactor == 1)
    let precision = try resolve("precision: bf16\nadaptation: {training: {precision: fp32}}")
    #expect(precision.adaptation?.training.precision == .fp32)
    #expect(precision.unlearning.training.precision == .bf16)
    let bare = try resolve("unlearning: {training: {uses_discriminator: false}}").unlearning
    #expect(bare.redirection?.margin == 1.25)
    let reference = try resolve("preset: reference\nunlearning: {repulsion: {loss: exp}}")
    #expect(reference.unlearning.repulsion?.strength == .fixed(gamma: 100))
    #expect(reference.unlearning.repulsion?.loss.constants.first?.value == 1)
  }

  private static let methods: String = UnlearningMethods.all.map { $0.name }
    .joined(separator: ", ")

  @Test func `a method's own numbers are usual, unless they are said`() throws {
    #expect(try resolve("").unlearning.constants == nil)
    let usual = try resolve("method: rssa").unlearning.constants
    #expect(usual == ["self_weight": 0.8, "disturbance_weight": 0.4, "batch": 4])
    let said = try resolve("method: rssa", "unlearning.constants.batch=8").unlearning.constants
    #expect(said == ["self_weight": 0.8, "disturbance_weight": 0.4, "batch": 8])
  }

  @Test func `a part that was off and is asked for has its usual constants`() throws {
    let file = "unlearning: {retention: null}"
    #expect(try resolve(file).unlearning.retention == nil)
    let retention = try resolve(file, "unlearning.retention.weight=3").unlearning.retention
    #expect(retention?.weight == 3)
    #expect(retention?.largestDoubt == RetentionOptions().largestDoubt)
    let weight = try resolve("unlearning: {repulsion: {gamma: 2}}").unlearning.repulsion
    #expect(weight?.strength == .fixed(gamma: 2))
  }

  @Test func `a GAN may be sizes`() throws {
    let recipe = try Recipe.resolve(
      text: "gan: g.pt\njudge: j\nforget: 7", as: "r.yaml",
      changes: ["gan.size=64", "gan.latent=32"])
    guard case .random(let sizes) = recipe.gan else {
      Issue.record("\(recipe.gan)")
      return
    }
    #expect(sizes.size == 64 && sizes.latent == 32 && sizes.channelCap == 512)
    #expect(sizes.configuration?.architecture.name == "StyleGAN2")
    #expect {
      try RecipeMaterials(recipe)
    } throws: {
      "\($0)".contains("the change 'gan.latent=32': gan gives sizes")
    }
  }

  @Test func `sizes may be those of another architecture`() throws {
    func resolve(_ architecture: String, size: Int) throws -> Recipe {
      try Recipe.resolve(
        text: "gan: {architecture: \(architecture), size: \(size)}\njudge: j\nforget: 7",
        as: "r.yaml")
    }
    guard case .random(let sizes) = try resolve("swagan", size: 64).gan else {
      Issue.record("no sizes")
      return
    }
    #expect(
      sizes.configuration.map { "\($0)" }
        == "SWAGAN of 64x64, latent 512, depth 8, cap 512, multiplier 2")
    for (architecture, size, message) in [
      ("swan", 64, "gan.architecture is 'swan', expected stylegan2, swagan"),
      ("swagan", 8, "gan.size is 8, expected a power of two from 16 to 1024 for a SWAGAN"),
    ] {
      #expect {
        try resolve(architecture, size: size)
      } throws: {
        "\($0)" == "r.yaml, line 1: \(message)"
      }
    }
  }

  @Test(arguments: [
    (
      "adaptation:\n  itertions: 5",
      "r.yaml, line 5: a recipe has no adaptation.itertions. "
        + "Did you mean 'iterations'?"
    ),
    (
      "unlearning: {training: {batchsize: 4}}",
      "r.yaml, line 4: a recipe has no unlearning.training.batchsize. Did you mean 'batch_size'?"
    ),
    (
      "snapshots: {interval: 4}",
      "r.yaml, line 4: a recipe has no snapshots.interval; known there: every, keep"
    ),
    (
      "adaptation: {iterations: many}",
      "r.yaml, line 4: adaptation.iterations is 'many', expected a whole number"
    ),
    (
      "adaptation: {iterations: \"5\"}",
      "r.yaml, line 4: adaptation.iterations is '5', expected a whole number"
    ),
    (
      "adaptation: 5",
      "r.yaml, line 4: adaptation is '5', expected options with names, such as {iterations: 150}"
    ),
    (
      "unlearning:\n  redirection:\n    target: locl",
      "r.yaml, line 6: unlearning.redirection.target is 'locl', expected local, direction, nearest. "
        + "Did you mean 'local'?"
    ),
    (
      "method: redirct",
      "r.yaml, line 4: method is 'redirct', expected \(methods). Did you mean 'redirect'?"
    ),
    (
      "method: cf-k\nunlearning: {constants: {layer: 3}}",
      "r.yaml, line 5: unlearning.constants.layer has no meaning here: the method cf-k has layers"
    ),
    (
      "method: cf-k\nunlearning: {constants: {layers: 0}}",
      "r.yaml, line 5: unlearning.constants.layers is 0, expected a whole number, at least 1"
    ),
    (
      "unlearning: {repulsion: {loss: L3}}",
      "r.yaml, line 4: unlearning.repulsion.loss is 'L3', expected EL2, NL2, IL2"
    ),
    (
      "seeds: [1, x]", "r.yaml, line 4: seeds.1 is 'x', expected a whole number from 0 on"
    ),
    (
      "seeds: [1, 1]",
      "r.yaml, line 4: seeds is a list with a seed that stands there twice, expected at least one "
        + "seed, each once"
    ),
    (
      "adaptation:\n  training:\n    batch_size: 6",
      "r.yaml, line 6: adaptation.training.batch_size is 6, expected 1 to 4 or a multiple of 4 "
        + "(minibatch statistics are over groups of 4)"
    ),
    (
      "adaptation: {ewc_strength: -1}",
      "r.yaml, line 4: adaptation.ewc_strength is -1.0, expected 0 (off) or above"
    ),
    (
      "unlearning:\n  iterations: 5\n  redirection: {margin: 0}\n  patience: 5",
      "r.yaml, line 6: unlearning.redirection.margin is 0.0, expected above 0"
    ),
    (
      "unlearning: {repulsion: {gamma: -1}}",
      "r.yaml, line 4: unlearning.repulsion.gamma is -1.0, expected above 0"
    ),
    (
      "unlearning: {training: {r1_weight: 0, r1_interval: 4}}",
      "r.yaml, line 4: unlearning.training.r1_interval has no meaning here: "
        + "unlearning.training.r1_weight is 0 and turns it off"
    ),
    (
      "evaluation: {samples: 1}", "r.yaml, line 4: evaluation.samples is 1, expected at least 2"
    ),
    (
      "unlearning: {repulsion: {gamma: 2, closed_loop: {target: 0.1}}}",
      "r.yaml, line 4: unlearning.repulsion.closed_loop has no meaning here: "
        + "unlearning.repulsion.gamma, a constant weight, takes the place of the closed loop; set it "
        + "to null"
    ),
    (
      "method: redirect\nadaptation: {iterations: 5}",
      "r.yaml, line 5: adaptation has no meaning here: the method redirect takes no adapted models; "
        + "set it to null"
    ),
    (
      "method: adapt-then-unlearn\nunlearning: {retention: {weight: 5}}",
      "r.yaml, line 5: unlearning.retention has no meaning here: the method adapt-then-unlearn "
        + "neither retains nor redirects; set it to null"
    ),
    (
      "unlearning: {training: {learning_rate: 0.1, keeps_optimiser_constants: true}}",
      "r.yaml, line 4: unlearning.training.learning_rate has no meaning here: "
        + "unlearning.training.keeps_optimiser_constants is true, so a GAN's own rate wins"
    ),
  ])
  func `what a recipe cannot say is refused with its line and its dotted name`(
    text: String, sentence: String
  ) {
    #expect(refusal(Self.subject + text) == sentence)
  }

  @Test func `a change that a recipe cannot take is refused by itself`() {
    #expect(
      refusal(Self.subject, "unlearning.itertions=5")
        == "the change 'unlearning.itertions=5': a recipe has no unlearning.itertions. "
        + "Did you mean 'iterations'?")
    #expect(
      refusal(Self.subject, "seeds=many")
        == "the change 'seeds=many': seeds is 'many', expected a whole number from 0 on")
    #expect(refusal(Self.subject, "seeds").contains("'seeds' is no change of a recipe"))
    #expect(refusal(Self.subject, "seeds=[1").contains("the value of 'seeds=[1' is not YAML"))
  }

  @Test func `a recipe without a GAN, a judge or a concept is refused`() {
    for (name, text) in [
      ("gan", "judge: j\nforget: 7"), ("judge", "gan: g\nforget: 7"),
      ("forget", "gan: g\njudge: j"), ("gan", ""),
    ] { #expect(refusal(text).hasPrefix("r.yaml: \(name) is missing, expected ")) }
    // The name that was meant comes first.
    #expect(
      refusal("gna: g\njudge: j\nforget: 7")
        == "r.yaml, line 1: a recipe has no gna. Did you mean 'gan'?")
    #expect(refusal("gan: g\njudge: []\nforget: 7").hasPrefix("r.yaml, line 2: judge is empty"))
  }

  @Test func `what is no YAML is refused with line and column`() {
    #expect(
      refusal("gan: g\njudge: [a, b\nforget: 7").hasPrefix("r.yaml is not YAML: line 3, column "))
    #expect(refusal("gan: g\n\tjudge: j").hasPrefix("r.yaml is not YAML: line 2, column 1: "))
    #expect(refusal("- a\n- b").contains("expected names with values, such as 'forget: 7'"))
    #expect(refusal("gan: g\ngan: h").contains("gan stands there twice, and only one can count"))
    #expect(refusal("gan: !!python/object:os.system g").contains("the tag tag:yaml.org"))
    #expect(refusal("gan: g\n---\ngan: h").contains("another document"))
    #expect(refusal("gan: \u{0}g").hasPrefix("r.yaml is not YAML: line 1"))
  }

  @Test func `a hostile recipe costs no more than its bytes`() {
    var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1...20 {
      bomb +=
        "a\(level): &a\(level) [\((0..<9).map { _ in "*a\(level - 1)" }.joined(separator: ", "))]\n"
    }
    #expect(refusal(bomb).contains("more than 16 aliases"))
    #expect(refusal(String(repeating: "[", count: 100_000)).contains("is not YAML"))
    #expect(refusal(String(repeating: "- ", count: 100_000)).contains("is not YAML"))
    #expect(
      refusal("seeds: [\(String(repeating: "1, ", count: 20_000))]").contains("more than 10000"))
  }

  @Test func `a file that cannot be read is refused by its name`() throws {
    let folder = try TemporaryFolder()
    let missing = folder.url.appending(path: "none.yaml").path
    #expect {
      try Recipe.resolve(missing)
    } throws: {
      "\($0)".hasPrefix("cannot read the recipe \(missing): ")
    }
    #expect {
      try Recipe.resolve(folder.url.path)
    } throws: {
      "\($0)".contains("it is a folder, expected a file")
    }
    let bytes = folder.url.appending(path: "bytes.yaml")
    try Data([0xff, 0xfe, 0x00]).write(to: bytes)
    #expect {
      try Recipe.resolve(bytes.path)
    } throws: {
      "\($0)".contains("it is no text in UTF-8")
    }
  }

  @Test(arguments: [
    "", "preset: reference", "preset: paper\nunlearning: {repulsion: {loss: IL2}}",
    "method: redirect\nforget: null\n", "method: positives-only", "forget: [no, \"7\", 'a b']",
    "unlearning: {training: {learning_rate: 0.001}}\nprecision: bf16\nseeds: 3",
  ])
  func `what is printed is a recipe that resolves to the same`(text: String) throws {
    let subject = text.contains("forget") ? "gan: g.pt\njudge: [a, b]\n" : Self.subject
    let changes = text.contains("forget: null") ? ["forget=Eyeglasses"] : []
    let recipe = try Recipe.resolve(text: subject + text, as: "r.yaml", changes: changes)
    let again = try Recipe.resolve(text: recipe.yaml(), as: "r.yaml")
    #expect(again.options == recipe.options)
    #expect(try again.record() == recipe.record())
  }
}
