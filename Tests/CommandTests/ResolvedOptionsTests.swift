import ArgumentParser
import Experiments
import Foundation
import GANs
import StyleGAN2
import TestNetworks
import Testing
import Torch

@testable import lethe

/// Options that are taken change what is trained: pair by pair, whatever stands beside them.
@Suite struct ResolvedOptionsTests {
  private let lethe: CommandRunner
  private let subject: Subject

  init() throws {
    lethe = try CommandRunner()
    let model = try TinyModels.writeGAN(lethe.file("gan.pt"))
    for name in ["a.pt", "b.pt"] {
      _ = try TinyModels.writeNeighbour(of: model, to: lethe.file(name))
    }
    try TinyNetworks.judge(for: model.generatorEMA).write(to: lethe.file("judge.pth"))
    subject = try Subject(
      gan: lethe.file("gan.pt").path, judge: lethe.file("judge.pth").path, forgetting: "one")
  }

  /// Two values of every option that decides how is trained.
  private static let training: [(String, [String])] = [
    ("--batch", ["4", "8"]), ("--learning-rate", ["0.1", "0.2"]), ("--r1", ["1", "2"]),
    ("--r1-interval", ["3", "5"]), ("--path-length", ["1", "3"]),
    ("--path-length-interval", ["3", "5"]), ("--mixing", ["0.5", "0.6"]),
    ("--ema-half-life-kimg", ["1", "3"]), ("--precision", ["fp32", "bf16"]),
    ("--augment", ["bg", "bgcf"]),
  ]

  private static let adaptation =
    training + [
      ("--preset", ["lethe", "reference"]), ("--models", ["1", "3"]), ("--iterations", ["3", "4"]),
      ("--negatives", ["7", "8"]), ("--ewc", ["1", "2"]), ("--fisher-samples", ["4", "8"]),
    ]

  private var unlearning: [(String, [String])] {
    [
      ("--preset", ["lethe", "reference"]), ("--method", ["redirect", "positives-only"]),
      ("--adapted", ["a.pt", "b.pt"].map { lethe.file($0).path }), ("--loss", ["EL2", "NL2"]),
      ("--gamma", ["3", "4"]), ("--alpha", ["1", "2"]), ("--distance", ["paper", "effective"]),
      ("--iterations", ["3", "4"]), ("--feedback-samples", ["8", "9"]),
      ("--step-share", ["0.1", "0.2"]), ("--fade-iterations", ["5", "6"]),
      ("--largest-doubt", ["0.1", "0.3"]), ("--target", ["0.1", "0.3"]),
      ("--retention", ["3", "4"]), ("--retention-doubt", ["0.1", "0.3"]),
      ("--redirection", ["3", "4"]), ("--redirect-to", ["direction", "nearest"]),
      ("--redirection-margin", ["2", "3"]), ("--survey-samples", ["70", "80"]),
      ("--decay-iterations", ["7", "8"]),
      ("--learning-rate", ["0.1", "0.2"]), ("--r1", ["1", "2"]), ("--batch", ["4", "8"]),
    ]
  }

  /// Fails for each accepted pair of which one option changes nothing.
  private func tryPairs(
    _ command: String, _ options: [(name: String, values: [String])], beside common: [String],
    resolve: ([String]) throws -> String
  ) throws {
    let description = try #require(EveryCommand.description(command))
    func resolved(_ words: [String]) throws -> String? {
      let given = GivenArguments(words, of: description)
      guard ArgumentCheck.refusal(of: given, command: "lethe \(command)") == nil else { return nil }
      return try resolve(words)
    }
    for (index, first) in options.enumerated() {
      for second in options[(index + 1)...] {
        let words = { (one: Int, other: Int) in
          common + [first.name, first.values[one], second.name, second.values[other]]
        }
        guard let base = try resolved(words(0, 0)) else { continue }
        for (option, changed) in [(first.name, words(1, 0)), (second.name, words(0, 1))]
        where try resolved(changed) == base {
          Issue.record("\(option) changes nothing in \(first.name) × \(second.name), \(common)")
        }
      }
    }
  }

  private func text(_ value: Any) -> String {
    var result = ""
    dump(value, to: &result)
    return result
  }

  /// The two groups of options that decide how is trained, each parsed once for the same words: a whole
  /// command has so many options that a parser takes its time.
  private final class Groups<Method: ParsableArguments> {
    private var training: [[String]: TrainingArguments] = [:]

    func parse(_ words: [String]) throws -> (Method, TrainingArguments) {
      let own = CommandDescription(of: TrainingCommand.self)
      var (first, second): ([String], [String]) = ([], [])
      for start in stride(from: 0, to: words.count, by: 2) {
        let pair = Array(words[start..<start + 2])
        if own.argument(spelled: pair[0]) == nil { first += pair } else { second += pair }
      }
      let parsed = try training[second] ?? TrainingArguments.parse(second)
      training[second] = parsed
      return (try Method.parse(first), parsed)
    }
  }

  private struct TrainingCommand: ParsableCommand {
    @OptionGroup var training: TrainingArguments
  }

  @Test func `U05 every option of adapt changes what is trained, beside any other`() throws {
    let groups = Groups<AdaptationArguments>()
    try tryPairs("adapt", Self.adaptation, beside: []) { words in
      let (method, training) = try groups.parse(words)
      return text(try method.options(training, subject: subject))
    }
  }

  @Test(arguments: [
    ["--adapted"], ["--adapted", "--loss", "EL2"], ["--adapted", "--preset", "reference"],
    ["--method", "positives-only"], ["--method", "redirect"],
  ])
  func `U05 every option of unlearn changes what is trained, beside any other`(
    beside: [String]
  ) throws {
    let adapted = beside.flatMap { $0 == "--adapted" ? [$0, lethe.file("a.pt").path] : [$0] }
    let groups = Groups<UnlearningArguments>()
    try tryPairs("unlearn", unlearning, beside: adapted) { words in
      let (arguments, training) = try groups.parse(words)
      let method = try arguments.method(training, subject: subject)
      return "\(type(of: method).name) \(text(method.options)) \(method.adapted.map(\.path))"
    }
  }
}
