public import GANs
import Torch
import Unlearning

extension Settings where Options == MethodOptions {
  /// The constants of both stages for a GAN: what was asked for, and what follows from it.
  ///
  /// Commands, recipes, the demo and programs all ask here. What is resolved already stays as it is.
  ///
  /// - Parameter file: the GAN, whose own weights of the penalties count unless somebody asks for others
  ///   or a preset has its own; nil where it is not known yet.
  /// - Returns: the constants, which both stages take.
  /// - Throws: ``SettingError``.
  public func resolved(for file: GANFile? = nil) throws -> MethodOptions {
    let result = concluded(for: file)
    try refuseUseless(result)
    try refuseConstants(result)
    try SettingError.inside("adaptation") { try result.adaptation?.validate() }
    try SettingError.inside("unlearning") { try result.unlearning.validate() }
    for (stage, training) in [
      ("adaptation", result.adaptation?.training), ("unlearning", result.unlearning.training),
    ] {
      guard let training else { continue }
      try SettingError.inside("\(stage).training") {
        try trainingSettings(of: stage, training).refuseUnread(training)
      }
    }
    return result
  }

  private func trainingSettings(
    of stage: String, _ training: TrainingOptions
  ) -> Settings<TrainingOptions> {
    Settings<TrainingOptions>(training, given: given(in: "\(stage).training"))
  }

  // MARK: - What follows

  private func concluded(for file: GANFile?) -> MethodOptions {
    var result = options
    if var adaptation = options.adaptation {
      adaptation.training = training(of: "adaptation", adaptation.training, file)
      result.adaptation = adaptation
    }
    result.unlearning.training = training(
      of: "unlearning", decaying(options.unlearning),
      options.method.type.usesDiscriminator ? file : nil)
    // Nothing mends pictures of distant targets then.
    if !options.unlearning.training.usesDiscriminator,
      given.contains("unlearning.training.uses_discriminator"),
      !given.contains("unlearning.redirection.margin")
    {
      result.unlearning.redirection?.margin = RedirectionOptions.marginWithoutDiscriminator
    }
    if options.gammaIsAlpha {
      if !given.contains("unlearning.repulsion.alpha") {
        result.unlearning.repulsion?.loss = ExponentialL2(alpha: 1)
      }
      if !given.contains("unlearning.repulsion.gamma") {
        result.unlearning.repulsion?.strength = .fixed(gamma: 100)
      }
    }
    return result
  }

  /// The constants of a stage's training.
  private func training(
    of stage: String, _ training: TrainingOptions, _ file: GANFile?
  ) -> TrainingOptions {
    var result = trainingSettings(of: stage, training)
      .concluded(continuing: options.preset == .lethe ? file?.regularisation : nil)
    if let precision = options.precision, !given.contains("\(stage).training.precision") {
      result.precision = precision
    }
    return result
  }

  /// The training of stage two: a rate that falls until the last iteration goes on to do so.
  private func decaying(_ unlearning: UnlearningOptions) -> TrainingOptions {
    var result = unlearning.training
    let usual = MethodOptions(preset: options.preset, method: options.method).unlearning
    if usual.training.decayIterations == usual.iterations,
      given.contains("unlearning.iterations"),
      !given.contains("unlearning.training.decay_iterations")
    {
      result.decayIterations = unlearning.iterations
    }
    return result
  }

  // MARK: - Refusals

  /// Refuses parts and constants that the method would not look at.
  private func refuseUseless(_ resolved: MethodOptions) throws(SettingError) {
    let (type, unlearning) = (resolved.method.type, resolved.unlearning)
    func refuse(_ field: String, _ reason: String, where isUseless: Bool) throws(SettingError) {
      guard isUseless else { return }
      throw .useless(field: field, reason: "the method \(type.name) \(reason)")
    }
    if type.usesAdapted {
      try refuse(
        "adaptation", "needs adapted models, and it is null", where: resolved.adaptation == nil)
    } else {
      try refuse(
        "adaptation", "takes no adapted models; set it to null",
        where: resolved.adaptation != nil)
    }
    if type.repels {
      try refuse(
        "unlearning.repulsion", "moves away from adapted models, and it is null",
        where: unlearning.repulsion == nil)
    } else {
      try refuse(
        "unlearning.repulsion",
        type.usesAdapted
          ? "has no repulsion loss; set it to null" : "takes no adapted models; set it to null",
        where: unlearning.repulsion != nil)
    }
    if !type.distils {
      let reason = "neither retains nor redirects; set it to null"
      try refuse("unlearning.retention", reason, where: unlearning.retention != nil)
      try refuse("unlearning.redirection", reason, where: unlearning.redirection != nil)
    }
    try refuseUnread(unlearning, by: type)
  }

