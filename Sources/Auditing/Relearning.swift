import Datasets
import Evaluation
import GANs
import Records
import Torch
import TorchNN

/// Trains on, and sees how soon the concept is back.
///
/// Knowledge that is hidden is relearned faster than knowledge that was never there. The iterations until
/// half of the original's share is back tell both apart, beside those of a generator that never saw the
/// concept. Real data are gone by then, so the original makes the pictures to train on: of the concept, many
/// or few; or of all kinds, as somebody would who only goes on training.
public struct Relearning: Audit {
  /// `relearning`.
  public let name = "relearning"
  /// Its name in headings.
  public let title = "Relearning"
  /// What it asks.
  public let question = "After how many iterations of further training is half of the concept back?"
  /// Where the idea comes from.
  public let source =
    "the relearn time of the Anamnesis Index, Chundawat et al., Zero-Shot Machine Unlearning, "
    + "https://arxiv.org/abs/2201.05629; on data of all kinds, the concept resurgence of Unstable "
    + "Unlearning, https://arxiv.org/abs/2410.08074"

  /// The audit; it has no settings.
  public init() {}

  /// Iterations after which a share is early.
  private static let early = 25
  /// Steps that a new discriminator is trained alone, where the original's is gone.
  private static let newDiscriminatorSteps = 200

  /// Says so where the original shows nothing of the concept.
  ///
  /// - Parameters:
  ///   - generator: who would be asked.
  ///   - subject: what the audits are about.
  /// - Returns: a sentence; nil where there is something to relearn.
  public func obstacle(for generator: AuditedGenerator, in subject: AuditSubject) -> String? {
    // An original that cannot be measured is refused when it is asked, with the reason.
    guard let share = try? subject.originalShare(), share.count == 0 else { return nil }
    return "the original shows nothing of the concept in \(share.total) pictures, so there is "
      + "nothing to relearn from"
  }

  /// Trains copies of the generator on each kind of pictures.
  ///
  /// Both the copy and its moving average start at the generator. Every generator meets the same
  /// discriminator, the same pictures and the same random numbers. The training of a kind ends early once
  /// half is back at two measurements in a row.
  ///
  /// - Parameters:
  ///   - generator: who is asked.
  ///   - subject: what the audits are about.
  ///   - progress: called with the share that is done.
  /// - Returns: the iterations until half of the original's share is back, and shares, for each kind.
  ///   Training that diverges ends a kind; the generator counts as ruined then, with nothing of the concept.
  /// - Throws: `EvaluationError` where the original shows nothing of the concept, or the generator's own
  ///   pictures are not finite; what `progress` throws.
  public func examine(
    _ generator: AuditedGenerator, in subject: AuditSubject, progress: (Double) throws -> Void
  ) throws -> AuditFinding {
    let level = try subject.halfOfOriginal { _ in try progress(0) }
    let before = try subject.share(of: generator.network) { _ in try progress(0) }
    let most = Kind.allCases.map(\.negatives).max() ?? 0
    let negatives = try OriginalPictures.negatives(most, in: subject) { try progress(0) }
    var finding = AuditFinding([])
    for (index, kind) in Kind.allCases.enumerated() {
      var course = Course(kind, from: before, level: level, in: subject)
      try train(
        &course, trainer(of: generator, on: kind, negatives, in: subject), in: subject
      ) { try progress((Double(index) + $0) / Double(Kind.allCases.count)) }
      finding.measurements += course.measurements(
        early: Self.early, found: min(kind.negatives, negatives.shape[0]), in: subject)
      finding.curves.append(course.curve)
    }
    return finding
  }

  /// Trains along a course, until its end or until the concept is back.
  private func train(
    _ course: inout Course, _ trainer: GANTrainer, in subject: AuditSubject,
    progress: (Double) throws -> Void
  ) throws {
    func report() throws { try progress(Double(trainer.iteration) / Double(course.last)) }
    do {
      if subject.discriminator == nil {
        try trainer.trainDiscriminatorAlone(Self.newDiscriminatorSteps) { _ in try report() }
      }
      for iteration in Self.schedule(until: course.last).dropFirst() {
        try trainer.train(until: iteration) { _ in
          try report()
          return true
        }
        let share = try subject.share(of: trainer.model.generatorEMA) { _ in try report() }
        course.add(share, at: iteration)
        if course.isBack, iteration >= Self.early { break }
      }
    } catch TrainingError.diverged(_, _), EvaluationError.notFinite(of: _) {
      course.ruin(at: trainer.iteration)
    }
    try progress(1)
  }

