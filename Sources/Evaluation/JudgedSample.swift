import Datasets
import GANs
public import Judging
public import Torch

/// A judge's verdicts on many pictures: the metrics need these and not the pictures.
///
/// One pass over a generator serves every metric, and one sample of the original serves every
/// unlearned generator that is compared with it.
public struct JudgedSample: Sendable {
  /// What was judged, for messages.
  public let source: String
  /// The network of the judge.
  public let judgeName: String
  /// What the judge says of each picture, in host memory.
  public let judgement: Judgement
  /// The features of other extractors by their identities, `[N, F]` each, in host memory.
  private let otherFeatures: [String: Tensor]
  /// The first pictures, `uint8`, in host memory; nil where none was to be kept.
  private let keptPictures: Tensor?

  /// How many pictures.
  public var count: Int { judgement.count }
  /// The judge's features, `[N, F]`, in host memory.
  public var features: Tensor { judgement.features }
  /// How many pictures show each class or attribute.
  public var conceptCounts: ConceptCounts { ConceptCounts(of: judgement) }
  /// How many pictures show at least one of several concepts.
  ///
  /// - Parameter concepts: such as the judge knows.
  /// - Returns: in 0 to ``count``.
  public func count(ofAny concepts: [Concept]) -> Int {
    judgement.shows(anyOf: concepts).count { $0 }
  }
  /// How sure the judge is of what it says, on average.
  public var meanConfidence: Double {
    judgement.confidences.reduce(0, +) / Double(max(1, count))
  }

  /// What a judge says of a run's pictures.
  ///
  /// - Parameters:
  ///   - run: the pictures.
  ///   - judge: who says what they show.
  ///   - extractors: others whose features are wanted, one of each identity; unless given, those that
  ///     ``Metrics/all`` compare.
  ///   - keptPictureCount: of how many pictures, the first ones, bytes are kept.
  ///   - progress: called with the number judged so far; may throw to stop.
  /// - Throws: ``EvaluationError/notFinite(of:)`` if a picture is not made of numbers; what
  ///   `progress` throws.
  public init(
    of run: SampleRun, judge: Judge,
    extractors: [any FeatureExtractor] = Metrics.all.flatMap(\.extractors),
    keptPictureCount: Int = 0, progress: (Int) throws -> Void = { _ in }
  ) throws {
    self = try Self.ofEach(
      [judge], run: run, extractors: extractors, keptPictureCount: keptPictureCount,
      progress: progress)[0]
  }

  /// What several judges say of a run's pictures, which are made once.
  ///
  /// - Parameters:
  ///   - judges: who says what they show.
  ///   - run: the pictures.
  ///   - extractors: others whose features are wanted, one of each identity.
  ///   - keptPictureCount: of how many pictures, the first ones, bytes are kept.
  ///   - progress: called with the number judged so far; may throw to stop.
  /// - Returns: a sample for each judge.
  /// - Throws: as ``init(of:judge:extractors:keptPictureCount:progress:)``.
  public static func ofEach(
    _ judges: [Judge], run: SampleRun, extractors: [any FeatureExtractor] = [],
    keptPictureCount: Int = 0, progress: (Int) throws -> Void = { _ in }
  ) throws -> [JudgedSample] {
    let judging = judges.map(JudgingObserver.init)
    let extracting = Dictionary(extractors.map { ($0.identity, FeatureObserver($0)) }) { first, _ in
      first
    }
    let keeper = PictureKeeper(atMost: keptPictureCount)
    try run.show(to: judging + Array(extracting.values) + [keeper], progress: progress)
    return zip(judges, judging).map { judge, observer in
      JudgedSample(
        source: run.source, judgeName: judge.classifier.name, judgement: observer.judgement,
        otherFeatures: extracting.mapValues(\.features), keptPictures: keeper.pictures)
    }
  }

  private init(
    source: String, judgeName: String, judgement: Judgement, otherFeatures: [String: Tensor],
    keptPictures: Tensor?
  ) {
    self.source = source
    self.judgeName = judgeName
    self.judgement = judgement
    self.otherFeatures = otherFeatures
    self.keptPictures = keptPictures
  }