  /// Refuses numbers that the method does not have, or that it cannot take.
  private func refuseConstants(_ resolved: MethodOptions) throws {
    do {
      try SettingError.inside("unlearning") {
        try resolved.method.type.requireConstants(of: resolved.unlearning)
      }
    } catch UnlearningMethodError.unknownConstant(let method, let name, let known) {
      throw SettingError.useless(
        field: "unlearning.constants.\(name)",
        reason: "the method \(method) has "
          + (known.isEmpty ? "no constants of its own" : known.joined(separator: ", ")))
    }
  }

  /// Refuses constants of training that a method without a discriminator, or without training, never looks
  /// at.
  private func refuseUntrained(
    _ training: TrainingOptions, by type: any UnlearningMethod.Type
  ) throws(SettingError) {
    let usual = MethodOptions(preset: options.preset, method: options.method).unlearning.training
    func refuse(
      _ reason: String, _ fields: [(name: String, isUsual: Bool)]
    ) throws(SettingError) {
      for (name, isUsual) in fields where !isUsual && given.contains("unlearning.training.\(name)")
      {
        throw .useless(
          field: "unlearning.training.\(name)", reason: "the method \(type.name) \(reason)")
      }
    }
    if !type.usesDiscriminator {
      try refuse(
        "has no discriminator",
        [
          ("uses_discriminator", training.usesDiscriminator == usual.usesDiscriminator),
          ("r1_weight", training.r1Weight == usual.r1Weight),
          ("path_length_weight", training.pathLengthWeight == usual.pathLengthWeight),
          ("precision", training.precision == usual.precision),
          ("augmentation.preset", training.augmentation == nil),
        ])
    }
    if !type.trains {
      try refuse(
        "does not train",
        [
          ("batch_size", training.batchSize == usual.batchSize),
          ("learning_rate", training.learningRate == usual.learningRate),
          ("decay_iterations", training.decayIterations == usual.decayIterations),
          ("ema_half_life_kimg", training.emaHalfLifeKimg == usual.emaHalfLifeKimg),
        ])
    }
  }

  /// Refuses constants that are asked for and that nothing reads, since something else is off.
  ///
  /// The usual ones may stand there: a printed recipe has all of them.
  private func refuseUnread(
    _ options: UnlearningOptions, by type: any UnlearningMethod.Type
  ) throws(SettingError) {
    let usual = UnlearningOptions()
    func refuse(_ field: String, _ reason: String, where isUnread: Bool) throws(SettingError) {
      guard isUnread, given.contains(field) else { return }
      throw .useless(field: field, reason: reason)
    }
    try refuse(
      "unlearning.patience_target", "unlearning.patience is null, so nothing ends early",
      where: options.patience == nil && options.patienceTarget != usual.patienceTarget)
    try refuseUntrained(options.training, by: type)
    try refuse(
      "unlearning.survey_samples", "nothing is retained or redirected",
      where: options.retention == nil && options.redirection == nil
        && (type.distils || !type.surveys) && options.surveySamples != usual.surveySamples)
    guard !options.training.usesDiscriminator else { return }
    let reason = "uses_discriminator is false, and that is about what a discriminator is shown"
    try refuse(
      "unlearning.largest_doubt", reason, where: options.largestDoubt != usual.largestDoubt)
    try refuse(
      "unlearning.least_class_share", reason,
      where: options.leastClassShare != usual.leastClassShare)
  }
}
