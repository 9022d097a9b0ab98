import Testing

@testable import lethe

/// A shell completes what it can know.
@Suite struct CompletionTests {
  /// Options that take a number, or a word that only files know; everything else is a path or one of a
  /// few words.
  private static let freeText: Set = [
    "--alpha",
    "--apply",
    "--attributes",
    "--augment-length",
    "--augment-p",
    "--augment-target",
    "--base-model",
    "--batch",
    "--batch-sizes",
    "--candidates",
    "--channel-cap",
    "--channel-multiplier",
    "--channels",
    "--class",
    "--coarse",
    "--columns",
    "--constant",
    "--count",
    "--crossover",
    "--decay-iterations",
    "--degree",
    "--discriminator-steps",
    "--ema-half-life-kimg",
    "--epochs",
    "--ewc",
    "--fade-iterations",
    "--feedback-samples",
    "--fine",
    "--fisher-samples",
    "--forget",
    "--frames",
    "--frames-per-second",
    "--gamma",
    "--iterations",
    "--iterations-of-each",
    "--jobs",
    "--keep",
    "--largest-doubt",
    "--latent",
    "--layers",
    "--learning-rate",
    "--least-pul",
    "--mapping-depth",
    "--mixing",
    "--models",
    "--negatives",
    "--only",
    "--path-length",
    "--path-length-interval",
    "--path-pairs",
    "--patience",
    "--pictures",
    "--r1",
    "--r1-interval",
    "--redirection",
    "--redirection-margin",
    "--retention",
    "--retention-doubt",
    "--rounds",
    "--samples",
    "--seed",
    "--seeds",
    "--set",
    "--shard",
    "--shift",
    "--side",
    "--size",
    "--snapshot-every",
    "--step-share",
    "--steps",
    "--stop-after",
    "--survey-samples",
    "--target",
    "--threads",
    "--time-limit",
    "--truncation",
    "--validation",
    "--without",
  ]

  @Test(arguments: EveryCommand.names)
  func `U11 every path and every choice can be completed`(command: String) throws {
    let description = try #require(EveryCommand.description(command))
    for argument in description.arguments where argument.kind != .flag {
      let name = argument.name ?? "<file>"
      // `bench iteration --adapted` is a number.
      let isText =
        Self.freeText.contains(name) || command == "bench iteration" && name == "--adapted"
      #expect(isText == (argument.completionKind == nil), "\(command) \(name)")
    }
  }

  @Test func `U11 values that begin with a dash can be given after a space`() {
    for command in EveryCommand.names {
      for argument in EveryCommand.description(command)?.options ?? [] {
        let values = argument.completionKind?.values ?? []
        guard values.contains(where: { $0.hasPrefix("-") }) else { continue }
        #expect(argument.parsingStrategy == .unconditional, "\(command) \(argument.name ?? "")")
      }
    }
  }

  @Test func `U11 a shell gets a script that completes files and folders`() throws {
    let outcome = try CommandRunner().run("--generate-completion-script", "zsh")
    #expect(outcome.exitCode == 0 && outcome.errors.isEmpty)
    #expect(
      outcome.output.contains(
        "--gan[The GAN\\: a .safetensors, .pt or .pkl file, or a run directory.]:gan:_files"))
  }
}
