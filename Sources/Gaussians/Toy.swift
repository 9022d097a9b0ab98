public import Records
public import Torch
import TorchNN
import Unlearning

/// The toy of *Adapt then Unlearn*: a GAN of eight Gaussians forgets some of them.
///
/// It is the whole method where everything can be seen: a generator is trained on the mixture, adapted
/// to the components to forget with elastic weight consolidation, and then trained on its other points
/// while its parameters are repelled from the adapted ones. The judge is the nearest centre. The last
/// stage is done again without repulsion, for comparison.
///
/// Tiwary et al., *Adapt then Unlearn* (TMLR 2025), <https://arxiv.org/abs/2309.14054>.
public struct Toy {
  /// A part of the toy that takes a while: the training of a generator.
  public typealias Stage = MixtureRecord.Generator

  /// Called with the iterations of a stage that are done; may throw to stop.
  public typealias Progress = (Int) throws -> Void

  /// How the points of a generator, or of the mixture, lie.
  public struct Sample: Sendable, Equatable {
    /// The first ``drawnCount`` points, to be drawn.
    public let points: [MixtureRecord.Point]
    /// To which component each of ``points`` belongs.
    public let components: [Int]
    /// Of each component, the share of all points that are nearest to it, in percent.
    public let shares: [Double]
    /// The share of all points within ``nearLimit`` standard deviations of a centre, in percent.
    public let nearShare: Double

    /// As many points as a picture shows.
    public static let drawnCount = 1000
    /// Within how many standard deviations of its centre a point is near.
    public static let nearLimit = 4.0

    init(_ points: Tensor, of mixture: GaussianMixture) {
      let (numbers, distances) = mixture.components(of: points)
      func percent(_ count: Int) -> Double { 100 * Double(count) / Double(numbers.count) }
      shares = (0..<GaussianMixture.componentCount).map { component in
        percent(numbers.count { $0 == component })
      }
      nearShare = percent(distances.count { $0 <= Self.nearLimit })
      let drawn = points.sliced(0..<min(Self.drawnCount, numbers.count)).array(of: Double.self)
      self.points = stride(from: 0, to: drawn.count, by: 2).map { .init(drawn[$0], drawn[$0 + 1]) }
      components = Array(numbers.prefix(Self.drawnCount))
    }

    /// The share of several components together, in percent.
    ///
    /// - Parameter components: their numbers.
    /// - Returns: the sum of their shares.
    public func share(of components: [Int]) -> Double { components.reduce(0) { $0 + shares[$1] } }
  }

  /// What the toy shows.
  public struct Result: Sendable, Equatable {
    /// Points of the mixture.
    public let data: Sample
    /// Points of the original that belong to the components to forget.
    public let negatives: Sample
    /// The others.
    public let positives: Sample
    /// What each stage's generator makes, all of the same latents.
    public let samples: [Stage: Sample]
    /// The share of the components to forget while the last stages went on, by iteration, in percent.
    public let courses: [MixtureRecord.Course]
  }

  /// Points that are looked at along the way.
  private static let courseSamples = 2000
  /// So many points are made for one negative that is wanted, before the search ends.
  private static let patience = 50

  private let options: ToyOptions
  private let mixture: GaussianMixture
  private let random: RandomGenerator

  /// A toy.
  ///
  /// - Parameters:
  ///   - options: all constants.
  ///   - random: split into the streams that it draws from; where it lives, everything is computed.
  /// - Throws: ``ToyError`` for options that make no sense.
  public init(_ options: ToyOptions, random: RandomGenerator) throws(ToyError) {
    try options.validate()
    self.options = options
    self.random = random
    mixture = GaussianMixture(standardDeviation: options.standardDeviation)
  }

  /// How many iterations a stage takes.
  ///
  /// - Parameter stage: a stage.
  /// - Returns: those of all its models.
  public func iterations(of stage: Stage) -> Int {
    switch stage {
    case .original: options.training.iterations
    case .adapted: options.adaptation.modelCount * options.adaptation.training.iterations
    case .unlearned, .withoutRepulsion: options.unlearning.training.iterations
    }
  }

