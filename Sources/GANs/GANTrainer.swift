public import Records
public import Torch
import TorchNN

/// The one training loop of Lethe: pre-training, adaptation and unlearning differ in what is real,
/// in what is added to the generator's loss, and in what acts beside its optimiser.
///
/// ``state`` holds everything that a resumed run needs; its results have the same bits as those of
/// a run that never stopped.
public final class GANTrainer {
  /// The networks and their optimisers.
  public let model: GANModel
  /// The constants.
  public let options: TrainingOptions
  /// Steps that a new discriminator is still to be trained alone before the first iteration.
  public var discriminatorStepsBefore = 0
  /// How many iterations are complete.
  public private(set) var iteration = 0
  /// Iterations that are left out because a hook has settled early; training ends so many before the
  /// last.
  public private(set) var skippedIterations = 0
  /// How many thousand real pictures the discriminator was shown.
  public var kimg: Double { Double(iteration * options.batchSize) / 1000 }

  private let source: any ImageSource
  private let phases: any GANPhases
  private let lessons: (any Lessons)?
  private let terms: [any GradientTerm]
  private let hooks: [any StepHook]
  private let augmentation: (any Augmentation)?
  private let exchange: (any GradientExchange)?
  private let latentRandom: RandomGenerator
  private let noiseRandom: RandomGenerator
  private var meanPathLength: Tensor

  /// The parts of an iteration.
  public enum Phase: String, Sendable, CaseIterable {
    /// The discriminator's step, with the pictures it needs.
    case discriminator = "d"
    /// The lazy gradient penalty.
    case r1
    /// The generator's step, with the terms of its loss.
    case generator = "g"
    /// The lazy path length penalty.
    case pathLength = "path"
    /// What follows: the hooks and the moving average.
    case finish
  }

  /// How long the parts of the last iteration took; lazy ones are missing where they did not run.
  public private(set) var phaseSeconds: [Phase: Double] = [:]

  /// A trainer at iteration 0.
  ///
  /// On another device than the CPU, the next pictures are uploaded while it works.
  ///
  /// - Parameters:
  ///   - model: the networks to train, and their optimisers.
  ///   - source: the pictures that are real.
  ///   - lessons: which pictures the generator's step makes, and what they shall become; nil for
  ///     arbitrary ones.
  ///   - terms: what is added to the generator's loss.
  ///   - hooks: what acts beside the generator's optimiser.
  ///   - options: valid constants.
  ///   - augmentation: how pictures are changed before the discriminator sees them; nil for what the
  ///     options say, which is not at all by default.
  ///   - exchange: what averages gradients over processes; nil for one process alone.
  ///   - random: split into the streams that training draws from.
  public convenience init(
    _ model: GANModel, source: any ImageSource, lessons: (any Lessons)? = nil,
    terms: [any GradientTerm] = [], hooks: [any StepHook] = [], options: TrainingOptions,
    augmentation: (any Augmentation)? = nil, exchange: (any GradientExchange)? = nil,
    random: RandomGenerator
  ) {
    let device = model.generator.parameters.device
    if options.usesGraphs { DeviceGraph.useOwnStream(on: device) }
    self.init(
      model, source: device == .cpu ? source : UploadedPictures(source, device: device),
      lessons: lessons, terms: terms, hooks: hooks, options: options, augmentation: augmentation,
      exchange: exchange, random: random,
      recordingBy: options.usesGraphs ? { DeviceGraph(device: device) } : nil)
  }

