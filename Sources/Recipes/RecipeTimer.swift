import Evaluation
import Experiments
import Foundation
import GANs
import Judging
import Records
import Runs
import Torch
import Unlearning

/// Times the parts of a recipe, on copies in memory.
final class RecipeTimer {
  private let materials: RecipeMaterials
  private let iterations: Int
  private let context: ExperimentContext
  /// What the times leave out, each in a sentence.
  private(set) var notes: [String] = []
  /// Pictures that are made and judged to time one.
  private static let pictures = 64
  /// As many where pictures take little time.
  private static let manyPictures = 1024
  /// Seconds that the few pictures may take for the many to be made as well.
  private static let warmingSeconds = 1.0

  /// A timer.
  ///
  /// - Parameters:
  ///   - materials: the recipe and its files.
  ///   - iterations: how many of each stage are timed.
  ///   - context: device, observer, cancellation.
  init(_ materials: RecipeMaterials, iterations: Int, context: ExperimentContext) {
    self.materials = materials
    self.iterations = iterations
    self.context = context
  }

  private var options: RecipeOptions { materials.recipe.options }
  private var subject: Subject { materials.subject }
  private var random: RandomGenerator {
    RandomGenerator(seed: 0, device: context.device).split("estimate")
  }

  private func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    return (ContinuousClock.now - start) / .seconds(1)
  }

  /// Seconds to make and judge a picture, and the share of pictures that show the concept.
  func picture() throws -> (seconds: Double, share: Double) {
    let generator = try subject.file.makeGenerator(device: context.device)
    func judged(_ count: Int) throws -> (seconds: Double, shown: Int) {
      var shown = 0
      let seconds: Double = try timed("pictures", count) { progress in
        try self.seconds {
          let sample = try JudgedSample(
            of: SampleRun(
              of: generator, latents: LatentList(count: count, seed: 0),
              source: "the original generator"),
            judge: subject.judge, progress: progress)
          shown = sample.judgement.shows(anyOf: subject.concepts).count { $0 }
        }
      }
      return (seconds, shown)
    }
    var count = Self.pictures
    var (seconds, shown) = try judged(count)
    // Where they are done at once, that was little but a warming-up.
    if seconds < Self.warmingSeconds {
      count = Self.manyPictures
      (seconds, shown) = try judged(count)
    }
    if shown == 0 {
      notes.append(
        "none of \(count) pictures shows what shall be forgotten: the time to collect negatives may "
          + "be several times as long")
    }
    return (seconds / Double(count), max(Double(shown), 0.5) / Double(count))
  }

  /// Seconds in which judges look at a picture.
  func judging(_ judges: [Judge]) throws -> Double {
    guard !judges.isEmpty else { return 0 }
    let size = subject.file.configuration.size
    let pictures = random.split("judged").uniform([Self.pictures, 3, size, size])
    func look() { for judge in judges { _ = judge.judge(pictures, in: .zeroToOne).probabilities } }
    return try timed("judges", Self.pictures) { _ in
      // The first look warms up.
      look()
      return seconds(look) / Double(Self.pictures)
    }
  }

  /// What stage one takes: seconds for a picture of the Fisher information; seconds for an iteration of
  /// one model, where several models that are trained at the same time share them.
  struct Adaptation {
    let fisher: Double
    let iteration: Double
    let modelsAtOnce: Int
  }

  /// Times stage one as it will be run, with models side by side where they are.
  ///
  /// - Parameters:
  ///   - options: of the stage.
  ///   - models: of all concepts.
  /// - Returns: the times.
  /// - Throws: what training refuses; `Cancelled`.
  func adaptation(_ options: AdaptationOptions, models: Int) throws -> Adaptation {
    let size = subject.file.configuration.size
    let groups = AdaptationGroups.groups(of: models, pictureSize: size, on: context.device)
    let modelsAtOnce = groups.map(\.count).max() ?? 1
    let negatives = random.split("negatives").normal([options.training.batchSize, 3, size, size])
    var first: GANTrainer?
    let fisher: Double = try timed("Fisher information", options.fisherSamples) { _ in
      try seconds { first = try adaptationTrainer(options, negatives) }
    }
    var trainers = [first].compactMap(\.self)
    // The others only have to be there.
    var quick = options
    quick.fisherSamples = min(4, options.fisherSamples)
    while trainers.count < modelsAtOnce { trainers.append(try adaptationTrainer(quick, negatives)) }
    // Groups of as many models take as long; the last one may have fewer.
    let times = try Dictionary(grouping: groups, by: \.count).map { count, groups in
      Double(groups.count) * (try iteration(of: Array(trainers.prefix(count)), named: "time adapt"))
    }
    return Adaptation(
      fisher: fisher / Double(options.fisherSamples),
      iteration: times.reduce(0, +) / Double(models), modelsAtOnce: modelsAtOnce)
  }

  private func adaptationTrainer(
    _ options: AdaptationOptions, _ negatives: Tensor
  ) throws -> GANTrainer {
    let gan = try GANModel(
      subject.file, options: options.training, start: options.start, device: context.device)
    return try NegativeAdaptation.trainer(
      gan, negatives: negatives, options: options, random: random
    ) { [cancellation = context.cancellation] in !cancellation.isRequested }
  }

  /// What stage two takes: seconds for a picture of its feedback, for a step of a new discriminator and
  /// for an iteration; the pictures of feedback.
  struct Unlearning {
    let picture: Double
    let discriminatorStep: Double
    let iteration: Double
    let pictures: Int
  }

  /// Times stage two.
  func unlearning() throws -> Unlearning {
    let judge = Judge(
      TimingJudge(
        subject.judge, asking: subject.furtherJudges, about: subject.concepts,
        random: random.split("judge")))
    let subject = try Subject(
      subject.file, judge: judge, forgetting: subject.concepts.map(\.name))
    var small = options.unlearning
    let surveys = small.retention != nil || small.redirection != nil
    let wanted = small.feedbackSamples + (surveys ? small.surveySamples : 0)
    small.feedbackSamples = min(small.feedbackSamples, Self.pictures)
    small.surveySamples = min(small.surveySamples, Self.pictures)
    let looked = small.feedbackSamples + (surveys ? small.surveySamples : 0)
    let type = options.method.type
    let method = try type.init(
      UnlearningRequest(options: small, adapted: type.usesAdapted ? [try neighbour()] : []))
    var quiet = context
    quiet.seed = 0
    quiet.observer = SilentObserver()
    var trainer: GANTrainer?
    let preparation: Double = try timed("feedback", looked) { _ in
      try seconds { trainer = try method.makeTrainer(for: subject, in: quiet) }
    }
    guard let trainer else { preconditionFailure("no trainer of stage two") }
    var step = 0.0
    if trainer.discriminatorStepsBefore > 0 {
      let sum: Double = try timed("time a new discriminator", iterations) { progress in
        try seconds { try trainer.trainDiscriminatorAlone(iterations, afterEach: progress) }
      }
      step = sum / Double(iterations)
    }
    return Unlearning(
      picture: preparation / Double(looked), discriminatorStep: step,
      iteration: try iteration(of: trainer, named: "time unlearn"), pictures: wanted)
  }

  /// A stand-in for the adapted models: as many as there will be cost what one costs.
  private func neighbour() throws -> GANFile {
    var file = subject.file
    func moved(_ tensors: StateDict?) -> StateDict? {
      guard let tensors else { return nil }
      var result = StateDict()
      for (name, tensor) in tensors { result[name] = tensor.to(.float32) * 1.01 }
      return result
    }
    file.generatorEMA = moved(file.generatorEMA ?? file.generator)
    return file
  }

  /// Seconds of an iteration of trainers that work at the same time, each on a thread: those of the
  /// slowest.
  private func iteration(of trainers: [GANTrainer], named label: String) throws -> Double {
    guard trainers.count > 1 else {
      return try trainers.first.map { try iteration(of: $0, named: label) } ?? 0
    }
    nonisolated(unsafe) let trainers = trainers
    let (iterations, cancellation) = (iterations, context.cancellation)
    return try timed(label, iterations) { progress in
      let times = Torch.concurrently(trainers.count) { index in
        Outcome(
          result: Result {
            try Self.iteration(of: trainers[index], iterations) { _ in
              if cancellation.isRequested { throw CancellationError() }
            }
          })
      }
      // Says that it was cancelled, if it was.
      try progress(iterations)
      return try times.map { try $0.result.get() }.max() ?? 0
    }
  }

  private struct Outcome: @unchecked Sendable {
    let result: Result<Double, any Error>
  }

  /// Seconds of an iteration.
  private func iteration(of trainer: GANTrainer, named label: String) throws -> Double {
    try timed(label, iterations) { try Self.iteration(of: trainer, iterations, afterEach: $0) }
  }

  /// Seconds of an iteration: the median of each phase, lazy ones divided by their intervals.
  private static func iteration(
    of trainer: GANTrainer, _ count: Int, afterEach progress: (Int) throws -> Void
  ) throws -> Double {
    var times: [GANTrainer.Phase: [Double]] = [:]
    for done in 1...count {
      _ = try trainer.step()
      for (phase, seconds) in trainer.phaseSeconds { times[phase, default: []].append(seconds) }
      try progress(done)
    }
    return times.reduce(0) { sum, entry in
      // The first run of a phase warms up.
      let sorted = (entry.value.count > 1 ? Array(entry.value.dropFirst()) : entry.value).sorted()
      return sum + sorted[sorted.count / 2] * trainer.options.runsPerIteration(entry.key)
    }
  }

  /// A task that the observer sees, and that stops when it shall.
  @discardableResult
  private func timed<Result>(
    _ label: String, _ total: Int, _ body: ((Int) throws -> Void) throws -> Result
  ) throws -> Result {
    let task = RunTask(.evaluating, label: label, total: total)
    if context.cancellation.isRequested { throw Cancelled(during: task, at: 0) }
    context.observer.began(task)
    defer { context.observer.ended() }
    return try body { step in
      context.observer.advanced(to: step, statistics: [:])
      if context.cancellation.isRequested { throw Cancelled(during: task, at: step) }
    }
  }
}
