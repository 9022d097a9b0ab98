import ArgumentParser

/// Timing.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Times the parts of Lethe on this machine.",
    discussion: """
      Everything that is compared is measured in turns, and every figure is the median of several \
      rounds, with its range. Take an idle machine all the same, and quote ratios: \
      Docs/Benchmarks.md says how the figures are made.

        lethe bench iteration --channel-cap 64   beside its convolutions alone
        lethe bench iteration --compare          what the method adds to it
        lethe bench sampling --json              with and without a judge
      """,
    subcommands: [
      BenchIteration.self, BenchFisher.self, BenchSampling.self, BenchEvaluation.self,
      BenchFiles.self, BenchKernels.self,
    ])
}