  /// A trainer whose phases are recorded by another recorder than the device's, or not at all.
  package init(
    _ model: GANModel, source: any ImageSource, lessons: (any Lessons)? = nil,
    terms: [any GradientTerm], hooks: [any StepHook], options: TrainingOptions,
    augmentation: (any Augmentation)?,
    exchange: (any GradientExchange)?, random: RandomGenerator,
    recordingBy makeRecording: (() -> any Recording)?
  ) {
    precondition(
      options.usesDiscriminator
        ? model.hasDiscriminator : lessons != nil || !terms.isEmpty || !hooks.isEmpty,
      "training without anything that teaches")
    let augmentation =
      augmentation
      ?? options.augmentation.map {
        AdaptiveAugmentation(
          $0, size: model.configuration.size, pixelRange: model.generator.pixelRange,
          startingAt: model.augmentationProbability ?? 0, random: random)
      }
    let computed = ComputedPhases(model: model, options: options, augmentation: augmentation)
    phases = makeRecording.map { RecordedPhases(computed, by: $0) } ?? computed
    self.model = model
    self.source = source
    self.lessons = lessons
    self.terms = terms
    self.hooks = hooks
    self.augmentation = augmentation
    self.exchange = exchange
    self.options = options
    latentRandom = random.split("training latents")
    noiseRandom = random.split("training noise")
    meanPathLength = Tensor.zeros([], device: random.device)
  }

  /// Trains the discriminator alone, against the generator as it is: what a new one needs before it can
  /// teach.
  ///
  /// - Parameters:
  ///   - count: how many steps; they count as no iterations.
  ///   - afterEach: called with the number done so far; may throw to stop.
  /// - Throws: ``TrainingError/diverged(iteration:quantity:)``, and what `afterEach` throws.
  public func trainDiscriminatorAlone(
    _ count: Int, afterEach: (Int) throws -> Void = { _ in }
  ) throws {
    precondition(options.usesDiscriminator, "no discriminator to train")
    for step in 0..<count {
      var statistics = Statistics()
      _ = try trainDiscriminator(&statistics, isPenalised: step % options.r1Interval == 0) { _ in }
      try afterEach(step + 1)
    }
  }

  /// Trains up to an iteration, and reports the statistics of each.
  ///
  /// Once a hook is settled, what is left of the time before the learning rates fall is skipped
  /// (``skippedIterations``); where they do not fall, all the rest.
  ///
  /// - Parameters:
  ///   - last: the iteration to stop at, or so many before it as are skipped.
  ///   - afterEach: called with the statistics; returns false to stop early.
  /// - Throws: ``TrainingError/diverged(iteration:quantity:)``, and what `afterEach` throws.
  public func train(
    until last: Int, afterEach: (Statistics) throws -> Bool = { _ in true }
  ) throws {
    if iteration == 0, discriminatorStepsBefore > 0 {
      try trainDiscriminatorAlone(discriminatorStepsBefore)
      discriminatorStepsBefore = 0
    }
    while iteration < last - skippedIterations {
      let statistics = try step()
      if skippedIterations == 0, hooks.contains(where: \.isSettled) {
        skippedIterations = max(0, (options.decayStart ?? last) - iteration)
      }
      guard try afterEach(statistics) else { return }
    }
  }

