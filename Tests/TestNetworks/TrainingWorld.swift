package import GANs
package import Records
import StyleGAN2
package import Torch
package import TorchNN

/// The smallest training there is: pictures of 8x8, four feature maps, all regularisers.
package struct TrainingWorld {
  package let model: GANModel
  package let trainer: GANTrainer

  package init(
    seed: UInt64, source: (any ImageSource)? = nil, lessons: (any Lessons)? = nil,
    usesDiscriminator: Bool = true, terms: [any GradientTerm]? = nil,
    hooks: [any StepHook]? = nil, augmentation: (any Augmentation)? = nil,
    exchange: (any GradientExchange)? = nil,
    precision: Precision = .fp32, learningRate: Double = 0.002,
    recordingBy makeRecording: (() -> any Recording)? = nil
  ) {
    var options = TrainingOptions()
    options.usesDiscriminator = usesDiscriminator
    options.precision = precision
    options.learningRate = learningRate
    options.batchSize = 4
    options.r1Interval = 3
    options.pathLengthInterval = 4
    let configuration = NetworkConfiguration(
      size: 8, latentSize: 8, mappingDepth: 2, channelCap: 4)
    model = GANModel(configuration, pixelRange: .minusOneToOne, options: options)
    let (random, pull) = (RandomGenerator(seed: seed), Pull())
    model.initialise(using: random)
    trainer = GANTrainer(
      model, source: source ?? RandomPictures(RandomGenerator(seed: seed + 1000)),
      lessons: lessons, terms: terms ?? [pull], hooks: hooks ?? [pull], options: options,
      augmentation: augmentation,
      exchange: exchange, random: random,
      recordingBy: makeRecording)
  }

  /// Copies of everything that training changes, as a snapshot holds it.
  package var snapshot: StateDict {
    var result = StateDict()
    result.merge(trainer.state, under: "state")
    let parts: [(String, ParameterVector, Adam?)] = [
      ("g", model.generator.parameters, model.generatorOptimiser),
      ("d", model.discriminator.parameters, model.discriminatorOptimiser),
      ("g_ema", model.generatorEMA.parameters, nil),
    ]
    for (name, parameters, optimiser) in parts {
      result.merge(parameters.named(), under: name)
      guard let optimiser else { continue }
      result.merge(parameters.named(optimiser.firstMoments), under: "\(name)_first")
      result.merge(parameters.named(optimiser.secondMoments), under: "\(name)_second")
      result["\(name)_steps"] = Tensor([Int64(optimiser.stepCount)])
    }
    var copies = StateDict()
    for (key, tensor) in result { copies[key] = tensor.clone() }
    return copies
  }

  /// Goes on from a snapshot.
  package func restore(_ snapshot: StateDict) throws {
    let parts: [(String, ParameterVector, Adam?)] = [
      ("g", model.generator.parameters, model.generatorOptimiser),
      ("d", model.discriminator.parameters, model.discriminatorOptimiser),
      ("g_ema", model.generatorEMA.parameters, nil),
    ]
    for (name, parameters, optimiser) in parts {
      try parameters.load(snapshot.under(name), file: "memory")
      try optimiser?.restore(
        firstMoments: snapshot.under("\(name)_first"),
        secondMoments: snapshot.under("\(name)_second"),
        stepCount: Int(snapshot["\(name)_steps"]?.item() ?? 0), file: "memory")
    }
    try trainer.restore(snapshot.under("state"), file: "memory")
  }
}

/// An endless stream of smooth random pictures.
package final class RandomPictures: ImageSource {
  private let random: RandomGenerator

  package init(_ random: RandomGenerator) { self.random = random }

  package func next(_ count: Int) -> Tensor {
    random.normal([count, 3, 2, 2]).resized(height: 8, width: 8)
  }

  package var state: StateDict { ["random": random.state] }

  package func restore(_ state: StateDict) throws {
    if let tensor = state["random"] { try random.restore(tensor) }
  }
}

/// Pulls the generator to zero, more strongly with every iteration it has observed.
package final class Pull: GradientTerm, StepHook {
  private var strength = 0.0

  package init() {}

  package func addGradient(to parameters: ParameterVector, iteration: Int) -> Statistics {
    parameters.gradients.addInPlace(parameters.values, times: strength)
    return [.pull: strength]
  }

  package func afterStep(_ generator: any GeneratorNetwork, pictures: Tensor, iteration: Int)
    -> Statistics
  {
    strength += 0.001
    return [.observed: Double(iteration)]
  }

  package var state: StateDict { ["strength": Tensor([strength])] }

  package func restore(_ state: StateDict) throws { strength = state["strength"]?.item() ?? 0 }
}

extension StatisticKey {
  package static let pull = StatisticKey("pull", title: "Pull", group: .terms)
  package static let observed = StatisticKey("observed", title: "Observed", group: .terms)
}

/// Lessons of random latents, whose styles are not mixed, and smooth random pictures, each with a weight.
package final class RandomLessons: Lessons {
  /// The weights of a lesson's pictures.
  package static let weights: [Float] = [0.5, 2, 1, 0, 0.25, 1, 1, 3]

  private let random: RandomGenerator

  package init(seed: UInt64) { random = RandomGenerator(seed: seed) }

  package var pictureCount: Int { Self.weights.count }

  package func next() -> Lesson {
    let configuration = TinyNetworks.configuration()
    let latents = random.normal([pictureCount, configuration.latentSize])
    let noise = configuration.noiseSizes.map { random.normal([pictureCount, 1, $0, $0]) }
    return Lesson(
      draw: PictureDraw(unmixed: latents, of: configuration)
        .gathered(Array(0..<pictureCount), noise: noise),
      targets: random.normal([pictureCount, 3, 2, 2]).resized(height: 8, width: 8),
      weights: Tensor(Self.weights))
  }

  package func statistics(of errors: [Double]) -> Statistics {
    [.lessonError: errors.reduce(0, +) / Double(errors.count)]
  }

  package var state: StateDict { ["random": random.state] }

  package func restore(_ state: StateDict) throws {
    if let tensor = state["random"] { try random.restore(tensor) }
  }
}

extension StatisticKey {
  package static let lessonError = StatisticKey(
    "lesson_error", title: "Error of lessons", group: .terms)
}
