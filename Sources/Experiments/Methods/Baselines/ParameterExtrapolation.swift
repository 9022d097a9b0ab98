public import GANs
import TorchNN
public import Unlearning

/// Extrapolation: a straight line past the original, away from the adapted generators, without training.
///
/// The paper's baseline. Each iteration is a step of the line, so that ``SnapshotChoice`` can choose one.
public struct ParameterExtrapolation: UnlearningMethod {
  /// `extrapolation`.
  public static let name = "extrapolation"
  /// What it does.
  public static let summary =
    "steps past the original without training, away from adapted generators"
  /// Yes.
  public static let usesAdapted = true
  /// No: it only goes where the line leads.
  public static let repels = false
  /// No.
  public static let usesDiscriminator = false
  /// No.
  public static let trains = false
  /// How far it goes.
  public static let constants = [strength]
  private static let strength = MethodConstant(
    "strength", 1, in: .from(0),
    summary: "of the way from the adapted models to the original; 1 is the paper's gamma of 2")

  /// The constants, without a discriminator.
  public let options: UnlearningOptions
  /// The adapted generators.
  public var adapted: [GANFile] { repulsion.adapted }
  private let repulsion: Repulsion

  /// A hundred steps, from which on several are looked at, and no average over them.
  public static var defaults: UnlearningOptions {
    var options = still(usualOptions)
    options.iterations = 100
    return options
  }

  /// Options in which the average is the generator itself.
  private static func still(_ options: UnlearningOptions) -> UnlearningOptions {
    var result = fitted(options)
    result.training.emaHalfLifeKimg = 1e-5
    return result
  }

  /// The method as a request asks for it.
  ///
  /// - Parameter request: options and at least one adapted generator.
  /// - Throws: ``UnlearningMethodError``.
  public init(_ request: UnlearningRequest) throws {
    repulsion = try Repulsion(request, method: Self.name)
    options = Self.still(request.options)
  }

  /// A trainer that walks.
  ///
  /// - Parameters:
  ///   - subject: the GAN, the judge, and what shall be forgotten.
  ///   - context: seed, device, observer.
  /// - Returns: the trainer at iteration 0.
  /// - Throws: what refuses the unlearning.
  public func makeTrainer(
    for subject: Subject, in context: ExperimentContext
  ) throws -> GANTrainer {
    let (training, vectors) = try repulsion.training(for: subject, options: options, in: context)
    return training.trainer(hooks: [
      ParameterWalk(
        from: training.model.generator.parameters.values, awayFrom: vectors,
        strength: constant(Self.strength), steps: options.iterations)
    ])
  }
}