  /// One iteration: discriminator, lazy R1, generator, lazy path length, moving average.
  ///
  /// - Returns: what it measured.
  /// - Throws: ``TrainingError/diverged(iteration:quantity:)`` when a loss is not finite.
  public func step() throws -> Statistics {
    var statistics = Statistics()
    var mark = ContinuousClock.now
    phaseSeconds = [:]
    func end(_ phase: Phase) {
      let now = ContinuousClock.now
      phaseSeconds[phase] = (now - mark) / .seconds(1)
      mark = now
    }

    var fake: Tensor?
    if options.usesDiscriminator {
      fake = try trainDiscriminator(
        &statistics, isPenalised: iteration % options.r1Interval == 0, end)
    }

    // The generator learns to look real, and obeys the terms.
    model.discriminator.parameters.requiresGradient = false
    defer { model.discriminator.parameters.requiresGradient = true }
    let ownFake = try generate(&statistics)
    for hook in hooks {
      let measured = hook.beforeStep(model.generator, iteration: iteration)
      statistics.merge(measured) { _, new in new }
    }
    for term in terms {
      let measured = term.addGradient(to: model.generator.parameters, iteration: iteration)
      statistics.merge(measured) { _, new in new }
    }
    update(model.generatorOptimiser, model.generator.parameters)
    end(.generator)

    // The path length penalty, applied lazily: equal steps in w should change the picture equally.
    if options.pathLengthWeight > 0, iteration % options.pathLengthInterval == 0 {
      let (draw, size) = (draw(options.pathLengthBatchSize), model.configuration.size)
      let measured = phases.pathLength(
        noise: noiseRandom.normal([options.pathLengthBatchSize, 3, size, size]),
        mean: meanPathLength,
        draw)
      try record(measured, as: [.pathLengthPenalty, .pathLength], in: &statistics)
      meanPathLength = measured.sliced(1..<2).reshaped([]).clone()
      update(model.generatorOptimiser, model.generator.parameters)
      end(.pathLength)
    }

    if !hooks.isEmpty {
      // The latents of lessons are chosen, so no share is to be measured of them.
      let others =
        fake
        ?? withoutGradients {
          model.generator.make(draw(options.batchSize), precision: options.precision)
        }
      let made =
        lessons == nil ? Tensor.concatenated([others] + [ownFake].compactMap(\.self)) : others
      for hook in hooks {
        let measured = model.generator.parameters.keepingFrozenValues {
          hook.afterStep(model.generator, pictures: made, iteration: iteration)
        }
        statistics.merge(measured) { _, new in new }
      }
    }
    model.generatorEMA.parameters.average(
      with: model.generator.parameters, decay: options.emaDecay(iteration: iteration))
    end(.finish)
    iteration += 1
    return statistics
  }

  /// The discriminator's phase and, where it is due, its penalty; returns the generated pictures.
  private func trainDiscriminator(
    _ statistics: inout Statistics, isPenalised: Bool, _ end: (Phase) -> Void
  ) throws -> Tensor {
    // The discriminator tells real from generated.
    let real = try source.next(options.batchSize)
    let (measured, fake) = phases.discriminator(
      real: real, draw(options.batchSize), changes: changes(2 * options.batchSize))
    try source.prepare(options.batchSize)
    let keys: [StatisticKey] = [.lossD, .logitReal, .logitFake]
    let realLogits = try record(measured, as: keys, in: &statistics).dropFirst(keys.count)
    if let augmentation {
      statistics.merge(augmentation.observe(realLogits: Array(realLogits))) { _, new in new }
    }
    update(model.discriminatorOptimiser, model.discriminator.parameters)
    end(.discriminator)

    // R1, applied lazily, keeps its gradient on real pictures small; second derivatives are in
    // fp32.
    if options.r1Weight > 0, isPenalised {
      try record(
        phases.r1(real: real, changes: changes(options.batchSize)), as: [.r1], in: &statistics)
      update(model.discriminatorOptimiser, model.discriminator.parameters)
      end(.r1)
    }
    return fake
  }

  /// The generator's phase, with a lesson if there are any; nil where only terms and hooks teach.
  private func generate(_ statistics: inout Statistics) throws -> Tensor? {
    guard let lessons else {
      guard options.usesDiscriminator else {
        model.generator.parameters.zeroGradients()
        return nil
      }
      let (loss, fake) = phases.generator(
        draw(options.batchSize), changes: changes(options.batchSize))
      try record(loss, as: [.lossG], in: &statistics)
      return fake
    }
    let (measured, fake) = phases.generator(
      lessons.next(), changes: changes(lessons.pictureCount))
    let errors = Array(
      try record(measured, as: options.usesDiscriminator ? [.lossG] : [], in: &statistics)
        .dropFirst())
    let found = lessons.statistics(of: errors)
    guard errors.allSatisfy(\.isFinite) else {
      let broken = found.filter { !$0.value.isFinite }.map(\.key.name).min()
      throw TrainingError.diverged(
        iteration: iteration + 1, quantity: broken ?? StatisticKey.lossG.name)
    }
    statistics.merge(found) { _, new in new }
    return fake
  }

