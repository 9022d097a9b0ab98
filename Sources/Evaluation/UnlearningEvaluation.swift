import GANs
import Judging
import Torch

/// What was forgotten and what was kept: every metric of an unlearned generator, with the counts and
/// the seed that belong to it.
public struct UnlearningEvaluation: Sendable, Equatable {
  /// What was to be forgotten.
  public var forgotten: Concept
  /// How many pictures were made by each generator.
  public var samples: Int
  /// Where their latents and noise come from.
  public var seed: UInt64
  /// How many of the concept's pictures are gone.
  public var percentage: UnlearningPercentage
  /// What the original generator shows.
  public var countsBefore: ConceptCounts
  /// What the unlearned generator shows.
  public var countsAfter: ConceptCounts
  /// The judge's mean confidence in the original's pictures.
  public var confidenceBefore: Double
  /// The judge's mean confidence in the unlearned generator's pictures.
  public var confidenceAfter: Double
  /// From the unlearned generator's pictures to the original's positives: what it should be like.
  public var frechetToOriginalPositives: Double
  /// From all of the original's pictures to its positives: how far away forgetting nothing is.
  public var frechetOriginal: Double
  /// From the unlearned generator's pictures to real ones without the concept.
  public var frechetToData: Double?
  /// From the original's pictures to real ones without the concept.
  public var frechetOriginalToData: Double?
  /// How many real pictures without the concept there are.
  public var dataCount: Int?

  /// PUL, in percent.
  public var pul: Double { percentage.value }

  /// The share of each other class or attribute over its former one, in the judge's order; nil where it
  /// had none.
  public var keptRatios: [(concept: Concept, ratio: Double?)] {
    let labels = countsAfter.labels
    let left = labels.position(of: forgotten)
    return zip(labels.concepts, countsAfter.keptRatios(from: countsBefore))
      .enumerated().filter { $0.offset != left }
      .map { (concept: $0.element.0, ratio: $0.element.1) }
  }

  /// The smallest of ``keptRatios``; nil if the original shows nothing else.
  public var smallestKeptRatio: Double? { keptRatios.compactMap(\.ratio).min() }

  /// Compares two samples that one judge has seen.
  ///
  /// - Parameters:
  ///   - original: of the original generator.
  ///   - unlearned: of the unlearned one, on the same latents.
  ///   - latents: those latents.
  ///   - forgotten: what was to be forgotten.
  ///   - data: real pictures without the concept, as the judge sees them.
  /// - Throws: ``EvaluationError`` if the original shows none of it, or too few other pictures.
  /// - Precondition: both samples are of those latents.
  public init(
    original: JudgedSample, unlearned: JudgedSample, latents: LatentList, forgotten: Concept,
    data: FrechetStatistics? = nil
  ) throws(EvaluationError) {
    precondition(
      original.count == latents.count && unlearned.count == latents.count,
      "\(original.count) and \(unlearned.count) pictures of \(latents.count) latents")
    self.forgotten = forgotten
    samples = latents.count
    seed = latents.seed
    countsBefore = original.conceptCounts
    countsAfter = unlearned.conceptCounts
    percentage = try UnlearningPercentage(
      before: countsBefore, after: countsAfter, forgotten: forgotten)
    confidenceBefore = original.meanConfidence
    confidenceAfter = unlearned.meanConfidence
    let (before, after) = (original.statistics(), unlearned.statistics())
    let positives = original.statistics(without: forgotten)
    frechetToOriginalPositives = try after.distance(to: positives)
    frechetOriginal = try before.distance(to: positives)
    guard let data else { return }
    frechetToData = try after.distance(to: data)
    frechetOriginalToData = try before.distance(to: data)
    dataCount = data.count
  }

  /// Measures two generators.
  ///
  /// - Parameters:
  ///   - original: the generator before.
  ///   - unlearned: the generator after.
  ///   - judge: who says what pictures show.
  ///   - forgotten: what was to be forgotten.
  ///   - latents: what pictures are made of.
  ///   - data: real pictures without the concept, as the judge sees them.
  ///   - precision: of the generators' convolutions.
  ///   - progress: called with the number of pictures judged so far, of twice the latents' count;
  ///     may throw to stop.
  /// - Throws: ``EvaluationError``, `NetworkMismatch`; what `progress` throws.
  public init(
    original: any GeneratorNetwork, unlearned: any GeneratorNetwork, judge: Judge,
    forgotten: Concept,
    latents: LatentList = LatentList(), data: FrechetStatistics? = nil,
    precision: Precision = .fp32, progress: (Int) throws -> Void = { _ in }
  ) throws {
    try unlearned.configuration.requireSamePictures(
      as: original.configuration, subject: "the unlearned generator",
      reference: "the original generator")
    let first = try JudgedSample(
      of: SampleRun(
        of: original, latents: latents,
        source: "the original generator", precision: precision),
      judge: judge, progress: progress)
    let second = try JudgedSample(
      of: SampleRun(
        of: unlearned, latents: latents,
        source: "the unlearned generator", precision: precision),
      judge: judge
    ) { try progress(latents.count + $0) }
    try self.init(
      original: first, unlearned: second, latents: latents, forgotten: forgotten, data: data)
  }
}
