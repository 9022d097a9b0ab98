public import GANs
import Records
public import Torch
import TorchNN

/// What a generated point is made of: some normal numbers, and some coins.
///
/// The clusters of the mixture do not touch. A generator is continuous, so normal numbers alone leave a
/// trail of points between any two clusters that they lie between; coins, which are -1 or 1, do not.
public struct PointLatents: Sendable, Equatable, Codable {
  /// How many normal numbers.
  public var normals: Int
  /// How many coins.
  public var coins: Int

  /// How many numbers in all.
  public var size: Int { normals + coins }

  /// What a point is made of.
  ///
  /// - Parameters:
  ///   - normals: how many normal numbers.
  ///   - coins: how many coins.
  public init(normals: Int, coins: Int) {
    self.normals = normals
    self.coins = coins
  }

  /// Latents.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - random: where they come from.
  /// - Returns: `[count, size]`.
  public func draw(_ count: Int, using random: RandomGenerator) -> Tensor {
    Tensor.concatenated(
      [
        random.normal([count, normals]),
        random.uniform([count, coins]).greater(than: 0.5).to(.float32) * 2 - 1,
      ], dimension: 1)
  }
}

/// A generator of points, its moving average, and the discriminator that it learns against.
public final class PointGAN {
  /// The constants of a training.
  public struct TrainingOptions: Sendable, Equatable, Codable {
    /// How many iterations.
    public var iterations: Int
    /// Points in a step.
    public var batchSize: Int
    /// Adam's step size, of both networks.
    public var learningRate = 1e-3
    /// Adam's decay of the first moment.
    public var beta1 = 0.0
    /// Adam's decay of the second moment.
    public var beta2 = 0.99
    /// The weight of R1, in every step.
    public var r1Weight = 1.5
    /// What the moving average keeps in an iteration.
    public var averageDecay: Double
    /// From which share of the iterations on the step size falls, in a straight line to zero; 1 keeps it.
    public var decayStart = 0.5

    /// The defaults, for so many iterations.
    ///
    /// - Parameters:
    ///   - iterations: how many.
    ///   - batchSize: points in a step.
    ///   - averageDecay: what the moving average keeps in an iteration.
    public init(iterations: Int, batchSize: Int = 256, averageDecay: Double = 0.995) {
      self.iterations = iterations
      self.batchSize = batchSize
      self.averageDecay = averageDecay
    }

    /// The factor of the step size in an iteration.
    func factor(iteration: Int) -> Double {
      let start = decayStart * Double(iterations)
      return min(1, (Double(iterations - iteration)) / max(1, Double(iterations) - start))
    }
  }

  /// How often whoever follows a training is called, in iterations.
  public static let interval = 10

  /// The generator that is trained.
  public let generator: PointNetwork
  /// Its moving average, which makes the samples.
  public let average: PointNetwork
  /// The discriminator.
  public let discriminator: PointNetwork
  /// What a point is made of.
  public let latents: PointLatents

  /// An untrained GAN.
  ///
  /// - Parameters:
  ///   - latents: what a point is made of.
  ///   - width: units of a hidden layer.
  ///   - hiddenLayers: hidden layers of each network.
  ///   - random: where the parameters come from, and where they live.
  public init(latents: PointLatents, width: Int, hiddenLayers: Int, random: RandomGenerator) {
    self.latents = latents
    generator = PointNetwork(
      .init(input: latents.size, width: width, hiddenLayers: hiddenLayers, output: 2),
      device: random.device)
    discriminator = PointNetwork(
      .init(input: 2, width: width, hiddenLayers: hiddenLayers, output: 1), device: random.device)
    generator.parameters.initialise(using: random)
    discriminator.parameters.initialise(using: random)
    average = generator.copy()
    average.parameters.requiresGradient = false
  }

  private init(_ former: PointGAN) {
    latents = former.latents
    generator = former.average.copy()
    discriminator = former.discriminator.copy()
    average = former.average.copy()
    average.parameters.requiresGradient = false
  }

