import Experiments
import GANs
import Unlearning

/// What the flags of stage two say, by the names that records and recipes use.
extension UnlearningArguments {
  /// What these say.
  func settings(_ training: TrainingArguments) -> Settings<MethodOptions> {
    var settings = Settings(MethodOptions(preset: preset, method: MethodName(type: chosen)))
    settings.set("unlearning.iterations", to: iterations) { $0.unlearning.iterations = $1 }
    settings.set("unlearning.patience", to: patience) {
      $0.unlearning.patience = $1 == 0 ? nil : $1
    }
    settings.set("unlearning.feedback_samples", to: feedbackSamples) {
      $0.unlearning.feedbackSamples = $1
    }
    settings.set("unlearning.survey_samples", to: surveySamples) {
      $0.unlearning.surveySamples = $1
    }
    settings.set("unlearning.largest_doubt", to: largestDoubt) { $0.unlearning.largestDoubt = $1 }
    settings.set(
      "unlearning.training", to: training.settings(over: settings.options.unlearning.training)
    ) { $0.unlearning.training = $1 }
    if withoutDiscriminator {
      settings.set("unlearning.training.uses_discriminator", to: false) {
        $0.unlearning.training.usesDiscriminator = $1
      }
    }
    if discriminator == .new {
      settings.set(
        "unlearning.new_discriminator_steps",
        to: discriminatorSteps ?? Self.newDiscriminatorSteps
      ) { $0.unlearning.newDiscriminatorSteps = $1 }
    }
    for constant in constants {
      settings.set("unlearning.constants.\(constant.name)", to: constant.value) {
        $0.unlearning.constants?[constant.name] = $1
      }
    }
    setDistillation(in: &settings)
    setRepulsion(in: &settings)
    setTarget(in: &settings)
    return settings
  }

  /// What is held and what is redirected, and how strongly.
  private func setDistillation(in settings: inout Settings<MethodOptions>) {
    if retention == 0 { settings.turnOff("unlearning.retention") { $0.unlearning.retention = nil } }
    if redirection == 0 {
      settings.turnOff("unlearning.redirection") { $0.unlearning.redirection = nil }
    }
    settings.set("unlearning.retention.weight", to: retention == 0 ? nil : retention) {
      $0.unlearning.retention?.weight = $1
    }
    settings.set("unlearning.retention.largest_doubt", to: retentionDoubt) {
      $0.unlearning.retention?.largestDoubt = $1
    }
    settings.set("unlearning.redirection.weight", to: redirection == 0 ? nil : redirection) {
      $0.unlearning.redirection?.weight = $1
    }
    settings.set("unlearning.redirection.target", to: redirectTo) {
      $0.unlearning.redirection?.target = $1
    }
    settings.set("unlearning.redirection.margin", to: redirectionMargin) {
      $0.unlearning.redirection?.margin = $1
    }
  }

  /// What to keep away from, and how.
  private func setRepulsion(in settings: inout Settings<MethodOptions>) {
    settings.set("unlearning.repulsion.loss", to: loss?.loss) {
      $0.unlearning.repulsion?.loss = $1
    }
    settings.set("unlearning.repulsion.distance", to: distance) {
      $0.unlearning.repulsion?.distance = $1
    }
    let gammaIsAlpha = settings.options.gammaIsAlpha
    settings.set("unlearning.repulsion.alpha", to: gammaIsAlpha ? gamma : alpha) {
      $0.unlearning.repulsion?.loss = ExponentialL2(alpha: $1)
    }
    settings.set("unlearning.repulsion.gamma", to: gammaIsAlpha ? nil : gamma) {
      $0.unlearning.repulsion?.strength = .fixed(gamma: $1)
    }
    settings.set("unlearning.repulsion.closed_loop.step_share", to: stepShare) {
      $0.unlearning.repulsion?.closedLoop?.stepShare = $1
    }
    settings.set("unlearning.repulsion.closed_loop.fade_iterations", to: fadeIterations) {
      $0.unlearning.repulsion?.closedLoop?.fadeIterations = $1
    }
  }

  /// What may remain, for everything that is held to it.
  private func setTarget(in settings: inout Settings<MethodOptions>) {
    guard let target else { return }
    let options = settings.options.unlearning
    // A record has it also where nothing ends early; nobody has asked for that one then.
    settings.options.unlearning.patienceTarget = target
    if options.patience != nil { settings.given.insert("unlearning.patience_target") }
    if options.redirection != nil {
      settings.set("unlearning.redirection.allowed_remainder", to: target) {
        $0.unlearning.redirection?.allowedRemainder = $1
      }
    }
    if options.repulsion?.closedLoop != nil {
      settings.set("unlearning.repulsion.closed_loop.target", to: target) {
        $0.unlearning.repulsion?.closedLoop?.target = $1
      }
    }
  }
}
