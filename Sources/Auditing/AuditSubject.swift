public import Evaluation
public import GANs
public import Judging
import Records
public import Torch
import TorchNN

/// What the audits of one unlearned generator are about: the generators, who judges them, and what was to
/// be forgotten.
public final class AuditSubject {
  /// The generator that was to forget.
  public let unlearned: AuditedGenerator
  /// The one before, which shows the concept.
  public let original: AuditedGenerator
  /// Others that are asked the same.
  public let controls: [AuditedGenerator]
  /// Who says what pictures show.
  public let judge: Judge
  /// Another judge, who took no part in forgetting; or nobody.
  public let secondJudge: Judge?
  /// What was to be forgotten; at least one concept, known to both judges.
  public let forgotten: [Concept]
  /// What the generators were to forget before, which is no control's fault.
  public let forgottenBefore: [Concept]
  /// Generators adapted to the concept, which point the way back to it; none where they are not at hand.
  public let adapted: [any GeneratorNetwork]
  /// The original's discriminator, which relearning starts from; nil where the file has none.
  public let discriminator: (any DiscriminatorNetwork)?
  /// The constants with which the original was trained, as far as its file tells.
  public let training: TrainingOptions
  /// How much each audit may cost.
  public let effort: AuditEffort
  /// Where all random numbers start.
  public let seed: UInt64

  /// What the judge, and the second one, have seen.
  private var samples: [AuditRecord.Role: [JudgedSample]] = [:]
  /// What the judge has seen in pictures of other latents.
  private var references: [String: JudgedSample] = [:]

  /// A subject.
  ///
  /// - Parameters:
  ///   - unlearned: the generator that was to forget.
  ///   - original: the one before.
  ///   - controls: others that are asked the same; each role once, of the same shape.
  ///   - judge: who says what pictures show.
  ///   - secondJudge: another judge, who took no part in forgetting.
  ///   - forgotten: what was to be forgotten.
  ///   - forgottenBefore: what the generators were to forget before.
  ///   - adapted: generators adapted to the concept, of the same shape.
  ///   - discriminator: the original's.
  ///   - unlearnedDiscriminator: that beside the unlearned generator.
  ///   - training: the constants with which the original was trained.
  ///   - effort: how much each audit may cost.
  ///   - seed: where all random numbers start.
  /// - Precondition: each role is there once, and something was to be forgotten.
  public init(
    _ unlearned: any GeneratorNetwork, original: any GeneratorNetwork,
    controls: [AuditedGenerator] = [], judge: Judge, secondJudge: Judge? = nil,
    forgotten: [Concept], forgottenBefore: [Concept] = [],
    adapted: [any GeneratorNetwork] = [], discriminator: (any DiscriminatorNetwork)? = nil,
    unlearnedDiscriminator: (any DiscriminatorNetwork)? = nil,
    training: TrainingOptions = TrainingOptions(), effort: AuditEffort = .usual, seed: UInt64 = 0
  ) {
    precondition(!forgotten.isEmpty, "an audit of nothing to forget")
    self.unlearned = AuditedGenerator(
      .unlearned, network: unlearned, discriminator: unlearnedDiscriminator)
    self.original = AuditedGenerator(
      .original, network: original, discriminator: discriminator)
    self.controls = controls
    self.judge = judge
    self.secondJudge = secondJudge
    self.forgotten = forgotten
    self.forgottenBefore = forgottenBefore
    self.adapted = adapted
    self.discriminator = discriminator
    self.training = training
    self.effort = effort
    self.seed = seed
    precondition(
      Set(generators.map(\.role)).count == generators.count, "an audit of two of one role")
  }

  /// The device of the generators.
  public var device: Device { original.network.parameters.device }

  /// All generators, in the order to show.
  public var generators: [AuditedGenerator] { [unlearned, original] + controls }

  /// The generator that never saw the concept; nil where there is none.
  public var retrained: AuditedGenerator? { controls.first { $0.role == .retrained } }

  /// What the pictures of all generators are made of.
  public var latents: LatentList { LatentList(count: effort.samples, seed: seed) }

  /// Random numbers of an audit, the same for every generator.
  ///
  /// - Parameter purpose: what for, with the audit's name.
  /// - Returns: a stream of its own.
  public func random(_ purpose: String) -> RandomGenerator {
    RandomGenerator(seed: seed, device: device).split("audit, \(purpose)")
  }

  /// What the judge sees in a generator's pictures of ``latents``; they are made once.
  ///
  /// - Parameters:
  ///   - generator: one of ``generators``.
  ///   - progress: called with the number judged so far; may throw to stop.
  /// - Returns: the sample.
  /// - Throws: `EvaluationError` for pictures that are not finite; what `progress` throws.
  public func sample(
    of generator: AuditedGenerator, progress: (Int) throws -> Void = { _ in }
  ) throws -> JudgedSample {
    if let sample = samples[generator.role] { return sample[0] }
    return try judge(generator, progress)[0]
  }

  /// What the second judge sees in them.
  ///
  /// - Parameters:
  ///   - generator: one of ``generators``.
  ///   - progress: called with the number judged so far; may throw to stop.
  /// - Returns: the sample; nil where there is no second judge.
  /// - Throws: as ``sample(of:progress:)``.
  public func secondSample(
    of generator: AuditedGenerator, progress: (Int) throws -> Void = { _ in }
  ) throws -> JudgedSample? {
    guard secondJudge != nil else { return nil }
    return try (samples[generator.role] ?? judge(generator, progress)).last
  }

  /// Shows a generator's pictures to both judges at once.
  private func judge(
    _ generator: AuditedGenerator, _ progress: (Int) throws -> Void
  ) throws -> [JudgedSample] {
    let run = SampleRun(
      of: generator.network, latents: latents, source: "the \(generator.name) generator")
    let judged = try JudgedSample.ofEach(
      [judge] + (secondJudge.map { [$0] } ?? []), run: run, progress: progress)
    samples[generator.role] = judged
    return judged
  }

  /// What the judge sees in pictures of other latents; they are made once.
  ///
  /// - Parameters:
  ///   - name: what the sample is, for those who ask again.
  ///   - generator: makes the pictures.
  ///   - latents: what they are made of.
  ///   - progress: called with the share that is done.
  /// - Returns: the sample.
  /// - Throws: as ``sample(of:progress:)``.
  func reference(
    _ name: String, of generator: AuditedGenerator, _ latents: LatentList,
    _ progress: (Double) throws -> Void
  ) throws -> JudgedSample {
    if let sample = references[name] { return sample }
    let sample = try JudgedSample(
      of: SampleRun(
        of: generator.network, latents: latents, source: "the \(generator.name) generator"),
      judge: judge, extractors: []
    ) { try progress(Double($0) / Double(latents.count)) }
    references[name] = sample
    return sample
  }
}