  /// A GAN that goes on from this one's moving average, where each stage of the method starts.
  ///
  /// - Returns: a GAN with vectors of its own.
  public func copyOfAverage() -> PointGAN { PointGAN(self) }

  /// Points of the moving average.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - random: where the latents come from.
  /// - Returns: `[count, 2]`.
  public func points(_ count: Int, using random: RandomGenerator) -> Tensor {
    withoutGradients { average(latents.draw(count, using: random)) }
  }

  /// Trains both networks.
  ///
  /// - Parameters:
  ///   - options: the constants.
  ///   - terms: what is added to the generator's loss: consolidation, repulsion.
  ///   - random: where latents come from.
  ///   - real: gives so many real points, `[N, 2]`.
  ///   - afterSome: called with the number of complete iterations, each ``interval`` and at the end; may
  ///     throw to stop.
  /// - Throws: `TrainingError.diverged`, and what `afterSome` throws.
  public func train(
    _ options: TrainingOptions, terms: [any GradientTerm] = [], random: RandomGenerator,
    real: (Int) -> Tensor, afterSome: (Int) throws -> Void
  ) throws {
    func optimiser(_ network: PointNetwork) -> Adam {
      Adam(
        network.parameters,
        options: Adam.Options(
          learningRate: options.learningRate, beta1: options.beta1, beta2: options.beta2))
    }
    let (teacher, pupil) = (optimiser(discriminator), optimiser(generator))
    func drawn() -> Tensor { latents.draw(options.batchSize, using: random) }
    for iteration in 0..<options.iterations {
      let factor = options.factor(iteration: iteration)

      // The discriminator tells real from generated; R1 keeps its slope on real points small.
      let input = real(options.batchSize).asInput()
      let fake = withoutGradients { generator(drawn()) }
      let logits = discriminator(input)
      var loss = Losses.discriminatorLogistic(real: logits, fake: discriminator(fake))
      if options.r1Weight > 0 {
        loss = loss + Losses.gradientPenalty(of: logits, at: input) * (options.r1Weight / 2)
      }
      discriminator.parameters.zeroGradients()
      loss.backward()
      teacher.step(learningRateFactor: factor)

      // The generator learns to look real, and obeys the terms.
      discriminator.parameters.requiresGradient = false
      defer { discriminator.parameters.requiresGradient = true }
      let ownLoss = Losses.generatorNonSaturating(fake: discriminator(generator(drawn())))
      generator.parameters.zeroGradients()
      ownLoss.backward()
      for term in terms { _ = term.addGradient(to: generator.parameters, iteration: iteration) }
      pupil.step(learningRateFactor: factor)
      average.parameters.average(with: generator.parameters, decay: options.averageDecay)

      let done = iteration + 1
      if done % Self.interval == 0 || done == options.iterations {
        for (value, key) in [(loss, StatisticKey.lossD), (ownLoss, .lossG)]
        where !value.item().isFinite {
          throw TrainingError.diverged(iteration: done, quantity: key.name)
        }
        try afterSome(done)
      }
    }
  }

  /// The diagonal of the Fisher information of the moving average: the mean over generated points of the
  /// squared derivative of the discriminator's logit, as for pictures.
  ///
  /// - Parameters:
  ///   - count: how many points.
  ///   - random: where their latents come from.
  /// - Returns: a vector of the generator's layout.
  public func fisherInformation(_ count: Int, using random: RandomGenerator) -> Tensor {
    let network = average.copy()
    discriminator.parameters.requiresGradient = false
    defer { discriminator.parameters.requiresGradient = true }
    let result = Tensor.zeros([network.parameters.length], device: network.parameters.device)
    for _ in 0..<count {
      network.parameters.zeroGradients()
      discriminator(network(latents.draw(1, using: random))).sum().backward()
      let gradients = network.parameters.gradients
      result.addProductInPlace(gradients, gradients, times: 1 / Double(count))
    }
    return result
  }
}
