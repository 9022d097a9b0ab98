public import Datasets
public import Evaluation
public import Extractors
public import Foundation
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
  /// The classes that were to be forgotten, as the judge names them; at least one.
  public var classNames: [String]
  /// Labelled real data, for distances to it without the class; or none.
  public var data: Dataset?
  /// Pictures of each generator.
  public var samples: Int
  /// A GAN that was retrained without the class, for distances to its pictures; or none.
  public var retrained: GANFile?
  /// Who keeps back pictures of the unlearned GAN that show what was to be forgotten; or nobody.
  public var filter: LatentFilter?
  /// What is measured, but for the extractors' part.
  public var metrics: [any Metric]
  /// In whose features distributions are compared, beside the judge's; no two of one name.
  public var extractors: [FileFeatureExtractor] = []
  /// Statistics of real pictures without the class, of the only extractor, in place of the pictures.
  public var statistics: ReferenceStatistics?
  /// Where the statistics of the real pictures go, of the only extractor; nowhere unless said otherwise.
  public var statisticsFile: URL?
  /// By which distance pictures before and after are compared; nil for none.
  public var distance: LPIPS?
  /// Pairs of pictures for the path lengths of both generators; nil measures none.
  public var pathPairs: Int?
  /// The precision of both generators' convolutions.
  public var precision: Precision
  /// Seed, device, observer, cancellation.
  public var context: ExperimentContext
  /// Whether two GANs are compared although their records say that one does not come from the other, or
  /// was to forget something else.
  public var acceptsMismatch = false

  /// An evaluation.
  ///
  /// - Parameters:
  ///   - unlearned: the unlearned GAN.
  ///   - original: the GAN before.
  ///   - judge: who says what pictures show.
  ///   - classNames: the classes that were to be forgotten; at least one.
  ///   - pixelRange: the range of both GANs' pictures; nil takes what the files record.
  ///   - data: labelled real data, or none.
  ///   - samples: pictures of each generator.
  ///   - metrics: what is measured.
  ///   - precision: of both generators' convolutions.
  ///   - context: seed, device, observer, cancellation.
  public init(
    _ unlearned: GANFile, original: GANFile, judge: Judge, forgotten classNames: [String],
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
    self.classNames = classNames
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
    let forgotten = try judge.labels.concepts(named: classNames)
    try unlearned.configuration.requireSamePictures(
      as: original.configuration, subject: unlearned.path, reference: original.path)
    precondition(filter == nil || pathPairs == nil, "a filter of the ways between pictures")
    // A filter may stand before the original itself.
    if !acceptsMismatch, try filter == nil || !isOriginal {
      try LineageCheck.require(unlearned, unlearnedFrom: original, forgetting: forgotten)
    }
    let before = try Lineage(of: unlearned).forgottenConcepts(
      knownTo: judge.labels, except: forgotten)
    let positives = try data.map {
      context.observer.noteSkipped(of: $0)
      return SampleRun(of: try $0.without(forgotten, before: before))
    }
    try retrained?.configuration.requireSamePictures(
      as: original.configuration, subject: retrained?.path ?? "", reference: original.path)
    try extractors.requireDifferentNames(beside: judge)
    try requireFitting(statistics)
    precondition(statisticsFile == nil || data != nil, "statistics of no pictures")
    if let statisticsFile, let positives {
      try save(positives, to: statisticsFile)
    }
    let start = ContinuousClock.now
    let total = (retrained == nil ? 2 : 3) * samples
    let result = try context.during(
      RunTask(.evaluating, label: "evaluate", total: total)
    ) { progress in
      try UnlearningEvaluation(
        original: original.makeGenerator(device: context.device),
        unlearned: unlearned.makeGenerator(device: context.device), judge: judge,
        forgotten: forgotten, forgottenBefore: before,
        latents: LatentList(count: samples, seed: context.seed),
        data: positives, retrained: retrained?.makeGenerator(device: context.device),
        filter: filter, metrics: metrics + furtherMetrics, precision: precision, progress: progress)
    }
    let lengths = try pathLengths()
    let whole = UnlearningEvaluation(
      forgotten: result.forgotten, forgottenBefore: result.forgottenBefore,
      latents: result.latents, measurements: result.measurements + lengths)
    var record = try record(whole)
    record["elapsed_seconds"] = JSON((ContinuousClock.now - start) / .seconds(1))
    return (whole, record)
  }

  private var isOriginal: Bool {
    get throws { try unlearned.parametersDigest() == original.parametersDigest() }
  }

  /// What is measured in the extractors' features, and by the distance of pictures.
  private var furtherMetrics: [any Metric] {
    let named = extractors.map { NamedExtractor($0, frechetName: $0.frechetName) }
    var result = Metrics.inFeatures(of: named)
    if let distance { result.append(PerceptualChange(distance: distance)) }
    if let statistics, let extractor = extractors.first {
      result.append(
        StatisticsFrechetDistances(
          extractor: extractor, frechetName: extractor.frechetName,
          reference: FrechetStatistics(
            mean: statistics.mean, covariance: statistics.covariance, count: statistics.count,
            source: statistics.source)))
    }
    return result
  }

  /// Refuses statistics of other features than those of the only extractor.
  private func requireFitting(_ statistics: ReferenceStatistics?) throws {
    guard let statistics else { return }
    guard extractors.count == 1 else {
      throw FeatureExtractorError.notOne(count: extractors.count)
    }
    try statistics.requireFeatures(
      extractors[0].statisticsFeatures, width: extractors[0].featureCount,
      file: statistics.source)
    for note in statistics.notes { context.observer.noted(note) }
  }

  /// Writes the statistics of real pictures in the features of the only extractor.
  private func save(_ positives: SampleRun, to file: URL) throws {
    guard extractors.count == 1 else {
      throw FeatureExtractorError.notOne(count: extractors.count)
    }
    let statistics = try context.during(
      RunTask(.evaluating, label: "statistics of real pictures", total: positives.count)
    ) { progress in
      try FrechetStatistics(of: positives, in: extractors[0], progress: progress)
    }
    try ReferenceStatistics(
      mean: statistics.mean, covariance: statistics.covariance(), count: statistics.count,
      source: positives.source, features: extractors[0].statisticsFeatures
    ).write(to: file)
    context.observer.noted(
      "the statistics of \(statistics.count) real pictures are in \(file.path)")
  }

  /// The path lengths of both generators, by LPIPS where it is given, else by the judge's features.
  private func pathLengths() throws -> [MetricMeasurement] {
    guard let pathPairs else { return [] }
    let ruler: any PictureDistance = distance ?? FeatureDistance(of: judge.classifier)
    return try [(unlearned, "unlearned"), (original, "original")].map { file, name in
      let generator = try file.makeGenerator(device: context.device)
      var result = try context.during(
        RunTask(.evaluating, label: "path length, \(name)", total: pathPairs)
      ) { progress in
        try PerceptualPathLength(
          of: generator, distance: ruler, pairCount: pathPairs, seed: context.seed,
          source: "the \(name) generator", progress: progress
        ).measurement
      }
      if name == "original" {
        result.key = MetricKey(
          "original_\(result.key.name)", title: "\(result.key.title) of the original",
          unit: result.key.unit)
      }
      return result
    }
  }

  private func record(_ result: UnlearningEvaluation) throws -> JSON.Object {
    var record = result.json
    record["judged_by"] = judge.record
    record["pixel_range"] = JSON(unlearned.pixelRange.rawValue)
    record["original_pixel_range"] = JSON(original.pixelRange.rawValue)
    record["precision"] = JSON(precision.rawValue)
    record["device"] = JSON("\(context.device)")
    record["threads"] = JSON(Torch.threadCount)
    record["version"] = JSON(Release.version)
    if let filter { record["filtered_by"] = .array(filter.judges.map(\.record)) }
    if !extractors.isEmpty {
      record["extractors"] = .array(extractors.map(\.json))
    }
    record["parameters_sha256"] = JSON(try unlearned.parametersDigest())
    record["original_parameters_sha256"] = JSON(try original.parametersDigest())
    return record
  }
}
