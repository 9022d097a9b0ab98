import Torch
import TorchNN

/// The one training loop of Lethe: pre-training, adaptation and unlearning differ in what is real
/// and in what term is added to the generator's loss.
///
/// Everything that a resumed run needs is in ``state``; a run that is resumed gives the same bits as
/// one that never stopped.
public final class GANTrainer {
  /// The networks and their optimisers.
  public let model: GANModel
  /// The constants.
  public let options: TrainingOptions
  /// How many iterations are complete.
  public private(set) var iteration = 0

  private let source: any ImageSource
  private let term: (any GeneratorTerm)?
  private let latents: RandomGenerator
  private let noise: RandomGenerator
  private var meanPathLength: Tensor

  /// What one iteration measured, by name: losses, penalties, the term's own.
  public typealias Statistics = [String: Double]

  /// The parts of an iteration.
  public enum Phase: String, Sendable, CaseIterable {
    /// The discriminator's step, with the pictures it needs.
    case discriminator = "d"
    /// The lazy gradient penalty.
    case r1
    /// The generator's step, with the term.
    case generator = "g"
    /// The lazy path length penalty.
    case pathLength = "path"
    /// What follows: the term's second half and the moving average.
    case finish
  }

  /// How long the parts of the last iteration took; lazy ones are missing where they did not run.
  public private(set) var phaseSeconds: [Phase: Double] = [:]

  /// A trainer at iteration 0.
  ///
  /// - Parameters:
  ///   - model: the networks to train, and their optimisers.
  ///   - source: the pictures that are real.
  ///   - term: what is added to the generator's loss, or nothing.
  ///   - options: valid constants.
  ///   - random: split into the streams that training draws from.
  public init(
    _ model: GANModel, source: any ImageSource, term: (any GeneratorTerm)? = nil,
    options: TrainingOptions, random: RandomGenerator
  ) {
    self.model = model
    self.source = source
    self.term = term
    self.options = options
    latents = random.split("training latents")
    noise = random.split("training noise")
    meanPathLength = Tensor.zeros([], device: random.device)
  }

