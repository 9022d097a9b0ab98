public import Datasets
public import Evaluation
import Foundation
public import GANs
public import Judging
import Records
public import Runs
public import Torch

/// What a GAN forgot and what it kept, measured without a run.
public struct EvaluationExperiment {
  /// The unlearned GAN.
  public var unlearned: GANFile
  /// The GAN before.
  public var original: GANFile
  /// Who says what pictures show.
  public var judge: Judge
  /// The class that was to be forgotten, as the judge names it.
  public var className: String
  /// Labelled real data, for distances to it without the class; or none.
  public var data: Dataset?
  /// Pictures of each generator.
  public var samples: Int
  /// What is measured.
  public var metrics: [any Metric]
  /// The precision of both generators' convolutions.
  public var precision: Precision
  /// Seed, device, observer, cancellation.
  public var context: ExperimentContext

  /// An evaluation.
  ///
  /// - Parameters:
  ///   - unlearned: the unlearned GAN.
  ///   - original: the GAN before.
  ///   - judge: who says what pictures show.
  ///   - className: the class that was to be forgotten.
  ///   - pixelRange: the range of both GANs' pictures; nil takes what the files record.
  ///   - data: labelled real data, or none.
  ///   - samples: pictures of each generator.
  ///   - metrics: what is measured.
  ///   - precision: of both generators' convolutions.
  ///   - context: seed, device, observer, cancellation.
  public init(
    _ unlearned: GANFile, original: GANFile, judge: Judge, forgotten className: String,
    pixelRange: PixelRange? = nil, data: Dataset? = nil, samples: Int = LatentList.defaultCount,
    metrics: [any Metric] = Metrics.all, precision: Precision = .fp32,
    context: ExperimentContext = ExperimentContext()
  ) {
    self.unlearned = unlearned
    self.original = original
    // Public checkpoints do not record their range: each GAN has the other's then.
    let (before, after) = (original.recordedPixelRange, unlearned.recordedPixelRange)
    if let range = pixelRange ?? before ?? after { self.original.pixelRange = range }
    if let range = pixelRange ?? after ?? before { self.unlearned.pixelRange = range }
    self.judge = judge
    self.className = className
    self.data = data
    self.samples = samples
    self.metrics = metrics
    self.precision = precision
    self.context = context
  }

  /// Measures both generators on the same latents.
  ///
  /// - Returns: the numbers, and the record of them with everything that they depend on.
  /// - Throws: what refuses the measurement.
  public func run() throws -> (result: UnlearningEvaluation, record: JSON.Object) {
    let forgotten = try judge.concept(named: className)
    try unlearned.configuration.requireSamePictures(
      as: original.configuration, subject: unlearned.path, reference: original.path)
    let positives = try data.map {
      context.observer.noteSkipped(of: $0)
      return SampleRun(of: try $0.without(class: $0.classIndex(named: className)))
    }
    let result = try context.during(
      RunTask(.evaluating, label: "evaluate", total: 2 * samples)
    ) { progress in
      try UnlearningEvaluation(
        original: original.makeGenerator(device: context.device),
        unlearned: unlearned.makeGenerator(device: context.device), judge: judge,
        forgotten: forgotten, latents: LatentList(count: samples, seed: context.seed),
        data: positives, metrics: metrics, precision: precision, progress: progress)
    }
    return (result, record(result))
  }

  private func record(_ result: UnlearningEvaluation) -> JSON.Object {
    var record = result.json
    record["pixel_range"] = JSON(unlearned.pixelRange.rawValue)
    record["original_pixel_range"] = JSON(original.pixelRange.rawValue)
    record["precision"] = JSON(precision.rawValue)
    record["device"] = JSON("\(context.device)")
    record["threads"] = JSON(Torch.threadCount)
    record["version"] = JSON(Release.version)
    return record
  }
}
