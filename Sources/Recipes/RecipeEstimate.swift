import Checkpoints
import Evaluation
public import Experiments
import Files
import Foundation
import GANs
import Judging
import Records
public import Runs
import StyleGAN2
import Torch
import TorchNN
import Unlearning

/// What a recipe will cost, from a few timed iterations of each stage.
///
/// It trains copies in memory, and leaves no file behind.
public struct RecipeEstimate: Sendable {
  /// A part of a run for one seed.
  public struct Part: Sendable, Equatable {
    /// What is done, such as `unlearn`.
    public let name: String
    /// How many steps it has for one seed.
    public let steps: Int
    /// What a step is, such as `iterations`.
    public let unit: String
    /// Seconds that a step takes.
    public let secondsPerStep: Double

    /// Seconds for one seed.
    public var seconds: Double { Double(steps) * secondsPerStep }
  }

  /// The networks' sizes, in words.
  public let network: String
  /// The generator's parameters.
  public let generatorParameters: Int
  /// The discriminator's parameters.
  public let discriminatorParameters: Int
  /// What every seed does, in order.
  public let parts: [Part]
  /// How many seeds there are.
  public let seedCount: Int
  /// Bytes that the snapshots of all seeds take on disk in the end.
  public let snapshotBytes: Int
  /// What the figures leave out, each in a sentence.
  public let notes: [String]

  /// Seconds for all seeds.
  public var seconds: Double { Double(seedCount) * parts.reduce(0) { $0 + $1.seconds } }

  /// The figures as a record.
  public var json: JSON.Object {
    [
      "network": JSON(network), "generator_parameters": JSON(generatorParameters),
      "discriminator_parameters": JSON(discriminatorParameters),
      "seconds": JSON(seconds), "seeds": JSON(seedCount),
      "snapshot_bytes": JSON(snapshotBytes),
      "parts": .array(
        parts.map { part in
          [
            "name": JSON(part.name), "steps": JSON(part.steps), "unit": JSON(part.unit),
            "seconds_per_step": JSON(part.secondsPerStep), "seconds": JSON(part.seconds),
          ]
        }),
      "notes": JSON(notes),
    ]
  }
}

extension RecipeEstimate {
  /// Times a recipe whose files are there.
  ///
  /// - Parameters:
  ///   - materials: the recipe and its files.
  ///   - iterations: how many of each stage are timed; at least one.
  ///   - context: device, observer, cancellation.
  /// - Throws: what training refuses; `Cancelled`.
  public init(
    of materials: RecipeMaterials, iterations: Int, context: ExperimentContext
  ) throws {
    try self.init(
      materials, of: iterations, context, furtherJudges: materials.subject.furtherJudges, notes: [])
  }

  /// Times a recipe with a GAN of its sizes and random weights; a judge whose file is missing is one of
  /// random weights, too.
  ///
  /// - Parameters:
  ///   - recipe: a recipe that gives sizes in place of a GAN.
  ///   - iterations: how many of each stage are timed; at least one.
  ///   - context: device, observer, cancellation.
  /// - Throws: ``RecipeError`` for a recipe that names a file; what training refuses; `Cancelled`.
  public init(
    randomly recipe: Recipe, iterations: Int, context: ExperimentContext
  ) throws {
    guard case .random(let sizes) = recipe.gan else {
      throw RecipeError.randomWeights(recipe.place(of: "gan"), isWanted: true)
    }
    // A GAN's file is what everything starts from: one in the system's own folder, gone in the end.
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "lethe-estimate-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // From here on Ctrl-C asks to stop, and the file goes.
    context.observer.willOpenRun()
    let file = folder.appending(path: "gan.safetensors")
    try Self.writeRandomGAN(sizes.configuration, to: file)
    var gan = try GANFile.read(file, as: .known)
    gan.pixelRange = recipe.options.pixelRange ?? .minusOneToOne
    let random = RandomGenerator(seed: 0, device: context.device).split("judge")
    func judge(_ path: String) throws -> Judge? {
      URL(filePath: path).fileKind == .missing
        ? nil : try ModelLocator.judge(path, device: context.device)
    }
    let found = try recipe.judges.map(judge)
    let judge =
      found[0]
      ?? TimingJudge.randomNetwork(
        knowing: recipe.forget, size: sizes.size, random: random)
    var notes = [
      "the GAN has random weights: what share of its pictures shows the concept, on which the search "
        + "for negatives depends, is chance"
    ]
    for (path, found) in zip(recipe.judges, found) where found == nil {
      notes.append(
        path == recipe.judges[0]
          ? "\(path) is missing: a \(judge.classifier.name) with random weights takes its place"
          : "\(path) is missing, and its time with it")
    }
    let subject = try Subject(gan, judge: judge, forgetting: recipe.forget)
    try self.init(
      RecipeMaterials(recipe.completed(for: gan), subject: subject), of: iterations, context,
      furtherJudges: found.dropFirst().compactMap(\.self), notes: notes)
  }

  private static func writeRandomGAN(_ sizes: NetworkConfiguration, to file: URL) throws {
    let random = RandomGenerator(seed: 0)
    let generator = Generator(sizes)
    generator.initialise(using: random.split("generator"))
    let discriminator = sizes.makeDiscriminator(device: .cpu)
    discriminator.parameters.initialise(using: random.split("discriminator"))
    var tensors = StateDict()
    tensors.merge(generator.stateDict, under: "g_ema")
    tensors.merge(discriminator.parameters.named(), under: "d")
    try SafetensorsFile(tensors: tensors).write(to: file)
  }

