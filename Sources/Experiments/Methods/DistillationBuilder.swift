import GANs
import Judging
import Records
import Torch
import Unlearning

/// Builds the lessons with which the frozen original holds pictures and redirects others.
struct DistillationBuilder {
  private let feedback: Feedback
  private let options: UnlearningOptions
  private let context: ExperimentContext
  private let random: RandomGenerator
  private let original: any GeneratorNetwork
  private let hold: RedirectionHold?

  /// The lessons around the generator as it is now, before training.
  init(
    _ feedback: Feedback, options: UnlearningOptions, context: ExperimentContext,
    hold: RedirectionHold?, random: RandomGenerator
  ) {
    self.hold = hold
    self.feedback = feedback
    self.options = options
    self.context = context
    self.random = random
    original = feedback.generator.copy()
  }

  /// The lessons of all goals that the options have.
  ///
  /// - Parameter latents: of feedback, whose styles are mixed as in training.
  /// - Returns: the lessons; nil if there is no goal.
  /// - Throws: `UnlearningError` if there is nothing to redirect, or nowhere to; ``Cancelled``.
  func lessons(retaining latents: LatentPool) throws -> Distillation? {
    guard options.retention != nil || options.redirection != nil else { return nil }
    let survey = try context.during(
      RunTask(.collectingFeedback, label: "survey", total: options.surveySamples)
    ) { progress in
      try feedback.survey(
        options.surveySamples, retained: options.retention?.largestDoubt ?? 0,
        progress: progress)
    }
    var retained = latents
    retained.add(survey.retained)
    let goals = [try retention(of: retained), try redirection(survey)].compactMap(\.self)
    return Distillation(goals, for: feedback.generator)
  }

  private func retention(of latents: LatentPool) throws -> (any DistillationGoal)? {
    guard let retention = options.retention else { return nil }
    guard latents.count > 0 else {
      throw UnlearningError.nothingToRetain(
        looked: options.surveySamples + options.feedbackSamples, concepts: feedback.undesired,
        largestDoubt: retention.largestDoubt)
    }
    return try Retention(
      of: latents, by: original, weight: retention.weight,
      batchSize: options.training.batchSize, precision: options.training.precision,
      random: random.split("retention"))
  }

  private func redirection(_ survey: StyleSurvey) throws -> (any DistillationGoal)? {
    guard let redirection = options.redirection else { return nil }
    let total = survey.negativeLatents?.shape[0] ?? 0
    let targets = try context.during(
      RunTask(.collectingFeedback, label: "targets", total: total)
    ) { try feedback.targets(of: survey, options: redirection, progress: $0) }
    guard let targets else {
      throw UnlearningError.noTargets(
        negatives: total, looked: options.surveySamples, concepts: feedback.undesired,
        largestDoubt: redirection.largestDoubt)
    }
    if targets.unresolvedCount > 0 {
      context.observer.noted(
        "\(targets.unresolvedCount) of \(total) latents that show "
          + feedback.undesired.map { "'\($0.name)'" }.joined(separator: " or ")
          + " have no target: no step from them leads to a picture without it")
    }
    return try Redirection(
      to: targets, by: original, weight: redirection.weight, hold: hold,
      batchSize: Redirection.batchSize(besides: options.training.batchSize),
      precision: options.training.precision, random: random.split("redirection"))
  }
}
