public import ArgumentParser
import Experiments
public import GANs

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

  @Option(
    help: ArgumentHelp(
      """
      Change pictures before the discriminator sees them, so that it does not learn few of them by heart \
      (StyleGAN2-ADA): bgc is blit, geom and color; bgcf adds filter, bgcfn noise, bgcfnc cutout \
      (default: none).
      """, valueName: "preset"))
  var augment: AugmentationPreset?

  @Option(
    name: .customLong("augment-p"), parsing: .unconditional,
    help: "The probability of each change, above 0 to 1 (default: adapted to the discriminator).")
  var augmentProbability: Double?

  @Option(
    parsing: .unconditional,
    help: """
      What an adapted probability aims at: the mean sign of the logits of real pictures (default: \
      \(AugmentationOptions().target)).
      """)
  var augmentTarget: Double?

  @Option(
    parsing: .unconditional,
    help: """
      Real pictures until an adapted probability could have gone from 0 to 1 (default: \
      \(AugmentationOptions().length)).
      """)
  var augmentLength: Int?

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
    settings.set("augmentation.preset", to: augment) {
      $0.augmentation = AugmentationOptions()
      $0.augmentation?.preset = $1
    }
    settings.set("augmentation.probability", to: augmentProbability) {
      $0.augmentation?.probability = $1
    }
    settings.set("augmentation.target", to: augmentTarget) { $0.augmentation?.target = $1 }
    settings.set("augmentation.length", to: augmentLength) { $0.augmentation?.length = $1 }
    return settings
  }
}

extension AugmentationPreset: ExpressibleByArgument {}