  /// One step of an optimiser along the gradients that a phase and the terms have left.
  private func update(_ optimiser: Adam, _ parameters: ParameterVector) {
    exchange?.average(parameters.gradients)
    // float16 may overflow in the backward pass, where nothing clamps; the public implementations
    // do the same.
    if options.precision == .fp16 { parameters.gradients.replaceNonFiniteInPlace(limit: 1e5) }
    optimiser.step(
      learningRateFactor: options.learningRateFactor(iteration: iteration + skippedIterations))
  }

  private func draw(_ count: Int) -> PictureDraw {
    model.generator.draw(
      count, mixingProbability: options.mixingProbability, latentsFrom: latentRandom,
      noiseFrom: noiseRandom)
  }

  private func changes(_ count: Int) -> [Tensor] { augmentation?.draw(count) ?? [] }

  /// Reads what a phase has measured, all at once, and returns it; the first value must be finite.
  @discardableResult
  private func record(
    _ measured: Tensor, as keys: [StatisticKey], in statistics: inout Statistics
  ) throws -> [Double] {
    let values = measured.array(of: Double.self)
    guard values[0].isFinite else {
      throw TrainingError.diverged(
        iteration: iteration + 1, quantity: (keys.first ?? .lossG).name)
    }
    statistics.merge(zip(keys, values)) { _, new in new }
    return values
  }
}

// MARK: - Stopping and going on

extension GANTrainer {
  private static let skippedKey = "skipped_iterations"

  /// The iterations that a trainer had skipped when its state was saved.
  ///
  /// - Parameter state: from ``state``; that of an earlier build, which skipped none, says nothing.
  /// - Returns: at least 0.
  public static func skippedIterations(in state: StateDict) -> Int {
    state[skippedKey].flatMap { $0.elementCount == 1 ? Int(exactly: $0.item()) : nil }
      .map { max(0, $0) } ?? 0
  }

  /// The state, other than the model, on which the next iteration depends.
  public var state: StateDict {
    var result: StateDict = [
      "iteration": Tensor([Int64(iteration)]),
      Self.skippedKey: Tensor([Int64(skippedIterations)]),
      "mean_path_length": meanPathLength,
      "random.latents": latentRandom.state,
      "random.noise": noiseRandom.state,
    ]
    result.merge(source.state, under: "source")
    if let lessons { result.merge(lessons.state, under: "lessons") }
    for part in termsAndHooks { result.merge(part.state, under: "term") }
    if let augmentation { result.merge(augmentation.state, under: "augmentation") }
    return result
  }

  /// Those that share the names under `term`, each with names of its own.
  private var termsAndHooks: [any Resumable] { terms + hooks }

  /// Goes on where a snapshot was taken.
  ///
  /// - Parameters:
  ///   - state: from ``state``; the model is restored apart.
  ///   - file: what to call it in an error.
  /// - Throws: ``TrainingError/notResumable(file:missing:)`` and what the parts throw.
  public func restore(_ state: StateDict, file: String) throws {
    func need(_ key: String, isNumber: Bool = false) throws -> Tensor {
      guard let tensor = state[key],
        !isNumber || tensor.elementCount == 1 && tensor.item().isFinite
      else {
        throw TrainingError.notResumable(file: file, missing: key)
      }
      return tensor
    }
    guard let iterations = Int(exactly: try need("iteration", isNumber: true).item()) else {
      throw TrainingError.notResumable(file: file, missing: "iteration")
    }
    let pathLength = try need("mean_path_length", isNumber: true).reshaped([])
    try latentRandom.restore(try need("random.latents"))
    try noiseRandom.restore(try need("random.noise"))
    try source.restore(state.under("source"))
    try lessons?.restore(state.under("lessons"))
    for part in termsAndHooks { try part.restore(state.under("term")) }
    try augmentation?.restore(state.under("augmentation"))
    iteration = iterations
    skippedIterations = Self.skippedIterations(in: state)
    meanPathLength = pathLength.to(meanPathLength.device)
  }
}