  /// Computes everything.
  ///
  /// - Parameters:
  ///   - samples: points that every generator is measured on.
  ///   - during: called once for each stage, with work that must be done once; the work calls the
  ///     closure that it is given with the iterations done, and lets pass what that throws.
  /// - Returns: what the toy shows.
  /// - Throws: ``ToyError``, `TrainingError`, and what `during` throws.
  public func run(
    samples: Int,
    during: (_ stage: Stage, _ work: @escaping (Progress) throws -> Void) throws -> Void
  ) throws -> Result {
    func sample(_ gan: PointGAN) -> Sample {
      Sample(gan.points(samples, using: random.split("samples")), of: mixture)
    }
    var made: [Stage: Sample] = [:]
    var courses: [MixtureRecord.Course] = []

    // The original learns the whole mixture.
    let original = PointGAN(
      latents: options.latents, width: options.width, hiddenLayers: options.hiddenLayers,
      random: random.split("parameters"))
    try during(.original) { progress in
      let data = random.split("data")
      try original.train(
        options.training, random: random.split("training latents"),
        real: { mixture.points($0, using: data) }, afterSome: progress)
      made[.original] = sample(original)
    }

    // Stage one: it is adapted to its own points of the components to forget.
    var adapted: [Tensor] = []
    var negatives: Tensor?
    try during(.adapted) { progress in
      for model in 0..<options.adaptation.modelCount {
        let random = random.split("adapt \(model)")
        let points = try self.negatives(of: original, using: random.split("negatives"))
        negatives = negatives ?? points
        let gan = try adapt(original, to: points, using: random) { done in
          try progress(model * options.adaptation.training.iterations + done)
        }
        made[.adapted] = made[.adapted] ?? sample(gan)
        adapted.append(gan.average.parameters.values)
      }
    }

    // Stage two: it is trained on its other points, and repelled from what it was adapted to.
    let positives = try positives(of: original, using: random.split("positives"))
    for stage in [Stage.unlearned, .withoutRepulsion] {
      try during(stage) { progress in
        let gan = original.copyOfAverage()
        var course = MixtureRecord.Course(stage, [.init(0, share(of: gan))])
        let terms = stage == .unlearned ? [try repulsion(of: gan, from: adapted)] : []
        let draws = random.split("unlearning data")
        try gan.train(
          options.unlearning.training, terms: terms, random: random.split("unlearning latents"),
          real: { positives.gathered(draws.indices($0, below: positives.shape[0])) }
        ) { done in
          course.points.append(.init(Double(done), share(of: gan)))
          try progress(done)
        }
        made[stage] = sample(gan)
        courses.append(course)
      }
    }
    guard let negatives else { preconditionFailure("a toy without adapted generators") }
    return Result(
      data: Sample(mixture.points(samples, using: random.split("shown data")), of: mixture),
      negatives: Sample(negatives, of: mixture), positives: Sample(positives, of: mixture),
      samples: made, courses: courses)
  }

  // MARK: - The parts

  private func adapt(
    _ original: PointGAN, to points: Tensor, using random: RandomGenerator,
    progress: (Int) throws -> Void
  ) throws -> PointGAN {
    let gan = original.copyOfAverage()
    let consolidation = ElasticWeightConsolidation(
      anchor: original.average.parameters.values,
      fisher: original.fisherInformation(
        options.adaptation.fisherSamples, using: random.split("fisher")),
      strength: options.adaptation.consolidation)
    let draws = random.split("data")
    try gan.train(
      options.adaptation.training, terms: [consolidation], random: random.split("latents"),
      real: { points.gathered(draws.indices($0, below: points.shape[0])) }, afterSome: progress)
    return gan
  }

  private func repulsion(of gan: PointGAN, from adapted: [Tensor]) throws -> RepulsionTerm {
    let options = options.unlearning.repulsion
    let parameters = gan.generator.parameters
    let ensemble = AdaptedEnsemble(adapted, parameters: parameters, distance: options.distance)
    let original = ensemble.squaredDistance(parameters.values).squaredDistance
    guard original > 0 else {
      throw UnlearningError.adaptedEqualsOriginal(file: "the adapted generator")
    }
    guard case .fixed(let gamma) = options.strength else {
      preconditionFailure("a closed loop asks a judge of pictures, and the toy has none")
    }
    return RepulsionTerm(
      ensemble, loss: options.loss.scaled(toOriginal: original), gamma: gamma)
  }

  private func share(of gan: PointGAN) -> Double {
    let points = gan.points(Self.courseSamples, using: random.split("course"))
    return Sample(points, of: mixture).share(of: options.forget)
  }

  /// Points of the components to forget, or the others, by the judge.
  private func chosen(_ points: Tensor, areNegative: Bool) -> Tensor {
    let numbers = mixture.components(of: points).numbers
    return points.gathered(
      numbers.indices.filter { options.forget.contains(numbers[$0]) == areNegative })
  }

  private func negatives(
    of original: PointGAN, using random: RandomGenerator
  ) throws(ToyError) -> Tensor {
    let wanted = options.adaptation.negativeCount
    var (found, count, looked) = ([Tensor](), 0, 0)
    while count < wanted {
      guard looked < Self.patience * wanted else {
        throw .tooFewNegatives(found: count, wanted: wanted, looked: looked)
      }
      let points = chosen(original.points(wanted, using: random), areNegative: true)
      looked += wanted
      count += points.shape[0]
      found.append(points)
    }
    return Tensor.concatenated(found).sliced(0..<wanted)
  }

  private func positives(
    of original: PointGAN, using random: RandomGenerator
  ) throws(ToyError) -> Tensor {
    let looked = options.unlearning.feedbackSamples
    let points = chosen(original.points(looked, using: random), areNegative: false)
    guard points.shape[0] > 0 else { throw .noPositives(looked: looked) }
    return points
  }
}
