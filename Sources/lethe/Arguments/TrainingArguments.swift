import ArgumentParser
import StyleGAN2

/// The constants of GAN training.
struct TrainingArguments: ParsableArguments {
  @Option(help: "Pictures an iteration: 1 to 4, or a multiple of 4.")
  var batch = 16

  @Option(help: "Adam's step size.")
  var learningRate = 0.002

  @Option(name: .customLong("r1"), help: "The weight of R1; 0 turns it off.")
  var r1Weight = 10.0

  @Option(name: .customLong("r1-interval"), help: "Iterations from one R1 to the next.")
  var r1Interval = 16

  @Option(
    name: .customLong("path-length"), help: "The weight of the path length penalty; 0 turns it off."
  )
  var pathLengthWeight = 2.0

  @Option(help: "Iterations from one path length penalty to the next.")
  var pathLengthInterval = 4

  @Option(help: "The probability that a batch mixes two styles.")
  var mixing = 0.9

  @Option(help: "The half-life of the generator's moving average, in thousands of pictures.")
  var emaHalfLifeKimg: Double?

  /// The options, with what the command takes where the user says nothing.
  func options(emaHalfLifeKimg defaultHalfLife: Double) throws -> TrainingOptions {
    var options = TrainingOptions()
    options.batchSize = batch
    options.learningRate = learningRate
    options.r1Weight = r1Weight
    options.r1Interval = r1Interval
    options.pathLengthWeight = pathLengthWeight
    options.pathLengthInterval = pathLengthInterval
    options.mixingProbability = mixing
    options.emaHalfLifeKimg = emaHalfLifeKimg ?? defaultHalfLife
    try options.validate()
    return options
  }
}
