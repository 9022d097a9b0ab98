import Foundation
public import GANs
import Runs
public import Unlearning

/// A way to make a generator forget: what it trains on, and what it adds to training.
///
/// ``UnlearningExperiment`` gives every method the same rest: a run folder, snapshots, resume, the
/// measurement and the page. A method of your own is a type of this protocol; one that users shall
/// choose by name is also a line in ``UnlearningMethods/all``.
public protocol UnlearningMethod {
  /// The name in records and on the command line, such as `adapt-then-unlearn`.
  static var name: String { get }

  /// What it does, in one sentence.
  static var summary: String { get }

  /// Whether it keeps away from adapted generators; if so it needs some, and else it takes none.
  static var usesAdapted: Bool { get }

  /// Whether a repulsion loss keeps it away from them (`UnlearningOptions.repulsion`).
  static var repels: Bool { get }

  /// Whether it looks for latents that show the concept (`UnlearningOptions.surveySamples`).
  static var surveys: Bool { get }

  /// Whether a discriminator teaches, unless somebody leaves it out.
  static var usesDiscriminator: Bool { get }

  /// Whether it trains at all: an optimiser changes the generator.
  static var trains: Bool { get }

  /// Whether it trains new networks, with nothing of the original's, its optimisers' constants included.
  static var startsAnew: Bool { get }

  /// Whether the frozen original holds pictures or redirects them (`UnlearningOptions.retention`,
  /// `UnlearningOptions.redirection`).
  static var distils: Bool { get }

  /// The numbers that it alone has; `UnlearningOptions.constants` holds their values.
  static var constants: [MethodConstant] { get }

  /// The constants unless somebody sets others.
  static var defaults: UnlearningOptions { get }

  /// The method as a request asks for it.
  ///
  /// - Parameter request: options and files.
  /// - Throws: ``UnlearningMethodError`` for what the method needs and does not get, or gets and does
  ///   not take.
  init(_ request: UnlearningRequest) throws

  /// The constants as resolved; their record is part of the run's.
  var options: UnlearningOptions { get }

  /// The adapted generators that it uses; the first one is shown beside the result.
  var adapted: [GANFile] { get }

  /// A trainer at iteration 0: collects feedback, refuses what cannot be unlearned.
  ///
  /// - Parameters:
  ///   - subject: the GAN, the judge, and what shall be forgotten.
  ///   - context: seed, device, observer.
  /// - Returns: the trainer.
  /// - Throws: what refuses the unlearning.
  func makeTrainer(for subject: Subject, in context: ExperimentContext) throws -> GANTrainer
}

extension UnlearningMethod {
  /// No, unless the method says otherwise.
  public static var usesAdapted: Bool { false }

  /// No, unless the method says otherwise.
  public static var distils: Bool { false }

  /// Whoever uses adapted generators, unless the method says otherwise.
  public static var repels: Bool { usesAdapted }

  /// Whoever distils, unless the method says otherwise.
  public static var surveys: Bool { distils }

  /// Yes, unless the method says otherwise.
  public static var usesDiscriminator: Bool { true }

  /// Yes, unless the method says otherwise.
  public static var trains: Bool { true }

  /// No, unless the method says otherwise.
  public static var startsAnew: Bool { false }

  /// None, unless the method says otherwise.
  public static var constants: [MethodConstant] { [] }

  /// ``usualOptions``, unless the method says otherwise.
  public static var defaults: UnlearningOptions { usualOptions }

  /// Those of `UnlearningOptions` without what the method does not use; more iterations where nothing
  /// sends the concept anywhere, because it fades more slowly then.
  public static var usualOptions: UnlearningOptions {
    var options = distils ? UnlearningOptions() : .undistilled
    if !repels { options.repulsion = nil }
    options.constants = usualConstants
    return options
  }

  /// The usual values of ``constants``; nil if there are none.
  static var usualConstants: [String: Double]? {
    constants.isEmpty
      ? nil : Dictionary(uniqueKeysWithValues: constants.map { ($0.name, $0.usual) })
  }

  /// The options that a method takes which trains on positives and needs no adapted generators.
  ///
  /// - Parameter request: what somebody asks for.
  /// - Returns: the options, fitted to the method.
  /// - Throws: ``UnlearningMethodError/takesNoAdapted(method:file:)``.
  static func positiveOptions(
    _ request: UnlearningRequest
  ) throws(UnlearningMethodError) -> UnlearningOptions {
    try requireNoAdapted(request)
    return fitted(request.options)
  }

