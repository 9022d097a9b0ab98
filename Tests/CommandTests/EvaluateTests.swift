import Classifiers
import Evaluation
import Foundation
import GANs
import Judging
import Records
import StyleGAN2
import TestNetworks
import Testing
import Torch
import TorchNN

@Suite struct EvaluateTests {
  private let lethe: CommandRunner
  private let original: GANModel
  private let unlearned: GANModel
  private let judge: Judge

  init() throws {
    lethe = try CommandRunner()
    original = try TinyModels.writeGAN(lethe.file("gan.pt"))
    unlearned = try TinyModels.writeNeighbour(of: original, to: lethe.file("unlearned.pt"))
    judge = TinyNetworks.judge(for: original.generatorEMA)
    try judge.write(to: lethe.file("judge.pth"))
  }

  private func evaluate(_ forget: String, _ more: String...) throws -> CommandRunner.Outcome {
    try lethe.run(
      [
        "evaluate", "--gan", "unlearned.pt", "--original", "gan.pt", "--judge", "judge.pth",
        "--forget", forget, "--samples", "100",
      ] + more)
  }

  private func sample(_ model: GANModel) throws -> JudgedSample {
    try JudgedSample(
      of: SampleRun(
        of: model.generatorEMA,
        latents: LatentList(count: 100, seed: 4)),
      judge: judge)
  }

