public import Unlearning

/// Every constant of the toy.
public struct ToyOptions: Sendable, Equatable, Codable {
  /// The components to forget, by number; the paper's are those at (2, 0) and (-1.41, -1.41).
  public var forget = [0, 5]
  /// Of each component, along both axes; the paper does not say.
  public var standardDeviation = 0.15
  /// What a point is made of.
  public var latents = PointLatents(normals: 2, coins: 10)
  /// Units of a hidden layer.
  public var width = 64
  /// Hidden layers of each network.
  public var hiddenLayers = 3
  /// The original's training.
  public var training = PointGAN.TrainingOptions(iterations: 1000)
  /// Stage one.
  public var adaptation = Adaptation()
  /// Stage two.
  public var unlearning = Unlearning()

  /// The constants of stage one.
  public struct Adaptation: Sendable, Equatable, Codable {
    /// How many adapted generators.
    public var modelCount = 1
    /// Points of the original that each is adapted to.
    public var negativeCount = 500
    /// λ of elastic weight consolidation.
    public var consolidation = 1.0
    /// Points of the estimate of the Fisher information.
    public var fisherSamples = 64
    /// The training.
    public var training = PointGAN.TrainingOptions(iterations: 200, averageDecay: 0.98)

    /// The defaults.
    public init() {}
  }

  /// The constants of stage two.
  public struct Unlearning: Sendable, Equatable, Codable {
    /// Points of the original that the judge looks at; those that are no negatives are the real ones.
    public var feedbackSamples = 5000
    /// How it keeps away from the adapted generators.
    public var repulsion: RepulsionOptions = {
      var options = RepulsionOptions()
      options.loss = .exponentialL2
      options.distance = .paper
      options.strength = .fixed(gamma: 1)
      return options
    }()
    /// The training.
    ///
    /// Batches are large because in small ones the shares of the components come and go by chance, and
    /// the components that were left come back.
    public var training = PointGAN.TrainingOptions(
      iterations: 500, batchSize: 1024, averageDecay: 0.98)

    /// The defaults.
    public init() {}
  }

  /// The defaults.
  public init() {}

  /// Throws unless the toy can be computed.
  ///
  /// - Throws: ``ToyError``.
  public func validate() throws(ToyError) {
    let count = GaussianMixture.componentCount
    for number in forget where !(0..<count).contains(number) { throw .unknownComponent(number) }
    guard Set(forget).count == forget.count else { throw .repeatedComponents(forget) }
    guard (1..<count).contains(forget.count) else { throw .nothingLeft(forgotten: forget.count) }
  }
}

/// A toy that cannot be computed as asked.
public enum ToyError: Error, Equatable, CustomStringConvertible {
  /// A component that the mixture lacks.
  case unknownComponent(Int)
  /// A component that is named twice.
  case repeatedComponents([Int])
  /// None to forget, or none to keep.
  case nothingLeft(forgotten: Int)
  /// The original generator makes too few points of the components.
  case tooFewNegatives(found: Int, wanted: Int, looked: Int)
  /// The original generator makes no other points than those to forget.
  case noPositives(looked: Int)

  /// One sentence that names what was found, what was expected and the way out.
  public var description: String {
    let last = GaussianMixture.componentCount - 1
    switch self {
    case .unknownComponent(let number):
      return "the mixture has no component \(number): they are numbered 0 to \(last), from (2, 0) "
        + "counter-clockwise"
    case .repeatedComponents(let numbers):
      return "a component to forget is named twice in "
        + "\(numbers.map(String.init).joined(separator: ",")): name each once"
    case .nothingLeft(let forgotten):
      return "\(forgotten) of \(last + 1) components are to be forgotten, expected 1 to \(last)"
    case .tooFewNegatives(let found, let wanted, let looked):
      return "the original generator made \(found) of \(wanted) points of the components to forget "
        + "among \(looked): its training has lost them; take another seed"
    case .noPositives(let looked):
      return "all \(looked) points of the original generator belong to components to forget: its "
        + "training has lost the others; take another seed"
    }
  }
}
