import Datasets
import GANs
import Judging
import Torch

/// What a judge says of many pictures: all that the metrics need, without the pictures.
///
/// One pass over a generator serves every metric, and one sample of the original serves every
/// unlearned generator that is compared with it.
public struct JudgedSample: Sendable {
  /// What was judged, for messages.
  public let source: String
  /// What the judge says of each picture, in host memory.
  public let judgement: Judgement

  /// How many pictures.
  public var count: Int { judgement.count }
  /// `[N, F]`, in host memory.
  public var features: Tensor { judgement.features }
  /// How many pictures show each class or attribute.
  public var conceptCounts: ConceptCounts { ConceptCounts(of: judgement) }
  /// How sure the judge is of what it says, on average.
  public var meanConfidence: Double {
    judgement.confidences.reduce(0, +) / Double(max(1, count))
  }

  /// What a judge says of a run's pictures.
  ///
  /// - Parameters:
  ///   - run: the pictures.
  ///   - judge: who says what they show.
  ///   - progress: called with the number judged so far; may throw to stop.
  /// - Throws: ``EvaluationError/notFinite(of:)`` if a picture is not made of numbers; what
  ///   `progress` throws.
  public init(
    of run: SampleRun, judge: Judge, progress: (Int) throws -> Void = { _ in }
  ) throws {
    let observer = JudgingObserver(judge)
    try run.show(to: [observer], progress: progress)
    self.init(source: run.source, judgement: observer.judgement)
  }

  private init(source: String, judgement: Judgement) {
    self.source = source
    self.judgement = judgement
  }

  /// The first of these pictures: the sample that fewer latents of the same list would have given.
  ///
  /// - Parameter count: how many, at most all.
  /// - Returns: their sample.
  public func first(_ count: Int) -> JudgedSample {
    JudgedSample(source: source, judgement: judgement.first(count))
  }

  /// The features' mean and covariance.
  ///
  /// - Parameter excluded: a concept whose pictures are left out.
  /// - Returns: what a Fréchet distance needs.
  public func statistics(without excluded: Concept? = nil) -> FrechetStatistics {
    guard let excluded else {
      return FrechetStatistics(of: features, source: "the pictures of \(source)")
    }
    var result = FrechetStatistics(
      width: features.shape[1], source: "the pictures of \(source) without \(excluded)")
    let isExcluded = judgement.shows(excluded)
    let kept = isExcluded.indices.filter { !isExcluded[$0] }
    if !kept.isEmpty { result.add(features.gathered(kept)) }
    return result
  }
}

/// Prepares pictures as they come, and judges those of a group together.
private final class JudgingObserver: PictureObserver {
  private let judge: Judge
  private var prepared: [Tensor] = []
  private var judgements: [Judgement] = []

  init(_ judge: Judge) { self.judge = judge }

  var judgement: Judgement { .concatenated(judgements) }

  func observe(_ pictures: Tensor, in range: PixelRange) {
    prepared.append(withoutGradients { judge.prepared(pictures, from: range) })
  }

  func endGroup() {
    judgements.append(judge.judge(prepared: .concatenated(prepared)).inHostMemory)
    prepared = []
  }
}