  /// Options without what the method does not have, and with a value for each of ``constants``.
  static func fitted(_ options: UnlearningOptions) -> UnlearningOptions {
    var result = options
    if !repels { result.repulsion = nil }
    if !distils { (result.retention, result.redirection) = (nil, nil) }
    if !usesDiscriminator {
      result.training.usesDiscriminator = false
      result.training.pathLengthWeight = 0
      result.training.augmentation = nil
    }
    if let usualConstants {
      result.constants = usualConstants.merging(options.constants ?? [:]) { $1 }
    }
    return result
  }

  /// Refuses numbers that the method does not have, or that it cannot take.
  ///
  /// - Parameter options: whose `UnlearningOptions.constants` are looked at.
  /// - Throws: ``UnlearningMethodError/unknownConstant(method:name:known:)``, or
  ///   `UnlearningError.outOfRange`.
  static func requireConstants(of options: UnlearningOptions) throws {
    for (name, value) in (options.constants ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard let constant = constants.first(where: { $0.name == name }) else {
        throw UnlearningMethodError.unknownConstant(
          method: Self.name, name: name, known: constants.map(\.name))
      }
      guard constant.accepts(value) else {
        throw UnlearningError.outOfRange(
          field: "constants.\(name)", value: MethodConstant.text(value),
          expected: constant.expectation)
      }
    }
  }

  /// The value of one of ``constants``.
  func constant(_ constant: MethodConstant) -> Double {
    options.constants?[constant.name] ?? constant.usual
  }

  /// None, unless the method says otherwise.
  public var adapted: [GANFile] { [] }

  /// Refuses adapted generators.
  static func requireNoAdapted(_ request: UnlearningRequest) throws(UnlearningMethodError) {
    guard let file = request.adapted.first else { return }
    throw .takesNoAdapted(method: name, file: file.path)
  }

  /// Refuses a request that neither holds pictures nor redirects them.
  static func requireGoal(_ options: UnlearningOptions) throws(UnlearningMethodError) {
    guard options.retention == nil, options.redirection == nil else { return }
    throw .needsGoal(method: name)
  }
}

/// What somebody asks of a method: its constants, and the files that it may use.
public struct UnlearningRequest {
  /// The constants.
  public var options: UnlearningOptions
  /// Adapted generators, from stage one.
  public var adapted: [GANFile]

  /// A request.
  ///
  /// - Parameters:
  ///   - options: the constants, such as the method's own ``UnlearningMethod/defaults``; unless given,
  ///     those of the default method.
  ///   - adapted: adapted generators, from stage one.
  public init(
    options: UnlearningOptions = UnlearningOptions(), adapted: [GANFile] = []
  ) {
    self.options = options
    self.adapted = adapted
  }
}

/// The methods that are known by name.
public enum UnlearningMethods {
  /// All of them, the default first; a further one is a line more.
  public static var all: [any UnlearningMethod.Type] {
    [
      AdaptThenRedirect.self, RetentionAndRedirection.self, AdaptThenUnlearn.self,
      PositivesOnly.self, ElasticPositives.self, CatastrophicForgetting.self,
      ExactUnlearning.self, SparseUnlearning.self, CorrespondingAdaptation.self,
      AlignedAdaptation.self, MoonFeatureUnlearning.self, SaliencyUnlearning.self,
      ParameterExtrapolation.self, Retraining.self,
    ]
  }

  /// The method with a name.
  ///
  /// - Parameter name: as ``UnlearningMethod/name`` spells it.
  /// - Returns: the method, or nil if none has that name.
  public static func named(_ name: String) -> (any UnlearningMethod.Type)? {
    all.first { $0.name == name }
  }
}

/// A method that cannot work with what it is given.
public enum UnlearningMethodError: Error, Equatable, CustomStringConvertible {
  /// It needs adapted generators.
  case needsAdapted(method: String)
  /// It needs retention, redirection or both.
  case needsGoal(method: String)
  /// It takes no adapted generators.
  case takesNoAdapted(method: String, file: String)
  /// It has no number of that name.
  case unknownConstant(method: String, name: String, known: [String])

  /// One sentence that names the method, what was expected and the way out.
  public var description: String {
    switch self {
    case .needsAdapted(let method):
      "\(method) needs adapted generators, and there are none: adapt some first, or take a method that "
        + "needs none"
    case .needsGoal(let method):
      "\(method) without retention and without redirection is another method: give one of them a "
        + "weight, or take that method by its name"
    case .takesNoAdapted(let method, let file):
      "\(method) takes no adapted generators, and \(file) is one: leave it out, or take a method that "
        + "moves away from it"
    case .unknownConstant(let method, let name, let known):
      "\(method) has no number \(name), but "
        + (known.isEmpty ? "none at all" : known.joined(separator: ", "))
    }
  }
}
