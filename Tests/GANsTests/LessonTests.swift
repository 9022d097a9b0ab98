import Checkpoints
import Foundation
import GANs
import Records
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

/// Keeps the gradient that the generator's phase has left.
private final class Capture: GradientTerm {
  var gradients: [Tensor] = []

  func addGradient(to parameters: ParameterVector, iteration: Int) -> Statistics {
    gradients.append(parameters.gradients.clone())
    return [:]
  }
}

/// Keeps the pictures that hooks are shown.
private final class Onlooker: StepHook {
  var pictures: [Tensor] = []

  func afterStep(
    _ generator: any GeneratorNetwork, pictures: Tensor, iteration: Int
  ) -> Statistics {
    self.pictures.append(pictures.clone())
    return [:]
  }
}

/// A lesson takes the place of arbitrary pictures in the generator's step.
@Suite struct LessonTests {
  /// `Σ w_i · mean (picture_i - target_i)²`, picture by picture.
  private func weightedError(_ pictures: Tensor, _ lesson: Lesson) -> Tensor {
    RandomLessons.weights.indices.map { index in
      (pictures.sliced(index..<index + 1) - lesson.targets.sliced(index..<index + 1))
        .square().mean() * Double(RandomLessons.weights[index])
    }.reduce(Tensor.zeros([])) { $0 + $1 }
  }

  /// The gradient of a loss of a lesson's pictures at a generator's parameters.
  private func gradient(
    _ generator: any GeneratorNetwork, _ lesson: Lesson, _ loss: (Tensor) -> Tensor
  ) -> Tensor {
    generator.parameters.requiresGradient = true
    generator.parameters.zeroGradients()
    loss(generator.make(lesson.draw)).backward()
    return generator.parameters.gradients.clone()
  }

  @Test
  func `the gradient of a lesson is that of its pictures' realism and of its weighted errors`()
    throws
  {
    let capture = Capture()
    let world = TrainingWorld(
      seed: 31, lessons: RandomLessons(seed: 32), terms: [capture], hooks: [])
    let before = world.model.generator.copy()
    let statistics = try world.trainer.step()
    let lesson = RandomLessons(seed: 32).next()
    let discriminator = world.model.discriminator
    func realism(_ pictures: Tensor) -> Tensor {
      Losses.generatorNonSaturating(fake: discriminator(pictures))
    }
    let adversarial = gradient(before, lesson, realism)
    let error = gradient(before, lesson) { weightedError($0, lesson) }
    #expect(capture.gradients[0].relativeDifference(from: adversarial + error) < 1e-4)
    // Both parts count.
    #expect(capture.gradients[0].relativeDifference(from: adversarial) > 0.01)
    #expect(capture.gradients[0].relativeDifference(from: error) > 0.01)

    let pictures = withoutGradients { before.make(lesson.draw) }
    let mean = (pictures - lesson.targets).square().mean().item()
    #expect(abs(try #require(statistics[.lessonError]) / mean - 1) < 1e-5)
    let loss = withoutGradients { realism(pictures).item() }
    #expect(abs(try #require(statistics[.lossG]) - loss) < 1e-5)
  }

  @Test func `without a discriminator a lesson's gradient is that of its errors alone`() throws {
    let capture = Capture()
    let world = TrainingWorld(
      seed: 33, lessons: RandomLessons(seed: 34), usesDiscriminator: false, terms: [capture],
      hooks: [])
    let before = world.model.generator.copy()
    _ = try world.trainer.step()
    let lesson = RandomLessons(seed: 34).next()
    let error = gradient(before, lesson) { weightedError($0, lesson) }
    #expect(capture.gradients[0].relativeDifference(from: error) < 1e-5)
  }

  @Test func `hooks are shown arbitrary pictures only`() throws {
    for usesDiscriminator in [true, false] {
      let onlooker = Onlooker()
      let world = TrainingWorld(
        seed: 35, lessons: RandomLessons(seed: 36), usesDiscriminator: usesDiscriminator,
        terms: [], hooks: [onlooker])
      let before = world.model.generator.copy()
      try world.trainer.train(until: 1)
      #expect(onlooker.pictures.map(\.shape) == [[4, 3, 8, 8]])
      let root = RandomGenerator(seed: 35)
      let (latents, noise) = (root.split("training latents"), root.split("training noise"))
      func draw(_ count: Int) -> PictureDraw {
        before.draw(
          count, mixingProbability: 0.9, latentsFrom: latents, noiseFrom: noise)
      }
      // Those of the discriminator's step, or fresh ones once the generator has learned.
      let made: PictureDraw
      if usesDiscriminator {
        made = draw(4)
      } else {
        _ = (draw(2), noise.normal([2, 3, 8, 8]))  // The path length's.
        made = draw(4)
      }
      let generator = usesDiscriminator ? before : world.model.generator
      #expect(onlooker.pictures[0].hasSameBits(as: withoutGradients { generator.make(made) }))
    }
    let onlooker = Onlooker()
    try TrainingWorld(seed: 35, terms: [], hooks: [onlooker]).trainer.train(until: 1)
    #expect(onlooker.pictures.map(\.shape) == [[8, 3, 8, 8]])
  }

