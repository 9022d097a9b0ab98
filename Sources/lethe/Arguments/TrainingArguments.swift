import ArgumentParser
import GANs

/// The constants of GAN training; the command supplies those that the user omits.
struct TrainingArguments: ParsableArguments {
  @OptionGroup var step: StepArguments

  @Option(
    parsing: .unconditional,
    help: """
      Adam's learning rate (default: that of the GAN's optimisers, otherwise 0.002; 1.5 times that to \
      unlearn with retention or redirection).
      """)
  var learningRate: Double?

  @Option(
    parsing: .unconditional,
    help: """
      The iteration at which the learning rate has fallen to nothing, in a straight line from half \
      of it on; 0 keeps it constant (default: the last one to unlearn with retention or redirection, \
      otherwise 0).
      """)
  var decayIterations: Int?

  @Option(
    name: .customLong("r1"), parsing: .unconditional,
    help: "The weight of R1; 0 turns it off (default: that of the GAN's training, otherwise 10).")
  var r1Weight: Double?

  @Option(
    name: .customLong("r1-interval"), parsing: .unconditional,
    help: "Iterations between applications of R1 (default: \(TrainingOptions().r1Interval)).")
  var r1Interval: Int?

  @Option(
    name: .customLong("path-length"), parsing: .unconditional,
    help: """
      The weight of the path length penalty; 0 turns it off (default: that of the GAN's training, \
      otherwise 2).
      """)
  var pathLengthWeight: Double?

  @Option(
    parsing: .unconditional,
    help: """
      Iterations between applications of the path length penalty (default: \
      \(TrainingOptions().pathLengthInterval)).
      """)
  var pathLengthInterval: Int?

  @Option(
    parsing: .unconditional,
    help: """
      The half-life of the generator's moving average, in thousands of pictures \
      (default: 5 to train, 0.32 to adapt; to unlearn 0.5 with retention or redirection, otherwise \
      2).
      """)
  var emaHalfLifeKimg: Double?

  /// The options.
  ///
  /// - Parameters:
  ///   - base: the defaults.
  ///   - former: the regularisation weights recorded in the checkpoint that training continues
  ///     from.
  /// - Returns: the options, validated.
  /// - Throws: `ConfigurationError` naming the field; ``UselessOption`` for an interval of a penalty that
  ///   the GAN was trained without.
  func options(
    _ base: TrainingOptions, continuing former: GANFile.Regularisation? = nil
  ) throws -> TrainingOptions {
    var options = base
    step.apply(to: &options)
    options.learningRate = learningRate ?? base.learningRate
    options.keepsOptimiserConstants = learningRate == nil
    if learningRate != nil { options.learningRateFactor = 1 }
    if let decayIterations {
      options.decayIterations = decayIterations == 0 ? nil : decayIterations
    }
    options.r1Weight = r1Weight ?? former?.r1Weight ?? base.r1Weight
    options.r1Interval = r1Interval ?? base.r1Interval
    options.pathLengthWeight =
      pathLengthWeight ?? former?.pathLengthWeight ?? base.pathLengthWeight
    options.pathLengthInterval = pathLengthInterval ?? base.pathLengthInterval
    options.emaHalfLifeKimg = emaHalfLifeKimg ?? base.emaHalfLifeKimg
    try options.validate()
    // What the command line alone does not tell: the GAN's own weight may be 0.
    for (interval, weight, option) in [
      (r1Interval, options.r1Weight, "--r1"),
      (pathLengthInterval, options.pathLengthWeight, "--path-length"),
    ] where interval != nil && weight == 0 {
      throw UselessOption(
        option: "\(option)-interval",
        reason: "the GAN was trained with a weight of 0; give \(option) as well")
    }
    return options
  }
}
