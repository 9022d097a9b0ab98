public import GANs
import Records
import Torch
public import Unlearning

/// What methods share that train the original on its own positives: the model, the feedback, the trainer.
public struct PositiveTraining {
  /// The model, which starts as the original.
  public let model: GANModel
  /// The share of negatives among the original's pictures, above 0.
  public let originalShare: Double
  /// Who tells negatives from positives.
  public let feedback: Feedback
  /// How many negatives an iteration makes.
  public let negatives: NegativeGauge
  private let source: PictureSource
  private let lessons: Distillation?
  private let hold: RedirectionHold?
  private let options: UnlearningOptions
  private let random: RandomGenerator

  /// Reads the model and collects positives.
  ///
  /// - Parameters:
  ///   - subject: the GAN, the judge, and what shall be forgotten.
  ///   - options: the constants.
  ///   - context: seed, device, observer.
  ///   - inspect: looks at the model before feedback is collected, to refuse early.
  /// - Throws: what refuses the unlearning; what `inspect` throws.
  public init(
    _ subject: Subject, options: UnlearningOptions, context: ExperimentContext,
    inspect: (GANModel) throws -> Void = { _ in }
  ) throws {
    try options.validate()
    random = context.random.split("unlearning")
    model = try GANModel(
      subject.file, options: options.training, start: options.start,
      newDiscriminator: options.newDiscriminatorSteps == nil
        ? nil : random.split("new discriminator"),
      device: context.device)
    try inspect(model)
    // What was forgotten before is kept forgotten.
    let feedback = try Feedback(
      on: model.generator, judge: subject.judge, furtherJudges: subject.furtherJudges,
      undesired: subject.concepts + subject.forgottenBefore(),
      mixingProbability: options.training.mixingProbability, random: random.split("feedback"))
    // Without a discriminator nobody is shown positives: no doubt matters.
    let filter =
      options.training.usesDiscriminator
      ? PositiveFilter(
        largestDoubt: options.largestDoubt, leastClassShare: options.leastClassShare)
      : PositiveFilter(largestDoubt: 1)
    let positives = try context.during(
      RunTask(.collectingFeedback, label: "feedback", total: options.feedbackSamples)
    ) { progress in
      try feedback.positives(
        among: options.feedbackSamples, filter: filter,
        retained: options.retention?.largestDoubt ?? 0, progress: progress)
    }
    guard positives.negativeShare > 0 else {
      throw UnlearningError.tooFewNegatives(
        found: 0, wanted: 1, looked: options.feedbackSamples, concepts: feedback.undesired)
    }
    context.observer.note(positives.tolls, options)
    source = try PictureSource(
      positives.pictures, stream: positives.stream, order: options.order, random: random)
    originalShare = positives.negativeShare
    let negatives = NegativeGauge(feedback.negativeShare)
    hold = options.redirection.flatMap { redirection in
      redirection.allowedRemainder == 0
        ? nil
        : RedirectionHold(
          target: redirection.allowedRemainder, originalShare: positives.negativeShare,
          negatives: negatives)
    }
    lessons = try DistillationBuilder(
      feedback, options: options, context: context, hold: hold, random: random.split("distillation")
    ).lessons(retaining: positives.latents)
    self.feedback = feedback
    self.negatives = negatives
    self.options = options
  }

  /// Which latents of the model as it is now show what shall be forgotten.
  ///
  /// - Parameters:
  ///   - options: how many are looked at.
  ///   - context: seed, observer, cancellation.
  /// - Returns: the survey.
  /// - Throws: ``Cancelled``.
  func survey(
    _ options: UnlearningOptions, in context: ExperimentContext
  ) throws -> StyleSurvey {
    try context.during(
      RunTask(.collectingFeedback, label: "survey", total: options.surveySamples)
    ) { try feedback.survey(options.surveySamples, progress: $0) }
  }

  /// What ends the run early; nil where nothing does.
  private var earlyEnd: EarlyEnd? {
    options.patience.map {
      EarlyEnd(
        patience: $0, target: options.patienceTarget, originalShare: originalShare,
        negatives: negatives)
    }
  }

  /// A trainer at iteration 0.
  ///
  /// - Parameters:
  ///   - other: the model to train on the positives in place of ``model``; nil for that.
  ///   - terms: what is added to the generator's loss.
  ///   - hooks: what acts beside the optimiser.
  /// - Returns: the trainer.
  public func trainer(
    of other: GANModel? = nil, terms: [any GradientTerm] = [], hooks: [any StepHook] = []
  ) -> GANTrainer {
    let trainer = GANTrainer(
      other ?? model, source: source, lessons: lessons, terms: terms,
      hooks: hooks + [hold].compactMap(\.self) + [earlyEnd].compactMap(\.self),
      options: options.training,
      random: random)
    trainer.discriminatorStepsBefore = options.newDiscriminatorSteps ?? 0
    return trainer
  }
}
