import Datasets
import Evaluation
import Foundation
import GANs
import Judging
import Records
import Runs
import Torch
import Unlearning

/// The end of a run: numbers, pictures on the same latents, the page.
struct EvaluationStage {
  let subject: Subject
  let context: ExperimentContext
  /// How many latents are judged.
  var samples: Int
  /// Real data, or none.
  let data: Dataset?
  /// What is measured.
  var metrics: [any Metric] = Metrics.all

  private var latents: LatentList { LatentList(count: samples, seed: context.seed) }

  /// The generator of a snapshot, as whoever reads the file sees it.
  func generator(of trained: Trained) throws -> any GeneratorNetwork {
    try GANFile.read(
      trained.snapshot.file, as: [subject.file.configuration.architecture]
    ).makeGenerator(device: context.device)
  }

  /// Judges a generator, showing progress.
  func judged(_ generator: any GeneratorNetwork, name: String) throws -> JudgedSample {
    try context.judged(
      SampleRun(of: generator, latents: latents, source: "the \(name) generator"), name: name,
      by: subject.judge, extractors: metrics.flatMap(\.extractors),
      keptPictureCount: metrics.map(\.keptPictureCount).max() ?? 0)
  }

  /// The original generator's sample, which every comparison needs.
  func original() throws -> JudgedSample {
    try judged(subject.file.makeGenerator(device: context.device), name: "original")
  }

  /// The real pictures without the concepts, judged; nil without real data.
  func positives() throws -> JudgedSample? {
    try data.map { data in
      context.observer.noteSkipped(of: data)
      let positives = try data.without(subject.concepts, before: subject.forgottenBefore())
      return try context.judged(
        SampleRun(of: positives), name: "real pictures", by: subject.judge,
        extractors: metrics.flatMap(\.dataExtractors))
    }
  }

  /// What every result is compared with: judged before the training whose end could not be measured.
  ///
  /// - Returns: what the original shows, and the real positives.
  /// - Throws: `EvaluationError` if the original shows none of the concept, or too little else.
  func baseline() throws -> Baseline {
    let baseline = Baseline(original: try original(), positives: try positives())
    _ = try measure(baseline.original, against: baseline)
    return baseline
  }

  /// What results are compared with.
  struct Baseline {
    /// What the original generator shows.
    let original: JudgedSample
    /// What real pictures without the concept show; nil without real data.
    let positives: JudgedSample?

    /// The same of the first latents.
    func first(_ count: Int) -> Baseline {
      Baseline(original: original.first(count), positives: positives)
    }
  }

  /// Measures what an unlearned generator has shown against the original and real positives.
  func measure(
    _ unlearned: JudgedSample, against baseline: Baseline
  ) throws -> UnlearningEvaluation {
    try UnlearningEvaluation(
      of: Comparison(
        original: baseline.original, unlearned: unlearned, latents: latents,
        forgotten: subject.concepts, forgottenBefore: subject.forgottenBefore(),
        data: baseline.positives),
      metrics: metrics)
  }

  /// Writes grids of the same latents: `original.png`, `adapted.png`, `unlearned.png`; and grids of
  /// latents of the evaluation that showed the concept, or did not, before and after.
  func writeGrids(
    adapted: GANFile?, unlearned: any GeneratorNetwork, against baseline: Baseline,
    into run: RunDirectory
  ) throws {
    let original = try subject.file.makeGenerator(device: context.device)
    let grid = SampleGrid(subject.file.configuration, seed: context.seed)
    let generators: [(String, (any GeneratorNetwork)?)] = [
      ("original", original),
      ("adapted", try adapted.map { try $0.makeGenerator(device: context.device) }),
      ("unlearned", unlearned),
    ]
    for case (let name, let generator?) in generators {
      try requireWanted(name)
      try grid.write(generator, to: run.image(name))
    }

    let shows = baseline.original.judgement.shows(anyOf: subject.concepts)
    for (name, isShown) in [("negatives", true), ("others", false)] {
      let indices = Array(
        shows.indices.filter { shows[$0] == isShown }.prefix(Self.comparedLatents))
      guard !indices.isEmpty else { continue }
      try requireWanted(name)
      for (time, generator) in [("before", original), ("after", unlearned)] {
        try ImageGrid(columns: 8).write(
          latents.pictures(at: indices, of: generator).to(.cpu), range: generator.pixelRange,
          to: run.image("\(name)-\(time)"))
      }
    }
  }

