import ArgumentParser

/// Timing.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Times the parts of Lethe on this machine.",
    discussion: """
      Compared measurements are interleaved, and every figure is the median of several rounds, \
      with its range. Use an idle machine nevertheless, and quote ratios; Docs/Benchmarks.md \
      defines the figures.
      """
        + HelpText.examples(
          "lethe bench iteration --channel-cap 64   beside its convolutions alone",
          "lethe bench iteration --compare          what the method adds to it",
          "lethe bench sampling --json              with and without a judge"),
    subcommands: [
      BenchIteration.self, BenchFisher.self, BenchSampling.self, BenchEvaluation.self,
      BenchFiles.self, BenchKernels.self, BenchMetrics.self,
    ])
}
