import Classifiers
import Datasets
import GANs
import Torch

/// What a judge says of many pictures: all that the metrics need, without the pictures.
///
/// One pass over a generator serves every metric, and one sample of the original serves every
/// unlearned generator that is compared with it.
public struct JudgedSample: Sendable {
  /// What was judged, for messages.
  public let source: String
  /// The judge's class names, by index.
  public let classNames: [String]
  /// The likeliest class of each picture.
  public let classes: [Int]
  /// The probability of that class.
  public let confidences: [Double]
  /// `[N, featureCount]`, in host memory.
  public let features: Tensor

  /// How many pictures.
  public var count: Int { classes.count }
  /// The mean probability of the likeliest classes.
  public var meanConfidence: Double { confidences.reduce(0, +) / Double(max(1, count)) }

  /// A sample of a generator.
  ///
  /// - Parameters:
  ///   - generator: whose pictures are judged.
  ///   - pixelRange: the range of its pictures.
  ///   - latents: what they are made of.
  ///   - judge: who says what they show.
  ///   - source: what to call them in an error.
  ///   - precision: of the generator's convolutions.
  ///   - progress: called with the number judged so far; may throw to stop.
  /// - Throws: ``EvaluationError/notFinite(of:)`` if a picture is not made of numbers; what
  ///   `progress` throws.
  public init(
    of generator: any GeneratorNetwork, pixelRange: PixelRange, latents: LatentList, judge: Judge,
    source: String = "the generator", precision: Precision = .fp32,
    progress: (Int) throws -> Void = { _ in }
  ) throws {
    let (configuration, device) = (generator.configuration, generator.parameters.device)
    let pixels = configuration.size * configuration.size
    // Batches that are drawn and judged together, and pictures of them that memory holds at a time.
    let together = max(1, min(8, 8 * 32 * 32 / pixels))
    let atOnce = max(4, 64 * 256 * 256 / pixels)
    try self.init(
      source: source, batches: latents.batchCount, judge: judge, progress: progress
    ) { first in
      let batches = Torch.concurrently(min(together, latents.batchCount - first)) {
        latents.batch(first + $0, for: configuration, device: device)
      }
      let z = Tensor.concatenated(batches.map(\.z))
      let noise = configuration.noiseSizes.indices.map { index in
        Tensor.concatenated(batches.map { $0.noise[index] })
      }
      let count = z.shape[0]
      let prepared = try stride(from: 0, to: count, by: atOnce).map { start in
        let range = start..<min(start + atOnce, count)
        let pictures = generator.pictures(
          ofLatents: z.sliced(range), noise: .given(noise.map { $0.sliced(range) }),
          precision: precision)
        guard pictures.isFinite().to(.uint8).min().item() == 1 else {
          throw EvaluationError.notFinite(of: "the pictures of \(source)")
        }
        return judge.prepared(pictures, range: pixelRange)
      }
      return (batches.count, judge.judge(Tensor.concatenated(prepared), in: .zeroToOne))
    }
  }

  /// A data set as the judge sees it.
  ///
  /// - Parameters:
  ///   - dataset: whose pictures are judged, of any size.
  ///   - judge: who says what they show.
  ///   - progress: called with the number judged so far; may throw to stop.
  /// - Throws: what `progress` throws.
  public init(
    of dataset: Dataset, judge: Judge, progress: (Int) throws -> Void = { _ in }
  ) throws {
    let device = judge.network.parameters.device
    let size = 256
    let batches = (dataset.count + size - 1) / size
    try self.init(
      source: dataset.provenance.path, batches: batches, judge: judge, progress: progress
    ) {
      let indices = Array($0 * size..<min(($0 + 1) * size, dataset.count))
      return (1, judge.judge(dataset.batch(indices, range: .zeroToOne).to(device), in: .zeroToOne))
    }
  }

  // `judged` is given the index of a batch, and judges it and as many after it as it says.
  private init(
    source: String, batches: Int, judge: Judge, progress: (Int) throws -> Void,
    judged: (Int) throws -> (batches: Int, verdict: Judge.Verdict)
  ) throws {
    var classes: [Int] = []
    var confidences: [Double] = []
    var features: [Tensor] = []
    var first = 0
    while first < batches {
      let (count, verdict) = try judged(first)
      first += count
      classes += verdict.classes
      confidences += verdict.confidences
      features.append(verdict.features.to(.cpu))
      try progress(classes.count)
    }
    self.init(
      source: source, classNames: judge.classNames, classes: classes, confidences: confidences,
      features: Tensor.concatenated(features))
  }

  private init(
    source: String, classNames: [String], classes: [Int], confidences: [Double], features: Tensor
  ) {
    self.source = source
    self.classNames = classNames
    self.classes = classes
    self.confidences = confidences
    self.features = features
  }

  /// The first of these pictures: the sample that fewer latents of the same list would have given.
  ///
  /// - Parameter count: how many, at most all.
  /// - Returns: their sample.
  public func first(_ count: Int) -> JudgedSample {
    precondition(count <= self.count, "the first \(count) of \(self.count) pictures")
    return JudgedSample(
      source: source, classNames: classNames, classes: Array(classes.prefix(count)),
      confidences: Array(confidences.prefix(count)), features: features.sliced(0..<count))
  }

  /// How many pictures show each class.
  public var histogram: ClassHistogram { ClassHistogram(of: classes, classNames: classNames) }

  /// The features' mean and covariance.
  ///
  /// - Parameter excluded: the index of a class whose pictures are left out.
  /// - Returns: what a Fréchet distance needs.
  public func statistics(without excluded: Int? = nil) -> FrechetStatistics {
    var result = FrechetStatistics(
      width: features.shape[1],
      source: excluded.map { "the pictures of \(source) without class \(classNames[$0])" }
        ?? "the pictures of \(source)")
    let kept = classes.indices.filter { classes[$0] != excluded }
    if !kept.isEmpty { result.add(features.gathered(kept)) }
    return result
  }
}
