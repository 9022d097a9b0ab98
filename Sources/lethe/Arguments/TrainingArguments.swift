import ArgumentParser
import Experiments
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

  /// What these say, on top of some defaults.
  func settings(over base: TrainingOptions = TrainingOptions()) -> Settings<TrainingOptions> {
    var settings = Settings(base)
    step.set(in: &settings)
    settings.set("learning_rate", to: learningRate) { $0.learningRate = $1 }
    settings.set("decay_iterations", to: decayIterations) {
      $0.decayIterations = $1 == 0 ? nil : $1
    }
    settings.set("r1_weight", to: r1Weight) { $0.r1Weight = $1 }
    settings.set("r1_interval", to: r1Interval) { $0.r1Interval = $1 }
    settings.set("path_length_weight", to: pathLengthWeight) { $0.pathLengthWeight = $1 }
    settings.set("path_length_interval", to: pathLengthInterval) { $0.pathLengthInterval = $1 }
    settings.set("ema_half_life_kimg", to: emaHalfLifeKimg) { $0.emaHalfLifeKimg = $1 }
    return settings
  }
}