  /// Trains up to an iteration, telling after each one what it measured.
  ///
  /// - Parameters:
  ///   - last: the iteration to stop at.
  ///   - afterEach: called with the statistics; returns false to stop early.
  /// - Throws: ``TrainingError/diverged(iteration:quantity:)``, and what `afterEach` throws.
  public func train(
    until last: Int, afterEach: (Statistics) throws -> Bool = { _ in true }
  ) throws {
    while iteration < last {
      let statistics = try step()
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

    // The discriminator tells real from generated.
    let real = source.next(options.batchSize)
    let fake = withoutGradients {
      makePictures(options.batchSize, options.precision).pictures
    }
    try update(model.discriminator.parameters, model.discriminatorOptimiser) {
      let logits = model.discriminator(
        .concatenated([real, fake]), batches: 2, precision: options.precision)
      let realLogits = logits.sliced(0..<options.batchSize)
      let fakeLogits = logits.sliced(options.batchSize..<2 * options.batchSize)
      let loss = Losses.discriminatorLogistic(real: realLogits, fake: fakeLogits)
      try record(loss, as: "loss_d", in: &statistics)
      statistics["logit_real"] = realLogits.mean().item()
      statistics["logit_fake"] = fakeLogits.mean().item()
      loss.backward()
    }
    end(.discriminator)

    // Lazily, its gradient on real pictures is kept small; derivatives of derivatives are in fp32.
    if options.r1Weight > 0, iteration % options.r1Interval == 0 {
      try update(model.discriminator.parameters, model.discriminatorOptimiser) {
        let penalty = Losses.r1Penalty(model.discriminator, pictures: real)
        try record(penalty, as: "r1", in: &statistics)
        (penalty * (options.r1Weight / 2 * Double(options.r1Interval))).backward()
      }
      end(.r1)
    }

    // The generator learns to look real, and obeys the term.
    model.discriminator.parameters.requiresGradient = false
    defer { model.discriminator.parameters.requiresGradient = true }
    let ownFake = makePictures(options.batchSize, options.precision).pictures
    try update(model.generator.parameters, model.generatorOptimiser) {
      let loss = Losses.generatorNonSaturating(
        fake: model.discriminator(ownFake, precision: options.precision))
      try record(loss, as: "loss_g", in: &statistics)
      loss.backward()
      if let term {
        let measured = term.addGradient(to: model.generator.parameters, iteration: iteration)
        statistics.merge(measured) { _, new in new }
      }
    }
    end(.generator)

    // Lazily, equal steps in w are made to change the picture equally.
    if options.pathLengthWeight > 0, iteration % options.pathLengthInterval == 0 {
      try update(model.generator.parameters, model.generatorOptimiser) {
        let (pictures, styles) = makePictures(options.pathLengthBatchSize, .fp32)
        let (penalty, mean) = Losses.pathLengthPenalty(
          pictures: pictures, styles: styles, noise: noise.normal(pictures.shape),
          meanPathLength: meanPathLength, decay: options.pathLengthDecay)
        try record(penalty, as: "path_length_penalty", in: &statistics)
        meanPathLength = mean
        statistics["path_length"] = mean.item()
        (penalty * (options.pathLengthWeight * Double(options.pathLengthInterval))).backward()
      }
      end(.pathLength)
    }

    if let term {
      let made = Tensor.concatenated([fake, ownFake.detached()])
      let measured = term.afterStep(model.generator, pictures: made, iteration: iteration)
      statistics.merge(measured) { _, new in new }
    }
    model.generatorEMA.parameters.average(
      with: model.generator.parameters, decay: options.emaDecay(iteration: iteration))
    end(.finish)
    iteration += 1
    statistics["iteration"] = Double(iteration)
    statistics["kimg"] = Double(iteration * options.batchSize) / 1000
    return statistics
  }

  /// Gradients from zero, then one step of the optimiser.
  private func update(
    _ parameters: ParameterVector, _ optimiser: Adam, _ accumulate: () throws -> Void
  ) rethrows {
    parameters.zeroGradients()
    try accumulate()
    // float16 may overflow on the way back, where nothing clamps: as the public implementations do.
    if options.precision == .fp16 { parameters.gradients.replaceNonFiniteInPlace(limit: 1e5) }
    optimiser.step()
  }

  private func makePictures(
    _ count: Int, _ precision: Precision
  ) -> (pictures: Tensor, styles: Tensor) {
    model.generator.sample(
      count, mixingProbability: options.mixingProbability, latents: latents, noise: noise,
      precision: precision)
  }

  private func record(_ loss: Tensor, as name: String, in statistics: inout Statistics) throws {
    let value = loss.item()
    guard value.isFinite else {
      throw TrainingError.diverged(iteration: iteration, quantity: name)
    }
    statistics[name] = value
  }
}

// MARK: - Stopping and going on

extension GANTrainer {
  /// Everything beside the model that the next iteration depends on.
  public var state: StateDict {
    var result: StateDict = [
      "iteration": Tensor([Int64(iteration)]),
      "mean_path_length": meanPathLength,
      "random.latents": latents.state,
      "random.noise": noise.state,
    ]
    result.merge(source.state, under: "source")
    if let term { result.merge(term.state, under: "term") }
    return result
  }

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
    try latents.restore(try need("random.latents"))
    try noise.restore(try need("random.noise"))
    try source.restore(state.under("source"))
    try term?.restore(state.under("term"))
    iteration = iterations
    meanPathLength = pathLength.to(meanPathLength.device)
  }
}

/// Training that cannot go on.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
  /// A loss became infinite or undefined.
  case diverged(iteration: Int, quantity: String)
  /// A file that holds no state of a training run, or not all of it.
  case notResumable(file: String, missing: String)

  /// One sentence that names the way out.
  public var description: String {
    switch self {
    case .diverged(let iteration, let quantity):
      "training diverged: \(quantity) is not finite in iteration \(iteration); go on from the last "
        + "snapshot with a lower --learning-rate or a weaker repulsion"
    case .notResumable(let file, let missing):
      "\(file) cannot be resumed from: it has no \(missing); only snapshots of lethe's own runs hold "
        + "the state of training, any other checkpoint starts a new run"
    }
  }
}