  /// The features of an extractor that has seen the pictures.
  ///
  /// - Parameter extractor: one that the sample was made with.
  /// - Returns: `[N, F]`, in host memory.
  /// - Precondition: it has seen them.
  public func features(of extractor: any FeatureExtractor) -> Tensor {
    guard let features = otherFeatures[extractor.identity] else {
      preconditionFailure("\(extractor.name) has not seen the pictures of \(source)")
    }
    return features
  }

  /// The first pictures, as a picture file holds them.
  ///
  /// - Parameter count: how many are wanted; all of them where there are fewer.
  /// - Returns: `uint8`, `[min(count, N), C, H, W]`, in host memory.
  /// - Precondition: the sample was made to keep so many, and some are wanted.
  public func pictures(first count: Int) -> Tensor {
    let wanted = min(count, self.count)
    guard wanted > 0, let keptPictures, keptPictures.shape[0] >= wanted else {
      preconditionFailure(
        "\(wanted) pictures of \(source), of which \(keptPictures?.shape[0] ?? 0) were kept")
    }
    return keptPictures.sliced(0..<wanted)
  }

  /// The first of these pictures: the sample that fewer latents of the same list would have given.
  ///
  /// - Parameter count: how many, at most all.
  /// - Returns: their sample.
  public func first(_ count: Int) -> JudgedSample {
    JudgedSample(
      source: source, judgeName: judgeName, judgement: judgement.first(count),
      otherFeatures: otherFeatures.mapValues { $0.sliced(0..<count) },
      keptPictures: keptPictures.map { $0.sliced(0..<min(count, $0.shape[0])) })
  }

  /// Where a picture of several samples lies.
  struct Place {
    /// Which sample.
    let part: Int
    /// Which of its pictures.
    let index: Int
  }

  /// Pictures of several samples as one.
  ///
  /// - Parameters:
  ///   - places: of the pictures, in the order to have.
  ///   - parts: of one judge and the same extractors; each has kept bytes of its own pictures among the
  ///     first ones that the first sample has kept.
  /// - Returns: their sample.
  static func gathered(_ places: [Place], from parts: [JudgedSample]) -> JudgedSample {
    func gathered(_ tensors: [Tensor], _ places: some Collection<Place>) -> Tensor {
      let starts = tensors.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.shape[0]) }
      return Tensor.concatenated(tensors).gathered(places.map { starts[$0.part] + $0.index })
    }
    let judgements = parts.map(\.judgement)
    let first = parts[0]
    return JudgedSample(
      source: first.source, judgeName: first.judgeName,
      judgement: Judgement(
        labels: first.judgement.labels,
        probabilities: gathered(judgements.map(\.probabilities), places),
        features: gathered(judgements.map(\.features), places)),
      otherFeatures: Dictionary(
        uniqueKeysWithValues: first.otherFeatures.keys.map { name in
          (name, gathered(parts.compactMap { $0.otherFeatures[name] }, places))
        }),
      keptPictures: first.keptPictures.map { kept in
        gathered(parts.compactMap(\.keptPictures), places.prefix(kept.shape[0]))
      })
  }

  /// The features' mean and covariance.
  ///
  /// - Parameter excluded: concepts whose pictures are left out.
  /// - Returns: what a Fréchet distance needs.
  public func statistics(without excluded: [Concept] = []) -> FrechetStatistics {
    guard !excluded.isEmpty else {
      return FrechetStatistics(of: features, source: "the pictures of \(source)")
    }
    let names = excluded.map { "\($0)" }.joined(separator: ", ")
    var result = FrechetStatistics(
      width: features.shape[1], source: "the pictures of \(source) without \(names)")
    let isExcluded = judgement.shows(anyOf: excluded)
    let kept = isExcluded.indices.filter { !isExcluded[$0] }
    if !kept.isEmpty { result.add(features.gathered(kept)) }
    return result
  }
}
