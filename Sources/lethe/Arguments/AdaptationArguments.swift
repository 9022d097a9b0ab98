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

  /// What these say, by the names that records and recipes use.
  func settings(_ training: TrainingArguments) -> Settings<MethodOptions> {
    var settings = Settings(MethodOptions(preset: preset))
    settings.set("adaptation.model_count", to: models) { $0.adaptation?.modelCount = $1 }
    settings.set("adaptation.iterations", to: iterations) { $0.adaptation?.iterations = $1 }
    settings.set("adaptation.negative_count", to: negatives) { $0.adaptation?.negativeCount = $1 }
    settings.set("adaptation.ewc_strength", to: ewc) { $0.adaptation?.ewcStrength = $1 }
    settings.set("adaptation.fisher_samples", to: fisherSamples) {
      $0.adaptation?.fisherSamples = $1
    }
    settings.set(
      "adaptation.training", to: training.settings(over: preset.adaptation.training)
    ) { $0.adaptation?.training = $1 }
    return settings
  }

  /// The constants of stage one for a subject.
  func options(_ training: TrainingArguments, subject: Subject) throws -> AdaptationOptions {
    try settings(training).resolved(for: subject.file).adaptation ?? preset.adaptation
  }
}
