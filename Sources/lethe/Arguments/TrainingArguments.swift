import ArgumentParser
import GANs
import Torch

/// The constants of GAN training; the command supplies those that the user omits.
struct TrainingArguments: ParsableArguments {
  @Option(parsing: .unconditional, help: "Pictures per iteration: 1 to 4, or a multiple of 4.")
  var batch = 16

  @Option(
    parsing: .unconditional,
    help: "Adam's learning rate (default: that of the GAN's optimisers, otherwise 0.002).")
  var learningRate: Double?

  @Option(
    name: .customLong("r1"), parsing: .unconditional,
    help: "The weight of R1; 0 turns it off (default: that of the GAN's training, otherwise 10).")
  var r1Weight: Double?

  @Option(
    name: .customLong("r1-interval"), parsing: .unconditional,
    help: "Iterations between applications of R1.")
  var r1Interval = 16

  @Option(
    name: .customLong("path-length"), parsing: .unconditional,
    help: """
      The weight of the path length penalty; 0 turns it off (default: that of the GAN's training, \
      otherwise 2).
      """)
  var pathLengthWeight: Double?

  @Option(
    parsing: .unconditional,
    help: "Iterations between applications of the path length penalty.")
  var pathLengthInterval = 4

  @Option(parsing: .unconditional, help: "The probability that a batch mixes two styles.")
  var mixing = 0.9

  @Option(
    parsing: .unconditional,
    help: """
      The half-life of the generator's moving average, in thousands of pictures \
      (default: 5 to train, 0.32 to adapt, 2 to unlearn).
      """)
  var emaHalfLifeKimg: Double?

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

  /// The options.
  ///
  /// - Parameters:
  ///   - base: the defaults.
  ///   - former: the regularisation weights recorded in the checkpoint that training continues
  ///     from.
  /// - Returns: the options, validated.
  /// - Throws: `ConfigurationError` naming the field.
  func options(
    _ base: TrainingOptions, continuing former: GANFile.Regularisation? = nil
  ) throws -> TrainingOptions {
    var options = base
    options.batchSize = batch
    options.learningRate = learningRate ?? base.learningRate
    options.keepsOptimiserConstants = learningRate == nil
    options.r1Weight = r1Weight ?? former?.r1Weight ?? base.r1Weight
    options.r1Interval = r1Interval
    options.pathLengthWeight =
      pathLengthWeight ?? former?.pathLengthWeight ?? base.pathLengthWeight
    options.pathLengthInterval = pathLengthInterval
    options.mixingProbability = mixing
    options.emaHalfLifeKimg = emaHalfLifeKimg ?? base.emaHalfLifeKimg
    options.precision = precision
    options.usesGraphs = usesGraphs
    try options.validate()
    return options
  }
}
