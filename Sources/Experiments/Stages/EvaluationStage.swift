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

  /// The real pictures without the concept, judged; nil without real data.
  func positives() throws -> JudgedSample? {
    try data.map {
      context.observer.noteSkipped(of: $0)
      return try seen(SampleRun(of: $0.without(class: $0.classIndex(named: subject.concept.name))))
    }
  }

  /// Measures what an unlearned generator has shown against the original and real positives.
  func measure(
    _ unlearned: JudgedSample, original: JudgedSample, positives: JudgedSample?
  ) throws -> UnlearningEvaluation {
    try UnlearningEvaluation(
      of: Comparison(
        original: original, unlearned: unlearned, latents: latents, forgotten: subject.concept,
        data: positives),
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

  /// Writes grids of the same latents: `original.png`, `adapted.png`, `unlearned.png`.
  func writeGrids(adapted: GANFile?, unlearned: (any GeneratorNetwork)?, into run: RunDirectory)
    throws
  {
    let grid = SampleGrid(subject.file.configuration, seed: context.seed)
    let generators: [(String, (any GeneratorNetwork)?)] = [
      ("original", try subject.file.makeGenerator(device: context.device)),
      ("adapted", try adapted.map { try $0.makeGenerator(device: context.device) }),
      ("unlearned", unlearned),
    ]
    for case (let name, let generator?) in generators {
      try grid.write(generator, to: run.image(name))
    }
  }

  /// Writes metrics.json and report.html.
  func write(
    _ evaluation: UnlearningEvaluation, extra: JSON.Object = [:], snapshot: URL, iteration: Int,
    elapsedSeconds: Double, into run: RunDirectory
  ) throws -> JSON.Object {
    var metrics = evaluation.json
    metrics.merge(extra)
    try run.writeMetrics(
      metrics, samples: samples, seed: context.seed, snapshot: snapshot, iteration: iteration,
      elapsedSeconds: elapsedSeconds)
    try RunReport.write(into: run)
    return try run.readMetrics()
  }
}
