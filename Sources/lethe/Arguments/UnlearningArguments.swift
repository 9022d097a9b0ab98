import ArgumentParser
import Experiments
import Foundation
import GANs
import Unlearning

/// The losses by the paper's names, and the reference code's.
enum LossName: String, ExpressibleByArgument, CaseIterable {
  case exponentialL2 = "EL2"
  case negativeL2 = "NL2"
  case inverseL2 = "IL2"
  case none

  /// Takes the reference's `exp`, `l2` and `reci` as well.
  init?(argument: String) {
    let aliases = ["exp": LossName.exponentialL2, "l2": .negativeL2, "reci": .inverseL2]
    guard let name = LossName(rawValue: argument) ?? aliases[argument] else { return nil }
    self = name
  }
}

extension ParameterDistance: ExpressibleByArgument {}

/// The constants of stage two.
struct UnlearningArguments: ParsableArguments {
  @Option(
    help: """
      reference takes all constants of the reference code, whose gamma is EL2's alpha \
      and the factor of the others.
      """)
  var preset = MethodPreset.lethe

  @Option(
    parsing: .upToNextOption,
    help: "Adapted models: files, or run directories of 'lethe adapt'.")
  var adapted: [String] = []

  @Option(help: "EL2, NL2, IL2 (or exp, l2, reci), or none for no repulsion (default: NL2).")
  var loss: LossName?

  @Option(
    parsing: .unconditional,
    help: """
      The weight of the loss, as the paper adds it (default: none; a closed loop \
      decides the strength).
      """)
  var gamma: Double?

  @Option(
    parsing: .unconditional, help: "EL2's alpha (default: 1 over the original's squared distance).")
  var alpha: Double?

  @Option(help: "What far means: paper, reference or effective (default: effective).")
  var distance: ParameterDistance?

  @Option(parsing: .unconditional, help: "Iterations (default: 900; reference: 1000).")
  var iterations: Int?

  @Option(
    parsing: .unconditional,
    help: "Pictures that positives are selected from (default: 10000; reference: 5000).")
  var feedbackSamples: Int?

  @Option(
    parsing: .unconditional,
    help: """
      Closed loop: the first and longest push of an iteration, in parts of the way from adapted \
      to original.
      """)
  var stepShare = ClosedLoop.Options().stepShare

  @Option(
    parsing: .unconditional,
    help: "Closed loop: the iteration by which the push has faded to nothing (default: never).")
  var fadeIterations: Int?

  @Option(
    parsing: .unconditional,
    help: """
      The largest probability of the class that the judge may give a positive (default: 0.002; \
      reference: 1).
      """)
  var largestDoubt: Double?

  @Option(
    parsing: .unconditional,
    help: "Closed loop: what may remain of the class, relative to the original's share.")
  var target = ClosedLoop.Options().target

  func validate() throws {
    if let gamma, !(gamma > 0 && gamma.isFinite) {
      throw ValidationError("--gamma is \(gamma), expected above 0")
    }
    if let alpha, !(alpha > 0 && alpha.isFinite) {
      throw ValidationError("--alpha is \(alpha), expected above 0")
    }
    let loss = loss ?? .negativeL2
    if alpha != nil, loss != .exponentialL2 {
      throw ValidationError("--alpha belongs to --loss EL2, not to \(loss.rawValue)")
    }
    if alpha != nil, preset == .reference {
      throw ValidationError(
        "--alpha has no meaning with --preset reference, whose --gamma is EL2's alpha")
    }
    if loss == LossName.none, gamma != nil {
      throw ValidationError("--gamma has no meaning with --loss none")
    }
    if loss != LossName.none, adapted.isEmpty {
      throw ValidationError(
        "--adapted is missing: name the run of 'lethe adapt' (or --loss none, for positives alone)")
    }
  }

  /// The options of a subject.
  func options(_ training: TrainingArguments, subject: Subject) throws -> UnlearningOptions {
    var options = preset == .reference ? UnlearningOptions.reference : UnlearningOptions()
    options.iterations = iterations ?? options.iterations
    options.feedbackSamples = feedbackSamples ?? options.feedbackSamples
    options.largestDoubt = largestDoubt ?? options.largestDoubt
    options.training = try training.options(
      options.training,
      continuing: preset == .reference ? nil : subject.file.regularisation)
    try options.validate()
    return options
  }

  /// What to keep away from, and how; nil for no repulsion.
  func repulsion() throws -> UnlearningStage.RepulsionChoice? {
    let name = loss ?? .negativeL2
    let curve: RepulsionLoss
    switch name {
    case .none: return nil
    case .negativeL2: curve = .negativeL2
    case .inverseL2: curve = .inverseL2
    // The reference's EL2 is 100 exp(-gamma d): its gamma is the paper's alpha.
    case .exponentialL2:
      curve = .exponentialL2(alpha: preset == .reference ? gamma ?? 1 : alpha ?? 1)
    }
    var strength = RepulsionStrength.closedLoop(try closedLoop())
    if preset == .reference {
      strength = .fixed(gamma: name == .exponentialL2 ? 100 : gamma ?? 1)
    } else if let gamma {
      strength = .fixed(gamma: gamma)
    }
    return UnlearningStage.RepulsionChoice(
      adapted: try adapted.flatMap(ModelLocator.adapted), loss: curve,
      hasScaleFreeAlpha: name == .exponentialL2 && alpha == nil && preset == .lethe,
      distance: distance ?? (preset == .reference ? .reference : .effective), strength: strength)
  }

  private func closedLoop() throws -> ClosedLoop.Options {
    var options = ClosedLoop.Options()
    options.stepShare = stepShare
    options.fadeIterations = fadeIterations
    options.target = target
    try options.validate()
    return options
  }
}
