import ArgumentParser
import Experiments
import GANs
import Torch

/// What every step of training depends on, with penalties or without.
struct StepArguments: ParsableArguments {
  @Option(parsing: .unconditional, help: "Pictures per iteration: 1 to 4, or a multiple of 4.")
  var batch = 16

  @Option(parsing: .unconditional, help: "The probability that a batch mixes two styles.")
  var mixing = 0.9

  @Option(
    help: """
      The convolutions of both networks' steps: fp32; bf16, faster and with less memory on \
      processors; fp16 at the four highest resolutions, on GPUs.
      """)
  var precision = Precision.fp32

  @Flag(
    name: .customLong("cuda-graphs"),
    help: "On CUDA, record the kernels of each step once and replay them; not yet run on a GPU.")
  var usesGraphs = false

  /// Sets these in a training's options.
  func set(in settings: inout Settings<TrainingOptions>) {
    settings.set("batch_size", to: batch) { $0.batchSize = $1 }
    settings.set("mixing_probability", to: mixing) { $0.mixingProbability = $1 }
    settings.set("precision", to: precision) { $0.precision = $1 }
    settings.set("uses_graphs", to: usesGraphs) { $0.usesGraphs = $1 }
  }
}