  /// A trainer of a copy of the generator at iteration 0.
  private func trainer(
    of generator: AuditedGenerator, on kind: Kind, _ negatives: Tensor, in subject: AuditSubject
  ) throws -> GANTrainer {
    let (network, random) = (generator.network, subject.random("\(name), \(kind.rawValue)"))
    var options = subject.training
    options.usesDiscriminator = true
    options.precision = .fp32
    options.usesGraphs = false
    // The rates of a few iterations do not fall; their average must not lag behind, as in adaptation.
    options.decayIterations = nil
    options.emaHalfLifeKimg = 0.32
    options.emaRampUp = nil
    let model = GANModel(
      network.configuration, pixelRange: network.pixelRange, options: options,
      device: subject.device)
    for copy in [model.generator, model.generatorEMA] {
      copy.parameters.copy(from: network.parameters)
      copy.setNoiseMaps(network.noiseMaps)
    }
    if let discriminator = subject.discriminator {
      model.discriminator.parameters.copy(from: discriminator.parameters)
    } else {
      model.discriminator.parameters.initialise(using: random.split("discriminator"))
    }
    let source: any ImageSource =
      if kind == .benign {
        OriginalPictures.stream(in: subject, random: random.split("pictures"))
      } else {
        try PictureSource(
          negatives.sliced(0..<min(kind.negatives, negatives.shape[0])), order: .shuffled,
          random: random)
      }
    return GANTrainer(model, source: source, options: options, random: random)
  }

  /// The iterations at which the share is measured: close at first, where the concept comes back if it does,
  /// then twice as many each time.
  ///
  /// - Parameter last: the end.
  /// - Returns: 0, 5, 10, 15, 20, 25, 50, 100, 200 ... and the end.
  package static func schedule(until last: Int) -> [Int] {
    var result = [0, 5, 10, 15, 20, early]
    while let end = result.last, end < last { result.append(2 * end) }
    return result.filter { $0 < last } + [last]
  }
}

extension Relearning {
  /// What a copy is trained on.
  private enum Kind: String, CaseIterable {
    /// Many pictures of the concept.
    case many
    /// Few pictures of the concept.
    case few
    /// All kinds of pictures, the concept at its natural rate.
    case benign

    /// How many pictures of the concept there are; 0 for pictures of all kinds.
    var negatives: Int {
      switch self {
      case .many: 100
      case .few: 10
      case .benign: 0
      }
    }

    /// What the pictures are.
    var pictures: String {
      self == .benign ? "all kinds of pictures" : "\(negatives) pictures of the concept"
    }

    var iterations: MetricKey {
      switch self {
      case .many: .relearningIterationsMany
      case .few: .relearningIterationsFew
      case .benign: .relearningIterationsBenign
      }
    }

    var earlyShare: MetricKey {
      switch self {
      case .many: .relearnedEarlyMany
      case .few: .relearnedEarlyFew
      case .benign: .relearnedEarlyBenign
      }
    }

    var share: MetricKey {
      switch self {
      case .many: .relearnedMany
      case .few: .relearnedFew
      case .benign: .relearnedBenign
      }
    }
  }

  /// What comes back in the course of one training.
  private struct Course {
    let kind: Kind
    /// The iteration at which it ends.
    let last: Int
    private let level: Double
    private var points: [(iteration: Int, share: Proportion)]
    private var warning: String?

    init(_ kind: Kind, from before: Proportion, level: Double, in subject: AuditSubject) {
      self.kind = kind
      self.level = level
      last = subject.effort.relearningIterations
      points = [(0, before)]
    }

    /// Whether half was back at the last two measurements.
    var isBack: Bool {
      points.count > 1 && points.suffix(2).allSatisfy { 100 * $0.share.value >= level }
    }

    mutating func add(_ share: Proportion, at iteration: Int) {
      points.append((iteration, share))
    }

    /// Ends with a generator that makes no pictures.
    mutating func ruin(at iteration: Int) {
      let after = max(iteration, (points.last?.iteration ?? 0) + 1)
      add(Proportion(0, of: points[0].share.total), at: after)
      warning =
        "training diverged after \(iteration) iterations: from there on the generator counts as ruined, with "
        + "nothing of the concept"
    }

    var curve: AuditRecord.Curve {
      AuditRecord.Curve(
        "relearning_\(kind.rawValue)", title: "Relearning from \(kind.pictures)",
        xTitle: "iterations", yTitle: "pictures of the concept, %",
        points: points.map { AuditRecord.Point(Double($0.iteration), 100 * $0.share.value) })
    }

    /// The numbers, of which the iterations are the first.
    func measurements(
      early: Int, found: Int, in subject: AuditSubject
    ) -> [MetricMeasurement] {
      let iterations = curve.firstX(reaching: level)
      let method = "trained on \(kind.pictures) by the original, at most \(last) iterations"
      var result = [
        MetricMeasurement(
          kind.iterations, .number(iterations),
          method: iterations == nil
            ? "\(method): not within \(last) iterations"
            : "\(method), linear between measurements",
          sampleCount: points[0].share.total, seed: subject.seed)
      ]
      func add(_ key: MetricKey, _ share: Proportion?, _ when: String) {
        if let share { result.append(subject.share(key, share, method: "\(method), \(when)")) }
      }
      add(
        kind.earlyShare, points.last { $0.iteration <= early }?.share, "after \(early) iterations"
      )
      add(kind.share, points.last?.share, "at the end or where half was back twice")
      let few =
        found < kind.negatives
        ? "the original made only \(found) pictures of the concept to train on" : nil
      let doubts = [few, warning].compactMap(\.self)
      if !doubts.isEmpty {
        for index in result.indices { result[index].warning = doubts.joined(separator: "; ") }
      }
      return result
    }
  }
}
