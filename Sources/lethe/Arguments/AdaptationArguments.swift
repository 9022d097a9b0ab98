import ArgumentParser
import Experiments
import GANs
import Unlearning

/// The constants of stage one.
struct AdaptationArguments: ParsableArguments {
  @Option(
    help: """
      reference takes all constants of the reference code, and so does paper, which prints none; \
      options given here override them.
      """)
  var preset = MethodPreset.lethe

  @Option(
    parsing: .unconditional,
    help: "K, the number of adapted generators (default: 2; reference: 5).")
  var models: Int?

  @Option(parsing: .unconditional, help: "Iterations per model (default: 150; reference: 2000).")
  var iterations: Int?

  @Option(
    parsing: .unconditional,
    help: "Negatives collected for each model (default: 300; reference: 20).")
  var negatives: Int?

  @Option(parsing: .unconditional, help: "The strength of elastic weight consolidation.")
  var ewc: Double?

  @Option(parsing: .unconditional, help: "Pictures for the estimate of the Fisher information.")
  var fisherSamples: Int?

  /// The options of a subject.
  func options(_ training: TrainingArguments, subject: Subject) throws -> AdaptationOptions {
    var options = preset.adaptation
    options.modelCount = models ?? options.modelCount
    options.iterations = iterations ?? options.iterations
    options.negativeCount = negatives ?? options.negativeCount
    options.ewcStrength = ewc ?? options.ewcStrength
    options.fisherSamples = fisherSamples ?? options.fisherSamples
    options.training = try training.options(
      options.training,
      continuing: preset == .lethe ? subject.file.regularisation : nil)
    try options.validate()
    return options
  }
}
