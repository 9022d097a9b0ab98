public import ArgumentParser
import Experiments
import Foundation
import GANs
import Records
import Unlearning

/// A repulsion loss by the paper's name or the reference code's, or none.
struct LossArgument: ExpressibleByArgument, Equatable {
  /// The loss; nil for no repulsion.
  let loss: (any RepulsionLoss)?

  /// Takes `none`, and the names of the known losses.
  init?(argument: String) {
    loss = [any RepulsionLoss].known.named(argument)
    guard loss != nil || argument == "none" else { return nil }
  }

  /// The paper's name, or `none`.
  var name: String { loss?.name ?? "none" }

  static var allValueStrings: [String] { [any RepulsionLoss].known.map(\.name) + ["none"] }

  /// Every loss by the paper's name, and by the reference code's.
  static var names: String {
    let known = [any RepulsionLoss].known
    return known.map(\.name).joined(separator: ", ")
      + " (or " + known.compactMap(\.referenceName).joined(separator: ", ") + ")"
  }

  static func == (left: LossArgument, right: LossArgument) -> Bool { left.name == right.name }
}

/// Which discriminator teaches.
enum DiscriminatorChoice: String, ExpressibleByArgument, CaseIterable {
  case own
  case new
}

extension ParameterDistance: ExpressibleByArgument {}
extension RedirectionOptions.Target: ExpressibleByArgument {}

/// An unlearning method by its name.
struct MethodArgument: ExpressibleByArgument {
  /// The method.
  let type: any UnlearningMethod.Type

  /// Takes the names of the known methods.
  init?(argument: String) {
    guard let type = UnlearningMethods.named(argument) else { return nil }
    self.type = type
  }

  static var allValueStrings: [String] { UnlearningMethods.all.map { $0.name } }

  /// Every method with what it does.
  static var summaries: String {
    UnlearningMethods.all.map { "\($0.name) \($0.summary)" }.joined(separator: "; ")
  }
}

/// A number that one method has, such as `layers=10`.
struct ConstantArgument: ExpressibleByArgument {
  /// The name.
  let name: String
  /// The value.
  let value: Double

  /// Takes a name, an equals sign and a finite number.
  init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, let value = Double(parts[1]), value.isFinite else {
      return nil
    }
    (name, self.value) = (String(parts[0]), value)
  }

  var defaultValueDescription: String { "\(name)=\(MethodConstant.text(value))" }

  private static var methods: [any UnlearningMethod.Type] {
    UnlearningMethods.all.filter { !$0.constants.isEmpty }
  }

  /// Every method with its numbers.
  static var summaries: String {
    methods.map { method in
      "\(method.name) "
        + method.constants.map { "\($0.name)=\(MethodConstant.text($0.usual)) (\($0.summary))" }
        .joined(separator: ", ")
    }.joined(separator: "; ")
  }
}

/// The constants of stage two.
struct UnlearningArguments: ParsableArguments {
  @Option(
    help: """
      paper takes the paper's formulas, and the reference's constants where the paper has none; \
      reference takes all of the reference code, whose gamma is EL2's alpha, and the factor of the \
      other losses.
      """)
  var preset = MethodPreset.lethe

  @Option(
    help: """
      \(MethodArgument.summaries) (default: \(UnlearningMethods.all[0].name); \
      \(AdaptThenUnlearn.name) with --preset paper or reference; \
      \(PositivesOnly.name) with --loss none).
      """, completion: .list(MethodArgument.allValueStrings))
  var method: MethodArgument?

  @Option(
    parsing: .upToNextOption,
    help: "Adapted models: files, or run directories of 'lethe adapt'.", completion: .file())
  var adapted: [String] = []

  @Option(
    help: """
      \(LossArgument.names), or none for no repulsion (default: \(RepulsionOptions().loss.name)).
      """, completion: .list(LossArgument.allValueStrings))
  var loss: LossArgument?

  @Option(
    parsing: .unconditional,
    help: """
      The weight of the loss, as in the paper (default: none; a closed loop controls the \
      strength; paper, reference: 1).
      """)
  var gamma: Double?

  @Option(
    parsing: .unconditional, help: "EL2's alpha (default: 1 / the original's squared distance).")
  var alpha: Double?

  @Option(
    help: """
      The distance in parameter space: paper, reference, effective or mean (default: effective; with \
      the presets of these names, theirs).
      """)
  var distance: ParameterDistance?

  @Option(
    parsing: .unconditional,
    help: """
      Iterations (default: \(AdaptThenRedirect.defaults.iterations) with retention or redirection, \
      \(ParameterExtrapolation.name): \(ParameterExtrapolation.defaults.iterations), \
      \(Retraining.name): \(Retraining.defaults.iterations), otherwise \
      \(AdaptThenUnlearn.defaults.iterations); paper, reference: \
      \(UnlearningOptions.reference.iterations)).
      """)
  var iterations: Int?

  @Option(
    parsing: .unconditional,
    help: "Pictures from which positives are selected (default: 10000; paper, reference: 5000).")
  var feedbackSamples: Int?

  @Option(
    parsing: .unconditional,
    help: """
      Closed loop: the first and largest push per iteration, as a fraction of the way from the \
      adapted models to the original (default: 0.003 with retention or redirection, otherwise \
      \(ClosedLoop.Options().stepShare)).
      """)
  var stepShare: Double?

