import Checkpoints
public import Experiments
import Files
import Foundation
import GANs
import Judging
import Torch
import TorchNN
import Unlearning

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
    try self.init(materials, of: iterations, context, notes: [])
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
    guard case .random(let sizes) = recipe.gan, let configuration = sizes.configuration else {
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
    try Self.writeRandomGAN(configuration, to: file)
    var gan = try GANFile.read(file, as: .known)
    gan.pixelRange = recipe.options.pixelRange ?? .minusOneToOne
    let random = RandomGenerator(seed: 0, device: context.device).split("judge")
    func judge(_ path: String) throws -> Judge? {
      try ModelLocator.judgeFile(path).fileKind == .missing
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
    var subject = try Subject(gan, judge: judge, forgetting: recipe.forget)
    subject.furtherJudges = found.dropFirst().compactMap(\.self)
    try self.init(
      RecipeMaterials(recipe.completed(for: gan), subject: subject), of: iterations, context,
      notes: notes)
  }

  private static func writeRandomGAN(_ sizes: any GANConfiguration, to file: URL) throws {
    let random = RandomGenerator(seed: 0)
    let generator = sizes.makeGenerator(pixelRange: .minusOneToOne, device: .cpu)
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
    notes: [String]
  ) throws {
    precondition(iterations > 0, "no iteration to time")
    let timer = RecipeTimer(materials, iterations: iterations, context: context)
    let (options, subject) = (materials.recipe.options, materials.subject)
    var parts: [Part] = []
    func add(
      _ name: String, _ steps: Int, _ unit: String, atOnce: Int = 1, _ seconds: Double
    ) {
      parts.append(
        Part(
          name: name, steps: steps, unit: unit, stepsAtOnce: atOnce, secondsPerStep: seconds))
    }
    let (picture, share) = try timer.picture()
    let others = try timer.judging(subject.furtherJudges)
    var models = 0
    if options.method.type.usesAdapted, let adaptation = options.adaptation {
      models = adaptation.modelCount * subject.concepts.count
      // Where none of the pictures showed it, one of twice as many might have.
      let looked = Double(adaptation.negativeCount) / share
      let limit = Double(adaptation.negativeCount * adaptation.lookFactor)
      add(
        "collect negatives", models * Int(min(looked, limit).rounded(.up)), "pictures",
        picture + others)
      let stage = try timer.adaptation(adaptation, models: models)
      add("Fisher information", models * adaptation.fisherSamples, "pictures", stage.fisher)
      add(
        "adapt", models * adaptation.iterations, "iterations", atOnce: stage.modelsAtOnce,
        stage.iteration)
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
