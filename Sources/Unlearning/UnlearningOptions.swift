public import Datasets
public import GANs

/// The constants of stage two: unlearning on the positives.
public struct UnlearningOptions: Sendable, Equatable, Codable {
  /// Iterations; a learning rate that falls until the last one goes on to do so where they change.
  public var iterations = 400 {
    didSet {
      if training.decayIterations == oldValue { training.decayIterations = iterations }
    }
  }
  /// Iterations in a row over which no more than ``patienceTarget`` of the concepts must have remained, on
  /// average, for the run to end early; nil uses all iterations (``EarlyEnd``).
  public var patience: Int?
  /// The share of the concepts that may remain where a run ends early, relative to the original's.
  public var patienceTarget = 0.03
  /// Pictures that positives are selected from.
  public var feedbackSamples = 10_000
  /// The largest probability of the undesired class that a positive may have.
  ///
  /// Pictures between two classes would teach the generator that they are wanted, although similar
  /// pictures may count as negatives afterwards. The reference uses 1: any picture with another
  /// likeliest class.
  public var largestDoubt = 0.002
  /// The share of each other class's pictures that are positives at least, the least doubtful ones
  /// (``PositiveFilter/leastClassShare``).
  public var leastClassShare = 2.0 / 3
  /// Latents without mixed styles among which those with the concept, and those to retain, are looked
  /// for; nothing is looked for where there is neither retention nor redirection.
  public var surveySamples = 12_800
  /// How pictures without the concept are held; nil where nothing holds them.
  public var retention: RetentionOptions? = RetentionOptions()
  /// How pictures with the concept become others; nil where nothing sends them.
  public var redirection: RedirectionOptions? = RedirectionOptions()
  /// Steps that a new discriminator is trained alone before the first iteration, on the positives against
  /// the generator as it is; nil takes that of the GAN.
  public var newDiscriminatorSteps: Int?
  /// The generator that unlearning starts from.
  public var start = GANModel.Start.average
  /// The order in which positives are shown.
  public var order = Sampler.Order.shuffled
  /// How the generator keeps away from the adapted ones; nil where nothing repels it.
  public var repulsion: RepulsionOptions? = RepulsionOptions()
  /// The numbers that the method alone has (``MethodConstant``), by their names; nil where it has none.
  public var constants: [String: Double]?
  /// The constants of training.
  public var training = TrainingOptions()

  /// The defaults.
  public init() {
    // Distillation is a regression, which comes to rest at a falling rate. 31 iterations of 16.
    training.decayIterations = iterations
    training.emaHalfLifeKimg = 0.5
    // As much again as digit 8 needs, and as sandals bear (Docs/Method.md).
    training.learningRateFactor = 1.5
    // Redirection does most of the forgetting: half the push, which moves everything, suffices.
    var loop = ClosedLoop.Options()
    loop.stepShare = 0.003
    repulsion?.strength = .closedLoop(loop)
  }

  /// The defaults without retention and redirection.
  public static var undistilled: UnlearningOptions {
    var options = UnlearningOptions()
    options.iterations = 900
    options.repulsion = RepulsionOptions()
    options.retention = nil
    options.redirection = nil
    options.training = TrainingOptions()
    // 125 iterations of 16.
    options.training.emaHalfLifeKimg = 2
    return options
  }

  /// The reference's constants for MNIST.
  public static var reference: UnlearningOptions {
    var options = UnlearningOptions()
    options.iterations = 1000
    options.start = .raw
    options.feedbackSamples = 5000
    options.largestDoubt = 1
    options.leastClassShare = 0
    options.retention = nil
    options.redirection = nil
    options.order = .sequential
    options.repulsion?.distance = .reference
    options.repulsion?.strength = .fixed(gamma: 1)
    options.training = TrainingOptions()
    return options
  }

  /// Throws unless unlearning can run with these.
  ///
  /// - Throws: ``UnlearningError/outOfRange(field:value:expected:)`` or `ConfigurationError`, naming the
  ///   field as records do.
  public func validate() throws {
    for (field, value) in [
      ("iterations", iterations), ("feedback_samples", feedbackSamples),
      ("survey_samples", surveySamples),
    ]
    where value < 1 {
      throw UnlearningError.outOfRange(field: field, value: "\(value)", expected: "at least 1")
    }
    guard (0...1).contains(patienceTarget) else {
      throw UnlearningError.outOfRange(
        field: "patience_target", value: "\(patienceTarget)", expected: "0 to 1")
    }
    if let newDiscriminatorSteps, newDiscriminatorSteps < 1 {
      throw UnlearningError.outOfRange(
        field: "new_discriminator_steps", value: "\(newDiscriminatorSteps)", expected: "at least 1")
    }
    if let newDiscriminatorSteps, !training.usesDiscriminator {
      throw UnlearningError.outOfRange(
        field: "new_discriminator_steps", value: "\(newDiscriminatorSteps)",
        expected: "none where there is no discriminator")
    }
    if let patience, patience < 1 {
      throw UnlearningError.outOfRange(
        field: "patience", value: "\(patience)", expected: "at least 1, or none")
    }
    guard largestDoubt > 0, largestDoubt <= 1 else {
      throw UnlearningError.outOfRange(
        field: "largest_doubt", value: "\(largestDoubt)", expected: "above 0 and at most 1")
    }
    guard (0...1).contains(leastClassShare) else {
      throw UnlearningError.outOfRange(
        field: "least_class_share", value: "\(leastClassShare)", expected: "0 to 1")
    }
    try OptionField.inside("retention") { try retention?.validate() }
    try OptionField.inside("redirection") { try redirection?.validate() }
    try OptionField.inside("repulsion") { try repulsion?.validate() }
    try OptionField.inside("training") { try training.validate() }
  }
}