  @Option(
    parsing: .unconditional,
    help: "Closed loop: the iteration at which the push reaches zero (default: never).")
  var fadeIterations: Int?

  @Option(
    parsing: .unconditional,
    help: """
      The largest probability of the class for a positive, by the judge (default: 0.002; \
      paper, reference: 1).
      """)
  var largestDoubt: Double?

  @Option(
    parsing: .unconditional,
    help: """
      The share of the class that may remain, relative to the original's, before the closed loop and \
      redirection weaken (default: \(ClosedLoop.Options().target), and \
      \(RedirectionOptions().allowedRemainder)).
      """)
  var target: Double?

  @Option(
    parsing: .unconditional,
    help: """
      Iterations in a row over which no more than \(UnlearningOptions().patienceTarget) (or --target) \
      must have remained for the run to end early: the learning rate then begins to fall; where it is \
      constant, the run ends at once. 0 uses all iterations (default: 0).
      """)
  var patience: Int?

  @Option(
    parsing: .unconditional,
    help: """
      The weight of retention, which holds pictures without the class; 0 turns it off (default: \
      \(NumberText.plain(RetentionOptions().weight))).
      """)
  var retention: Double?

  @Option(
    parsing: .unconditional,
    help: """
      The largest probability of the class for a picture to retain (default: \
      \(RetentionOptions().largestDoubt)).
      """)
  var retentionDoubt: Double?

  @Option(
    parsing: .unconditional,
    help: """
      The weight of redirection, which turns pictures of the class into others; 0 turns it off \
      (default: \(NumberText.plain(RedirectionOptions().weight))).
      """)
  var redirection: Double?

  @Option(
    help: """
      Where latents of the class are sent: local, from the class to the others around each; \
      direction, from their mean to the others' mean; nearest, toward the nearest of the others \
      (default: \(RedirectionOptions().target.rawValue)).
      """)
  var redirectTo: RedirectionOptions.Target?

  @Option(
    parsing: .unconditional,
    help: """
      The factor by which a target lies beyond the first picture without the class (default: \
      \(RedirectionOptions().margin); without a discriminator \
      \(RedirectionOptions.marginWithoutDiscriminator)).
      """)
  var redirectionMargin: Double?

  @Option(
    parsing: .unconditional,
    help: """
      Latents among which those to redirect and to retain are looked for (default: \
      \(UnlearningOptions().surveySamples)).
      """)
  var surveySamples: Int?

  @Flag(
    help: """
      Leave the discriminator out, as a bare generator has none: only retention and redirection \
      teach, and pictures become softer.
      """)
  var withoutDiscriminator = false

  @Option(
    help: """
      The discriminator: own (that of the GAN) or new (one that is trained on the positives first, for \
      generators that have none) (default: own).
      """)
  var discriminator: DiscriminatorChoice?

  @Option(
    parsing: .unconditional,
    help: """
      Steps that a new discriminator is trained before the generator changes (default: \
      \(Self.newDiscriminatorSteps)).
      """)
  var discriminatorSteps: Int?

  /// After so many the new discriminator tells the pictures apart about as well as the old one
  /// (Docs/Method.md).
  static let newDiscriminatorSteps = 500

  @Option(
    name: .customLong("constant"), parsing: .unconditionalSingleValue,
    help: "A number that the method alone has, as NAME=VALUE: \(ConstantArgument.summaries).")
  var constants: [ConstantArgument] = []

  func validate() throws {
    if let discriminatorSteps, discriminatorSteps < 1 {
      throw ValidationError("--discriminator-steps is \(discriminatorSteps), expected at least 1")
    }
    for (option, value) in [("--gamma", gamma), ("--alpha", alpha)] {
      if let value, !(value > 0 && value.isFinite) {
        throw ValidationError("\(option) is \(value), expected above 0")
      }
    }
    if target != nil, redirection == 0, !chosen.repels, patience ?? 0 == 0 {
      throw ValidationError(
        "--target has no meaning with --redirection 0 and without adapted models: nothing is held to it"
      )
    }
    for constant in constants where !chosen.constants.contains(where: { $0.name == constant.name })
    {
      let names = chosen.constants.map(\.name)
      throw ValidationError(
        "--constant \(constant.name) has no meaning here: the method \(chosen.name) has "
          + (names.isEmpty ? "no numbers of its own" : names.joined(separator: ", "))
          + NearestNames.question(for: constant.name, among: names))
    }
    if chosen.usesAdapted, adapted.isEmpty {
      throw ValidationError(
        "--adapted is missing: name the run of 'lethe adapt' (or --loss none, for positives alone)")
    }
  }

  private var hasNoRepulsion: Bool { loss.map { $0.loss == nil } ?? false }

  /// The method: the one that is named, or the one that follows from the rest.
  var chosen: any UnlearningMethod.Type {
    if let method { return method.type }
    if hasNoRepulsion { return PositivesOnly.self }
    return preset.method
  }

  /// The method that the arguments ask for.
  func method(_ training: TrainingArguments, subject: Subject) throws -> any UnlearningMethod {
    let options = try settings(training).resolved(for: subject.file)
    return try chosen.init(
      UnlearningRequest(
        options: options.unlearning,
        adapted: chosen.usesAdapted ? try adapted.flatMap(ModelLocator.adapted) : []))
  }
}