  @Test func `lessons are part of what is resumed`() throws {
    let straight = TrainingWorld(seed: 37, lessons: RandomLessons(seed: 38))
    try straight.trainer.train(until: 5)
    let snapshot = straight.snapshot
    try straight.trainer.train(until: 9)
    let resumed = TrainingWorld(seed: 39, lessons: RandomLessons(seed: 40))
    try resumed.restore(snapshot)
    try resumed.trainer.train(until: 9)
    let (one, other) = (straight.snapshot, resumed.snapshot)
    #expect(one.keys == other.keys)
    for (key, tensor) in one {
      #expect(try #require(other[key]).hasSameBits(as: tensor), "\(key)")
    }
  }

  @Test func `a lesson whose error is not finite ends training, with a discriminator or without`()
    throws
  {
    final class Broken: Lessons {
      private let lessons = RandomLessons(seed: 1)
      var pictureCount: Int { lessons.pictureCount }
      func next() -> Lesson {
        let lesson = lessons.next()
        return Lesson(
          draw: lesson.draw, targets: lesson.targets * .nan, weights: lesson.weights)
      }
      func statistics(of errors: [Double]) -> Statistics { lessons.statistics(of: errors) }
      var state: StateDict { [:] }
      func restore(_ state: StateDict) {}
    }
    for usesDiscriminator in [true, false] {
      let world = TrainingWorld(
        seed: 41, lessons: Broken(), usesDiscriminator: usesDiscriminator)
      let before = world.model.generator.parameters.values.clone()
      #expect(throws: TrainingError.diverged(iteration: 1, quantity: "lesson_error")) {
        try world.trainer.train(until: 1)
      }
      #expect(world.model.generator.parameters.values.hasSameBits(as: before))
    }
  }
}

/// Lessons alone can teach, where there is no discriminator to ask.
@Suite struct WithoutDiscriminatorTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A file of a generator alone, as it is published.
  private func bareFile() throws -> GANFile {
    let url = folder.url.appending(path: "bare.safetensors")
    let generator = TinyNetworks.generator(seed: 51)
    try SafetensorsFile(tensors: generator.stateDict).write(to: url, replacing: true)
    return try GANFile.read(url, as: [.styleGAN2])
  }

  private var options: TrainingOptions {
    var options = TrainingOptions()
    options.batchSize = 4
    options.usesDiscriminator = false
    return options
  }

  private func trainer(_ model: GANModel, seed: UInt64) -> GANTrainer {
    GANTrainer(
      model, source: RandomPictures(RandomGenerator(seed: seed)),
      lessons: RandomLessons(seed: seed + 1), options: options,
      random: RandomGenerator(seed: seed + 2))
  }

  @Test func `the discriminator is neither asked nor changed, and nothing is recorded of it`()
    throws
  {
    let world = TrainingWorld(
      seed: 52, lessons: RandomLessons(seed: 53), usesDiscriminator: false)
    let (before, start) = (world.snapshot, world.model.generator.parameters.values.clone())
    var seen: [Statistics] = []
    try world.trainer.train(until: 5) {
      seen.append($0)
      return true
    }
    for (key, tensor) in world.snapshot where key.hasPrefix("d.") || key.hasPrefix("d_") {
      #expect(tensor.hasSameBits(as: try #require(before[key])), "\(key)")
    }
    // No real picture is taken either.
    #expect(
      try #require(world.snapshot["state.source.random"])
        .hasSameBits(as: #require(before["state.source.random"])))
    #expect(!world.model.generator.parameters.values.hasSameBits(as: start))
    for key in [StatisticKey.lossD, .lossG, .logitReal, .logitFake, .r1] {
      #expect(seen.allSatisfy { $0[key] == nil }, "\(key.name)")
    }
    #expect(seen.allSatisfy { $0[.lessonError] != nil })
    #expect(seen[0][.pathLength] != nil, "the generator keeps its own penalty")
    #expect(
      GANTrainer.Phase.allCases.map(options.runsPerIteration) == [0, 0, 1, 0.25, 1])
  }

  @Test func `a bare generator learns, and its snapshot goes on to the same bits`() throws {
    let file = try bareFile()
    let straight = try GANModel(file, options: options, start: .average)
    #expect(!straight.hasDiscriminator)
    let whole = trainer(straight, seed: 54)
    try whole.train(until: 4)
    let url = folder.url.appending(path: "snapshot.safetensors")
    try straight.write(to: url, options: options, training: whole.state)
    try whole.train(until: 7)

    let snapshot = try GANFile.read(url, as: [.styleGAN2])
    #expect(snapshot.discriminator == nil && snapshot.generator != nil)
    #expect(
      try SafetensorsFile.read(url).tensors.keys.allSatisfy {
        !$0.hasPrefix("d.") && !$0.hasPrefix("d_")
      })
    let resumed = try GANModel(file, options: options, start: .average)
    try resumed.restore(snapshot)
    let part = trainer(resumed, seed: 90)
    try part.restore(snapshot.training, file: url.path)
    #expect(part.iteration == 4)
    try part.train(until: 7)
    #expect(
      resumed.generator.parameters.values.hasSameBits(as: straight.generator.parameters.values))
    #expect(
      resumed.generatorEMA.parameters.values.hasSameBits(
        as: straight.generatorEMA.parameters.values))
    #expect(resumed.generatorOptimiser.stepCount == straight.generatorOptimiser.stepCount)
  }

  @Test func `a bare generator is refused where a discriminator is wanted`() throws {
    let file = try bareFile()
    var wanting = options
    wanting.usesDiscriminator = true
    #expect(throws: GANFileError.noDiscriminator(file: file.path)) {
      try GANModel(file, options: wanting, start: .average)
    }
  }
}
