import Datasets
import Evaluation
import Foundation
import GANs
import Judging
import Records
import Runs
import Torch

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
  /// The range of both GANs' pictures; nil takes what the files record.
  public var pixelRange: PixelRange?
  /// Labelled real data, for distances to it without the class; or none.
  public var data: Dataset?
  /// Pictures of each generator.
  public var samples: Int
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
  ///   - precision: of both generators' convolutions.
  ///   - context: seed, device, observer, cancellation.
  public init(
    _ unlearned: GANFile, original: GANFile, judge: Judge, forgotten className: String,
    pixelRange: PixelRange? = nil, data: Dataset? = nil, samples: Int = LatentList.defaultCount,
    precision: Precision = .fp32, context: ExperimentContext = ExperimentContext()
  ) {
    self.unlearned = unlearned
    self.original = original
    self.judge = judge
    self.className = className
    self.pixelRange = pixelRange
    self.data = data
    self.samples = samples
    self.precision = precision
    self.context = context
  }

  /// Measures both generators on the same latents.
  ///
  /// - Returns: the numbers, and the record of them with everything that they depend on.
  /// - Throws: what refuses the measurement.
  public func run() throws -> (result: UnlearningEvaluation, record: JSON.Object) {
    let forgotten = try judge.concept(named: className)
    try requireSameNetwork()
    let positives = try data.map {
      SampleRun(of: try $0.without(class: $0.classIndex(named: className)))
    }
    let result = try context.observer.during(
      RunTask(.evaluating, label: "evaluate", total: 2 * samples)
    ) { progress in
      try UnlearningEvaluation(
        original: (original.makeGenerator(device: context.device), rangeBefore),
        unlearned: (unlearned.makeGenerator(device: context.device), rangeAfter), judge: judge,
        forgotten: forgotten, latents: LatentList(count: samples, seed: context.seed),
        data: positives, precision: precision, progress: progress)
    }
    return (result, record(result))
  }

  private func requireSameNetwork() throws {
    let (first, second) = (unlearned.configuration, original.configuration)
    guard first.size == second.size, first.latentSize == second.latentSize else {
      throw GANFileError.differentSizes(
        file: unlearned.path, configuration: "\(first)", other: original.path,
        expected: "\(second)")
    }
  }

  // Public checkpoints do not record their range; the unlearned GAN has that of the original.
  private var rangeBefore: PixelRange {
    ModelLocator.pixelRange(
      original, override: pixelRange ?? original.pixelRange ?? unlearned.pixelRange)
  }

  private var rangeAfter: PixelRange {
    ModelLocator.pixelRange(
      unlearned, override: pixelRange ?? unlearned.pixelRange ?? original.pixelRange)
  }

  private func record(_ result: UnlearningEvaluation) -> JSON.Object {
    var record = result.json
    record["pixel_range"] = JSON(rangeAfter.rawValue)
    record["original_pixel_range"] = JSON(rangeBefore.rawValue)
    record["precision"] = JSON(precision.rawValue)
    record["device"] = JSON("\(context.device)")
    record["threads"] = JSON(Torch.threadCount)
    record["version"] = JSON(Release.version)
    return record
  }
}
