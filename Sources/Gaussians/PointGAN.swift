public import GANs
import Records
public import Torch
import TorchNN

/// A generator of points, its moving average, and the discriminator that it learns against.
public final class PointGAN {
  /// The constants of a training.
  public struct TrainingOptions: Sendable, Equatable, Codable {
    /// How many iterations.
    public var iterations: Int
    /// Points in a step.
    public var batchSize = 256
    /// Adam's step size, of both networks.
    public var learningRate = 1e-3
    /// Adam's decay of the first moment.
    public var beta1 = 0.0
    /// Adam's decay of the second moment.
    public var beta2 = 0.99
    /// The weight of R1, in every step.
    public var r1Weight = 0.1
    /// What the moving average keeps in an iteration.
    public var averageDecay = 0.995
    /// From which share of the iterations on the step size falls, in a straight line to zero; 1 keeps it.
    public var decayStart = 0.5

    /// The defaults, for so many iterations.
    ///
    /// - Parameter iterations: how many.
    public init(iterations: Int) { self.iterations = iterations }

    /// The factor of the step size in an iteration.
    func factor(iteration: Int) -> Double {
      let start = decayStart * Double(iterations)
      return min(1, (Double(iterations - iteration)) / max(1, Double(iterations) - start))
    }
  }

  /// How often whoever follows a training is called, in iterations.
  public static let interval = 25

  /// The generator that is trained.
  public let generator: PointNetwork
  /// Its moving average, which makes the samples.
  public let average: PointNetwork
  /// The discriminator.
  public let discriminator: PointNetwork
  /// The numbers that a point is made of.
  public let latentSize: Int

  /// An untrained GAN.
  ///
  /// - Parameters:
  ///   - latentSize: the numbers that a point is made of.
  ///   - width: units of a hidden layer.
  ///   - hiddenLayers: hidden layers of each network.
  ///   - random: where the parameters come from, and where they live.
  public init(latentSize: Int, width: Int, hiddenLayers: Int, random: RandomGenerator) {
    self.latentSize = latentSize
    generator = PointNetwork(
      .init(input: latentSize, width: width, hiddenLayers: hiddenLayers, output: 2),
      device: random.device)
    discriminator = PointNetwork(
      .init(input: 2, width: width, hiddenLayers: hiddenLayers, output: 1), device: random.device)
    generator.parameters.initialise(using: random)
    discriminator.parameters.initialise(using: random)
    average = generator.copy()
    average.parameters.requiresGradient = false
  }

  private init(_ former: PointGAN) {
    latentSize = former.latentSize
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
    withoutGradients { average(random.normal([count, latentSize])) }
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
    func latents() -> Tensor { random.normal([options.batchSize, latentSize]) }
    for iteration in 0..<options.iterations {
      let factor = options.factor(iteration: iteration)

      // The discriminator tells real from generated; R1 keeps its slope on real points small.
      let input = real(options.batchSize).asInput()
      let fake = withoutGradients { generator(latents()) }
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
      let ownLoss = Losses.generatorNonSaturating(fake: discriminator(generator(latents())))
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
      discriminator(network(random.normal([1, latentSize]))).sum().backward()
      let gradients = network.parameters.gradients
      result.addProductInPlace(gradients, gradients, times: 1 / Double(count))
    }
    return result
  }
}