  private init(
    _ materials: RecipeMaterials, of iterations: Int, _ context: ExperimentContext,
    furtherJudges: [Judge], notes: [String]
  ) throws {
    precondition(iterations > 0, "no iteration to time")
    let timer = try RecipeTimer(
      materials, iterations: iterations, context: context, furtherJudges: furtherJudges)
    let (options, subject) = (materials.recipe.options, materials.subject)
    var parts: [Part] = []
    func add(_ name: String, _ steps: Int, _ unit: String, _ seconds: Double) {
      parts.append(Part(name: name, steps: steps, unit: unit, secondsPerStep: seconds))
    }
    let (picture, share) = try timer.picture()
    let others = try timer.judging(furtherJudges)
    var models = 0
    if options.method.type.usesAdapted, let adaptation = options.adaptation {
      models = adaptation.modelCount * subject.concepts.count
      // Where none of the pictures showed it, one of twice as many might have.
      let looked = Double(adaptation.negativeCount) / share
      let limit = Double(adaptation.negativeCount * adaptation.lookFactor)
      add(
        "collect negatives", models * Int(min(looked, limit).rounded(.up)), "pictures",
        picture + others)
      let (fisher, iteration) = try timer.adaptation(adaptation)
      add("Fisher information", models * adaptation.fisherSamples, "pictures", fisher)
      add("adapt", models * adaptation.iterations, "iterations", iteration)
    }
    let stage = try timer.unlearning()
    add("collect positives", stage.pictures, "pictures", stage.picture)
    if let steps = options.unlearning.newDiscriminatorSteps {
      add("train the new discriminator", steps, "steps", stage.discriminatorStep)
    }
    add("unlearn", options.unlearning.iterations, "iterations", stage.iteration)
    add("evaluate", 2 * options.evaluation.samples, "pictures", picture)
    if let second = materials.secondJudge?.judge {
      let difference = try timer.judging([second]) - timer.judging([subject.judge])
      add(
        "evaluate by the second judge", 2 * options.evaluation.samples, "pictures",
        max(0, picture + difference))
    }
    self.parts = parts
    network = "\(subject.file.configuration)"
    let configuration = subject.file.configuration
    let generator = configuration.makeGenerator(pixelRange: .minusOneToOne, device: .cpu)
    let discriminator = configuration.makeDiscriminator(device: .cpu)
    func count(_ parameters: ParameterVector) -> Int {
      parameters.parameters.reduce(0) { $0 + $1.elementCount }
    }
    generatorParameters = count(generator.parameters)
    discriminatorParameters = count(discriminator.parameters)
    seedCount = materials.recipe.seeds.count
    // Two generators, a discriminator, and two moments of Adam for each network that is trained.
    let snapshot = 4 * (4 * generatorParameters + 3 * discriminatorParameters)
    func kept(_ iterations: Int) -> Int {
      let every = options.snapshots.every
      return min(options.snapshots.keep, (iterations + every - 1) / every)
    }
    snapshotBytes =
      seedCount * snapshot
      * (models * kept(options.adaptation?.iterations ?? 0) + kept(options.unlearning.iterations))
    self.notes = notes + timer.notes
  }
}

/// Times the parts of a recipe, on copies in memory.
private final class RecipeTimer {
  private let materials: RecipeMaterials
  private let iterations: Int
  private let context: ExperimentContext
  private let furtherJudges: [Judge]
  private(set) var notes: [String] = []
  /// Pictures that are made and judged to time one.
  private static let pictures = 64
  /// As many where pictures take little time.
  private static let manyPictures = 1024
  /// Seconds that the few pictures may take for the many to be made as well.
  private static let warmingSeconds = 1.0

  init(
    _ materials: RecipeMaterials, iterations: Int, context: ExperimentContext,
    furtherJudges: [Judge]
  ) throws {
    self.materials = materials
    self.iterations = iterations
    self.context = context
    self.furtherJudges = furtherJudges
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

  /// Seconds for a picture of the Fisher information, and for an iteration of stage one.
  func adaptation(_ options: AdaptationOptions) throws -> (fisher: Double, iteration: Double) {
    let gan = try GANModel(
      subject.file, options: options.training, start: options.start, device: context.device)
    let size = subject.file.configuration.size
    let negatives = random.split("negatives").normal([options.training.batchSize, 3, size, size])
    var trainer: GANTrainer?
    let cancellation = context.cancellation
    let fisher: Double = try timed("Fisher information", options.fisherSamples) { _ in
      try seconds {
        trainer = try NegativeAdaptation.trainer(
          gan, negatives: negatives, options: options, random: random
        ) { !cancellation.isRequested }
      }
    }
    guard let trainer else { preconditionFailure("no trainer of stage one") }
    return (
      fisher / Double(options.fisherSamples), try iteration(of: trainer, named: "time adapt")
    )
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
        subject.judge, asking: furtherJudges, about: subject.concepts,
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

  /// Seconds of an iteration: the median of each phase, lazy ones divided by their intervals.
  private func iteration(of trainer: GANTrainer, named label: String) throws -> Double {
    var times: [GANTrainer.Phase: [Double]] = [:]
    try timed(label, iterations) { progress in
      for done in 1...iterations {
        _ = try trainer.step()
        for (phase, seconds) in trainer.phaseSeconds { times[phase, default: []].append(seconds) }
        try progress(done)
      }
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
