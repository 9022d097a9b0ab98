import Foundation
import Testing

@testable import lethe

/// An option is honoured, refused or impossible, never ignored.
@Suite struct OptionTableTests {
  @Test(arguments: EveryCommand.names)
  func `U05 every option of a command is in the table once, and nothing else is`(
    command: String
  ) throws {
    let description = try #require(EveryCommand.description(command))
    let rules = try #require(
      OptionTable.rules(of: "lethe \(command)"), "OptionTable has no line for this command")
    let options = Set(description.options.compactMap(description.countedName))
    #expect(
      options.subtracting(rules.options).isEmpty,
      """
      say in Sources/lethe/CommandLine/OptionTable.swift which options these belong with, or that they \
      are free
      """)
    #expect(Set(rules.options).subtracting(options).isEmpty, "options that the command lacks")
    #expect(Set(rules.rules.flatMap(\.options)).subtracting(options).isEmpty)
    #expect(Set(rules.free).isDisjoint(with: rules.rules.map(\.subject.option)))
    #expect(Set(rules.free).count == rules.free.count)
  }

  @Test(arguments: EveryCommand.names)
  func `U05 pairs of options that do not belong together are refused, and no others`(
    command: String
  ) throws {
    let pairs = OptionPairs(command, try #require(EveryCommand.description(command)))
    let expected = try #require(ExpectedPairs.commands[command])
    #expect(pairs.alone.sorted() == expected.alone.sorted())
    #expect(pairs.refused.sorted() == expected.refused.sorted())
    #expect(pairs.saved.sorted() == expected.saved.sorted())
  }

  @Test(arguments: [
    (
      "unlearn", ["--gamma", "100", "--target", "0.05"],
      "--target has no meaning with --gamma: a constant weight takes the place of the closed loop"
    ),
    (
      "train classifier", ["--patience", "3"],
      "--patience has no meaning without --validation above 0: nothing tells whether an epoch was "
        + "better then"
    ),
    (
      "demo", ["gaussians", "--keep", "3"],
      "--keep has no meaning with gaussians: it keeps no snapshots"
    ),
    (
      "demo", ["--precision=bf16", "--", "gaussians"],
      "--precision has no meaning with gaussians: it has no convolutions"
    ),
    (
      "unlearn", ["--alpha", "1", "--loss=NL2"],
      "--alpha has no meaning without --loss EL2: it is a constant of that loss"
    ),
    (
      "train gan", ["--gan", "g", "--size", "16"],
      "--size has no meaning with --gan: a GAN brings its sizes along"
    ),
    (
      "generate", ["--latents", "z", "--seed", "0"],
      "--seed beside --latents has no meaning without --noise random or --truncation other than 1: "
        + "nothing else is drawn"
    ),
    (
      "adapt", ["--r1", "0.0", "--r1-interval=16"],
      "--r1-interval has no meaning with --r1 0: it turns R1 off"
    ),
    (
      "bench iteration", ["--convolutions", "--device", "cuda:1"],
      "--convolutions has no meaning without --device cpu: they are timed on the processor alone"
    ),
  ])
  func `U05 a refusal names both options and the reason, also for a default that is given`(
    command: String, words: [String], sentence: String
  ) {
    #expect(EveryCommand.refusal(command, words) == sentence)
  }

  @Test func `U05 what belongs together is taken`() {
    for (command, words) in [
      ("demo", ["faces", "--precision", "bf16", "--keep", "3"]),
      ("unlearn", ["--loss", "exp", "--alpha", "1", "--gamma", "3"]),
      ("unlearn", ["--loss", "none", "--method", "positives-only"]),
      ("generate", ["--latents", "z", "--seed", "1", "--truncation", "0.7"]),
      ("generate", ["--latents", "z", "--seed", "1", "--noise", "random"]),
      ("generate", ["--output", "a.png", "--columns", "2"]),
      ("train classifier", ["--validation", "0.1", "--patience", "2"]),
      ("train gan", ["--device", "cuda:1", "--tf32", "--cuda-graphs"]),
      ("bench iteration", ["--no-convolutions", "--device", "cuda"]),
      ("extrapolate", ["--judge", "j", "--forget", "7", "--samples", "9", "--json"]),
    ] { #expect(EveryCommand.refusal(command, words) == nil, "\(command) \(words)") }
  }

  @Test func `U05 a refused pair stops the command before it reads anything`() throws {
    let lethe = try CommandRunner()
    let outcome = try lethe.run(
      "train", "gan", "--data", "nowhere", "--gan", "nowhere.pt", "--size", "16")
    #expect(outcome.exitCode == 64 && outcome.output.isEmpty)
    #expect(
      outcome.errors == """
        Error: --size has no meaning with --gan: a GAN brings its sizes along
        Usage: lethe train gan [<options>] --data <data>
          See 'lethe train gan --help' for more information.

        """)
    #expect(try lethe.contents.isEmpty)
  }
}