  private func requireWanted(_ grid: String) throws {
    guard context.cancellation.isRequested else { return }
    throw Cancelled(during: RunTask(.evaluating, label: "\(grid) grid", total: 1), at: 0)
  }

  /// Latents that showed the concept, and as many others, whose pictures are written.
  private static let comparedLatents = 32

  /// What was measured of a snapshot before, as it is asked for now.
  ///
  /// - Parameters:
  ///   - trained: the snapshot.
  ///   - run: the run, which may have been killed after its measurement.
  ///   - fields: what else must be recorded.
  /// - Returns: the numbers; nil if something has to be measured.
  func recorded(
    of trained: Trained, in run: RunDirectory, with fields: [String] = []
  ) -> UnlearningEvaluation? {
    guard let record = try? run.readMetrics(), let former = try? subject.forgottenBefore(),
      takesAllMetrics,
      record["snapshot"]?.string == run.pathInside(trained.snapshot.file),
      record["iteration"] == JSON(trained.snapshot.iteration),
      record[Self.digestField] == data.map({ JSON($0.provenance.digest) }),
      fields.allSatisfy(record.keys.contains),
      !run.isOlder(run.metricsFile, than: trained.snapshot.file)
    else { return nil }
    return UnlearningEvaluation(
      record, forgotten: subject.concepts, before: former,
      latents: latents)
  }

  /// The field of metrics.json that tells which real data were measured against.
  private static let digestField = "data_digest"

  /// Whether exactly Lethe's own metrics are asked for; nothing is recorded of what others compute.
  private var takesAllMetrics: Bool {
    metrics.map { ObjectIdentifier(type(of: $0)) }
      == Metrics.all.map { ObjectIdentifier(type(of: $0)) }
  }

  /// Who has measured, and against which real data: the fields that every metrics.json has.
  var sources: JSON.Object {
    var record: JSON.Object = ["judged_by": subject.judge.record]
    record[Self.digestField] = data.map { JSON($0.provenance.digest) }
    return record
  }

  /// Writes metrics.json.
  func write(
    _ evaluation: UnlearningEvaluation, extra: JSON.Object = [:], of trained: Trained,
    elapsedSeconds: Double, into run: RunDirectory
  ) throws {
    var metrics = evaluation.json
    metrics.merge(extra)
    metrics.merge(sources)
    metrics["parameters_sha256"] = JSON(
      try GANFile.read(
        trained.snapshot.file, as: [subject.file.configuration.architecture]
      ).parametersDigest())
    try run.writeMetrics(
      metrics, samples: samples, seed: context.seed, snapshot: trained.snapshot.file,
      iteration: trained.snapshot.iteration, elapsedSeconds: elapsedSeconds)
  }
}

extension ExperimentContext {
  /// Judges pictures, showing progress.
  ///
  /// - Parameters:
  ///   - run: the pictures.
  ///   - name: what they are, for progress.
  ///   - judge: says what they show.
  ///   - extractors: other networks whose features are wanted.
  ///   - keptPictureCount: of how many pictures, the first ones, bytes are kept.
  /// - Returns: what was seen.
  /// - Throws: `EvaluationError`, `DatasetError`; ``Cancelled``.
  func judged(
    _ run: SampleRun, name: String, by judge: Judge, extractors: [any FeatureExtractor] = [],
    keptPictureCount: Int = 0
  ) throws -> JudgedSample {
    try during(RunTask(.evaluating, label: "judging \(name)", total: run.count)) { progress in
      try JudgedSample(
        of: run, judge: judge, extractors: extractors, keptPictureCount: keptPictureCount,
        progress: progress)
    }
  }
}
