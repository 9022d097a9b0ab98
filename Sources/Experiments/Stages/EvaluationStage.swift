import Datasets
import Evaluation
import Foundation
import GANs
import Judging
import Records
import Reports
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

  /// Judges a generator, showing progress.
  func judged(_ generator: any GeneratorNetwork, name: String) throws -> JudgedSample {
    try context.observer.during(
      RunTask(.evaluating, label: "judging \(name)", total: samples)
    ) { progress in
      try seen(
        SampleRun(of: generator, latents: latents, source: "the \(name) generator"),
        progress: progress)
    }
  }

  /// The original generator's sample, which every comparison needs.
  func original() throws -> JudgedSample {
    try judged(subject.file.makeGenerator(device: context.device), name: "original")
  }

  /// The real pictures without the concepts, judged; nil without real data.
  func positives() throws -> JudgedSample? {
    try data.map {
      context.observer.noteSkipped(of: $0)
      return try seen(
        SampleRun(of: $0.without([subject.concept], before: subject.forgottenBefore())))
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
        forgotten: [subject.concept], forgottenBefore: subject.forgottenBefore(),
        data: baseline.positives),
      metrics: metrics)
  }

  /// What the judge and the metrics' extractors see of some pictures.
  private func seen(
    _ run: SampleRun, progress: (Int) throws -> Void = { _ in }
  ) throws -> JudgedSample {
    try JudgedSample(
      of: run, judge: subject.judge, extractors: metrics.flatMap(\.extractors),
      progress: progress)
  }

  /// Writes grids of the same latents: `original.png`, `adapted.png`, `unlearned.png`; and grids of
  /// latents of the evaluation that showed the concept, or did not, before and after.
  func writeGrids(
    adapted: GANFile?, unlearned: any GeneratorNetwork, against baseline: Baseline,
    into run: RunDirectory
  ) throws {
    let original = try subject.file.makeGenerator(device: context.device)
    let grid = SampleGrid(subject.file.configuration, seed: context.seed)
    try grid.write(original, to: run.image("original"))
    if let adapted {
      try grid.write(adapted.makeGenerator(device: context.device), to: run.image("adapted"))
    }
    try grid.write(unlearned, to: run.image("unlearned"))

    let shows = baseline.original.judgement.shows(subject.concept)
    for (name, isShown) in [("negatives", true), ("others", false)] {
      let indices = Array(
        shows.indices.filter { shows[$0] == isShown }.prefix(Self.comparedLatents))
      guard !indices.isEmpty else { continue }
      for (time, generator) in [("before", original), ("after", unlearned)] {
        try ImageGrid(columns: 8).write(
          latents.pictures(at: indices, of: generator).to(.cpu), range: generator.pixelRange,
          to: run.image("\(name)-\(time)"))
      }
    }
  }

  /// Latents that showed the concept, and as many others, whose pictures are written.
  private static let comparedLatents = 32

  /// Writes metrics.json and report.html.
  func write(
    _ evaluation: UnlearningEvaluation, extra: JSON.Object = [:], snapshot: URL, iteration: Int,
    elapsedSeconds: Double, into run: RunDirectory
  ) throws -> JSON.Object {
    var metrics = evaluation.json
    metrics["judged_by"] = subject.judge.record
    metrics.merge(extra)
    try run.writeMetrics(
      metrics, samples: samples, seed: context.seed, snapshot: snapshot, iteration: iteration,
      elapsedSeconds: elapsedSeconds)
    try RunReport.write(into: run)
    return try run.readMetrics()
  }
}