  @Test func `the numbers are those of the library`() throws {
    let (before, after) = (try sample(original), try sample(unlearned))
    let counts = before.conceptCounts.counts
    let index = try #require(counts.indices.first { (1...98).contains(counts[$0]) })
    let expected = try UnlearningEvaluation(
      of: Comparison(
        original: before, unlearned: after, latents: LatentList(count: 100, seed: 4),
        forgotten: [judge.labels.concepts[index]]))
    let outcome = try evaluate(
      judge.labels.names[index], "--seed", "4", "--json", "--output", "metrics.json")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(try String(contentsOf: lethe.file("metrics.json"), encoding: .utf8) == outcome.output)
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(json["pul"] as? Double == expected.number(.pul))
    #expect(json["samples"] as? Int == 100)
    #expect(json["seed"] as? Int == 4)
    #expect(json["forget"] as? String == judge.labels.names[index])
    let names = judge.labels.names
    #expect(
      json["histogram_before"] as? [String: Int]
        == Dictionary(uniqueKeysWithValues: zip(names, counts)))
    #expect(
      json["histogram_after"] as? [String: Int]
        == Dictionary(uniqueKeysWithValues: zip(names, after.conceptCounts.counts)))
    let distance = try #require(json["frechet_to_original_positives"] as? Double)
    let expectedDistance = try #require(expected.number(.frechetToOriginalPositives))
    #expect(abs(distance / expectedDistance - 1) < 1e-3)
    #expect(json["gan"] as? String == "unlearned.pt" && json["original"] as? String == "gan.pt")
    #expect(json["pixel_range"] as? String == "-1..1")
    let keys = outcome.output.matches(of: /(?m)^  "(\w+)":/).map { String($0.1) }
    #expect(
      keys == [
        "forget", "forgotten_before", "samples", "seed", "pul", "negatives_before",
        "negatives_after",
        "histogram_before", "histogram_after", "kept_ratios", "smallest_kept_ratio",
        "transitions", "same_class", "same_class_per_class", "picture_change",
        "picture_change_forgotten", "mean_confidence_before", "mean_confidence_after",
        "kept_confidence_before", "kept_confidence_after",
        "frechet_to_original_positives",
        "frechet_original", "measurements", "warnings", "judged_by", "pixel_range",
        "original_pixel_range", "precision",
        "device", "threads", "version", "parameters_sha256", "original_parameters_sha256",
        "elapsed_seconds", "gan", "original", "judge", "metrics", "data",
      ])
  }

  @Test func `everything can be measured, against a retrained generator as well`() throws {
    try TinyModels.writeGAN(lethe.file("retrained.pt"), seed: 3)
    let counts = try sample(original).conceptCounts.counts
    let index = try #require(counts.indices.first { (1...98).contains(counts[$0]) })
    let outcome = try evaluate(
      judge.labels.names[index], "--metrics", "full", "--retrained", "retrained.pt", "--json")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    for name in [
      "concept_probability_after", "kernel_distance_to_positives_lenet5",
      "sliced_wasserstein_to_retrained_lenet5", "precision_to_positives_lenet5",
      "coverage_to_retrained_lenet5", "frechet_to_retrained",
    ] { #expect(json[name] is Double, "\(name)") }
    #expect(json["retrained"] as? String == "retrained.pt")
    let warnings = try #require(json["warnings"] as? [String])
    #expect(warnings.contains { $0.contains("fewer than 2048") })
  }

  @Test func `statistics are saved, and stand for the pictures`() throws {
    let network = ConvNet(labels: .classes(["a", "b"]), size: 32)
    network.parameters.initialise(using: RandomGenerator(seed: 4))
    try network.write(to: lethe.file("features.safetensors"))
    try TinyData.writeFolders(lethe.file("data"), ["zero": 0, "one": 1, "two": 2])
    let counts = try sample(original).conceptCounts.counts
    let index = try #require(counts.indices.first { (1...98).contains(counts[$0]) })
    let name = judge.labels.names[index]
    func json(_ more: String...) throws -> [String: Any] {
      let outcome = try lethe.run(
        [
          "evaluate", "--gan", "unlearned.pt", "--original", "gan.pt", "--judge", "judge.pth",
          "--forget", name, "--samples", "100", "--json", "--features", "features.safetensors",
        ] + more)
      #expect(outcome.exitCode == 0, "\(outcome.errors)")
      return try #require(
        try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    }
    let whole = try json("--data", "data", "--save-statistics", "s.safetensors")
    let kept = try json("--statistics", "s.safetensors")
    let (first, second) = (
      try #require(whole["fd_convnet_to_data"] as? Double),
      try #require(kept["fd_convnet_to_data"] as? Double)
    )
    #expect(abs(first - second) <= 1e-9 * abs(first), "\(first) and \(second)")
    #expect(kept["precision_to_data_convnet"] == nil)
    let other = try evaluate(name, "--features", "judge.pth", "--statistics", "s.safetensors")
    #expect(other.exitCode == 1)
  }

  @Test func `path lengths are those of both generators`() throws {
    let name = try #require(judge.frequentClass(of: original.generatorEMA))
    let outcome = try evaluate(name, "--path-pairs", "64", "--json")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let expected = try PerceptualPathLength(
      of: unlearned.generatorEMA, distance: FeatureDistance(of: judge.classifier), pairCount: 64)
    let found = try #require(json["path_length_lenet5"] as? Double)
    #expect(abs(found / expected.mean.value - 1) < 1e-3)
    #expect(json["original_path_length_lenet5"] is Double)
  }

  @Test func `an extractor of the judge's name is refused`() throws {
    let outcome = try evaluate("one", "--features", "judge.pth")
    #expect(outcome.exitCode == 1)
    #expect(outcome.errors.contains("judge.pth is a LeNet5, as the judge is"))
  }

  @Test func `without JSON there is a table`() throws {
    let counts = try sample(original).conceptCounts.counts
    let index = try #require(counts.indices.first { (1...98).contains(counts[$0]) })
    let name = judge.labels.names[index]
    let outcome = try evaluate(name, "--seed", "4")
    #expect(outcome.exitCode == 0)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines[0].hasPrefix("PUL ") && lines[0].contains("'\(name)' in \(counts[index]) of 100"))
    #expect(lines[1].hasPrefix("same class  "))
    #expect(
      lines[1].contains(" % of \(100 - counts[index]) latents that did not show it (95 %: "))
    #expect(lines[2].hasPrefix("smallest kept share         x "))
    #expect(lines[3].hasPrefix("largest kept share          x "))
    #expect(lines[4].hasPrefix("picture change, 0 to 1      0.0"))
    #expect(lines[5] == "class   before    after     kept     same")
    #expect(lines[6 + index].hasSuffix("forgotten"))
  }

  @Test func `what is poor is marked in words, and in colour on a terminal alone`() throws {
    let name = try commonClass().name
    let arguments = [
      "evaluate", "--gan", "gan.pt", "--original", "gan.pt", "--judge", "judge.pth", "--forget",
      name, "--samples", "100", "--seed", "4",
    ]
    let plain = try lethe.run(arguments).output.split(separator: "\n")
    let marked = plain.filter { $0.hasSuffix("  poor") }
    #expect(marked.count == 2 && marked[0].hasPrefix("PUL 0.00 %"))
    #expect(marked.last?.contains("the original's other classes") == true)
    #expect(plain.last?.hasPrefix("poor is a PUL below 90 %, ") == true)
    #expect(plain.contains { $0.hasPrefix("same class") && $0.contains(" 100.00 % of ") })
    #if os(Linux)
      let onTerminal = "exec script -qec \"'$0' $*\" /dev/null"
      for (variables, count) in [
        (["TERM": "xterm", "NO_COLOR": ""], 2), (["TERM": "xterm", "NO_COLOR": "1"], 0),
      ] {
        let shown = try lethe.run(arguments, environment: variables, by: onTerminal).output
        #expect(shown.matches(of: /\u{1b}\[31m.*  poor\u{1b}\[0m/).count == count)
        #expect(shown.contains("PUL 0.00 %"))
      }
    #endif
  }

  private func commonClass() throws -> (name: String, other: String) {
    let counts = try sample(original).conceptCounts.counts
    let index = try #require(counts.indices.first { (1...98).contains(counts[$0]) })
    let other = try #require(counts.indices.first { $0 != index && counts[$0] > 0 })
    return (judge.labels.names[index], judge.labels.names[other])
  }

  @Test func `U06 what is still there is not called forgotten`() throws {
    let name = try commonClass().name
    let outcome = try lethe.run([
      "evaluate", "--gan", "gan.pt", "--original", "gan.pt", "--judge", "judge.pth", "--forget",
      name, "--samples", "100", "--seed", "4",
    ])
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix("PUL 0.00 % (95 %: 0.0 to "))
    let row = try #require(outcome.output.split(separator: "\n").first { $0.hasPrefix("\(name) ") })
    #expect(row.hasSuffix(" to be forgotten"))
    #expect(outcome.output.matches(of: /forgotten/).count == 1)
  }

  @Test func `U20 several classes are measured together and each for itself`() throws {
    let (name, other) = try commonClass()
    let outcome = try evaluate(name, "--forget", other, "--forget", name, "--seed", "4", "--json")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(json["forget"] as? [String] == [name, other])
    let each = try #require(json["pul_per_class"] as? [String: Double])
    #expect(Set(each.keys) == [name, other])
    let kept = try #require(json["kept_ratios"] as? [String: Any])
    #expect(kept[name] == nil && kept[other] == nil && kept.count == 1)
    let alone = try evaluate(other, "--seed", "4", "--json")
    let single = try JSONSerialization.jsonObject(with: Data(alone.output.utf8)) as? [String: Any]
    #expect(single?["pul"] as? Double == each[other])
  }

  @Test func `X08 few pictures are warned of in the table and in JSON`() throws {
    let name = try commonClass().name
    let few = ["--samples", "60", "--seed", "4"]
    let common = ["evaluate", "--gan", "unlearned.pt", "--original", "gan.pt", "--judge"]
    let table = try lethe.run(common + ["judge.pth", "--forget", name] + few)
    #expect(table.exitCode == 0, "\(table.errors)")
    #expect(
      table.output.contains(
        "\nwarning: the pictures of the original generator without class \(name)"))
    let outcome = try lethe.run(common + ["judge.pth", "--forget", name, "--json"] + few)
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let warnings = try #require(json["warnings"] as? [String])
    #expect(warnings.count == 1 && table.output.contains(warnings[0]))
  }

  @Test func `what cannot be measured is refused`() throws {
    try TinyModels.writeGAN(lethe.file("large.pt"), size: 16)
    try TinyModels.writeStubbornJudge(lethe.file("stubborn.pth"))
    try Data("mine".utf8).write(to: lethe.file("mine.json"))
    let before = try lethe.contents
    let common = ["evaluate", "--samples", "10", "--output", "out.json"]
    for (arguments, message) in [
      (
        ["--gan", "gan.pt", "--original", "gan.pt", "--judge", "judge.pth", "--forget", "seven"],
        "the judge knows no class 'seven'; it knows zero, one, two"
      ),
      (
        ["--gan", "large.pt", "--original", "gan.pt", "--judge", "judge.pth", "--forget", "one"],
        "FOLDER/large.pt is a network of 16x16, latent 8, depth 2, cap 4, but FOLDER/gan.pt is one of "
          + "8x8, latent 8, depth 2, cap 4"
      ),
      (
        ["--gan", "gan.pt", "--original", "gan.pt", "--judge", "stubborn.pth", "--forget", "zero"],
        "the judge saw no 'zero' among 10 pictures of the original generator, so there is nothing to "
          + "forget and no percentage of it (or the judge, or the pixel range, does not fit this "
          + "generator)"
      ),
      (
        ["--gan", "gan.pt", "--original", "gan.pt", "--judge", "stubborn.pth", "--forget", "one"],
        "the judge saw 'one' in each of 10 pictures of the original generator, so there is nothing to "
          + "keep (or the judge, or the pixel range, does not fit this generator)"
      ),
      (
        ["--gan", "gan.pt", "--original", "gan.pt", "--judge", "gan.pt", "--forget", "one"],
        "FOLDER/gan.pt is no classifier that lethe knows: its tensors are g_ema.style.1.weight, "
          + "g_ema.style.1.bias, g_ema.style.2.weight, g_ema.style.2.bias, g_ema.input.input and "
          + "more; expected \(knownNetworks), such as training a classifier makes"
      ),
      (
        [
          "--gan", "gan.pt", "--original", "gan.pt", "--judge", "judge.pth", "--forget", "one",
          "--data", "nowhere",
        ], "FOLDER/nowhere does not exist"
      ),
    ] {
      let outcome = try lethe.run(common + arguments)
      #expect(outcome.exitCode == 1 && outcome.output.isEmpty)
      #expect(outcome.errors.split(separator: "\n").last == "Error: \(message)")
    }
    let outcome = try evaluate("one", "--output", "mine.json")
    #expect(outcome.exitCode == 1)
    #expect(
      outcome.errors
        == "Error: mine.json already exists, and lethe never overwrites anything: name another file or "
        + "remove it\n")
    #expect(try lethe.contents == before)
  }

  @Test func `too few samples are refused before any file is read`() throws {
    for count in ["1", "-3"] {
      let outcome = try evaluate("one", "--samples", count)
      #expect(outcome.exitCode == 64)
      #expect(
        outcome.errors.split(separator: "\n").first
          == "Error: --samples is \(count), expected at least 2")
    }
  }

  @Test func `help is as written`() throws {
    let outcome = try lethe.run("evaluate", "--help")
    #expect(outcome.exitCode == 0)
    #expect(outcome.output == HelpTexts.evaluate)
  }

  @Test func `a filter before the original is measured, and needs no lineage`() throws {
    try Judge(LeNet5(labels: .classes(["left", "right"]))).write(to: lethe.file("other.pth"))
    let counts = try sample(original).conceptCounts.counts
    let index = try #require(counts.indices.first { (1...98).contains(counts[$0]) })
    let name = judge.labels.names[index]
    let common = [
      "evaluate", "--gan", "gan.pt", "--original", "gan.pt", "--judge", "judge.pth", "--filter",
      "judge.pth", "--forget", name, "--samples", "100",
    ]
    let outcome = try lethe.run(common + ["--json"])
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(json["pul"] as? Double == 100 && json["filter"] as? String == "judge.pth")
    #expect(try #require(json["draws_per_picture"] as? Double) > 1)
    #expect(json["filtered_by"] != nil)
    let table = try lethe.run(common)
    #expect(table.output.contains("Latents drawn for a picture that passes the filter"))
    // It stands before any generator, but excuses nothing.
    let unknown = try lethe.run(
      "evaluate", "--gan", "gan.pt", "--original", "gan.pt", "--judge", "judge.pth", "--filter",
      "other.pth", "--forget", name)
    #expect(unknown.exitCode != 0 && unknown.errors.contains("--filter other.pth: "))
  }
}
