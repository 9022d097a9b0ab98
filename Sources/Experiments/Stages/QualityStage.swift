import Datasets
import Evaluation
import Foundation
import GANs
import Judging
import Records
import Runs
import Torch

/// How good the moving average is at the planned snapshots of a training: the course that
/// metrics.json records.
///
/// Every planned snapshot is measured once, before training goes on. One that a killed process, or
/// one that was asked to stop, did not come to is measured when the run goes on. Nothing here draws
/// from the training's random numbers.
final class QualityStage {
  private let judging: SnapshotJudging
  private let data: Dataset
  private let latents: LatentList
  /// What the judge sees of the training data, which all snapshots are compared with.
  private var reference: FrechetStatistics?
  private var course: [QualityPoint] = []

  /// A stage that has measured nothing yet.
  ///
  /// - Parameters:
  ///   - judging: who judges how much.
  ///   - data: what is trained on.
  ///   - seed: the run's.
  init(_ judging: SnapshotJudging, data: Dataset, seed: UInt64) {
    self.judging = judging
    self.data = data
    latents = LatentList(count: judging.samples, seed: seed)
  }

  /// Judges the training data, and so refuses before training what could not be measured.
  ///
  /// - Throws: `EvaluationError`, `DatasetError`; ``Cancelled``.
  func prepare(_ context: ExperimentContext) throws {
    _ = try statistics(context).covariance()
  }

  private func statistics(_ context: ExperimentContext) throws -> FrechetStatistics {
    if let reference { return reference }
    let random = RandomGenerator(seed: latents.seed).split("training pictures to judge")
    let pictures = data.drawn(atMost: judging.samples, using: random)
    let result = try context.judged(
      SampleRun(of: pictures), name: "training pictures", by: judging.judge
    ).statistics()
    reference = result
    return result
  }

  /// Takes over what a former process has measured, as far as the run goes on from it, and measures
  /// the snapshot that it goes on from if nobody has.
  ///
  /// - Parameter session: the run's training.
  /// - Throws: what measuring or the disk refuses; ``Cancelled``.
  func goOn(in session: TrainingSession<GANTrainer>) throws {
    guard let found = session.found else { return try session.run.folder.removeMetrics() }
    let (run, snapshot) = (session.run, found.snapshot)
    let trained = Trained(snapshot: snapshot, seconds: run.former?.seconds ?? 0)
    var former: [QualityPoint] = []
    do {
      former = QualityPoint.course(of: try run.folder.readMetrics())
    } catch {
      run.context.observer.noted("\(error); what it says of earlier snapshots is lost")
    }
    course = former.filter { $0.iteration <= snapshot.iteration }
    if course != former { try write(of: trained, in: run) }
    guard session.startsFromPlanned,
      course.last?.iteration != snapshot.iteration
    else { return }
    try measure(found.content.makeGenerator(device: run.context.device), of: trained, in: run)
  }

  /// Measures a generator, and records it.
  ///
  /// - Parameters:
  ///   - generator: the moving average.
  ///   - trained: the snapshot that holds it.
  ///   - run: the run.
  /// - Throws: what measuring or the disk refuses; ``Cancelled``.
  func measure(
    _ generator: any GeneratorNetwork, of trained: Trained, in run: RunInProgress
  ) throws {
    let data = try statistics(run.context)
    let iteration = trained.snapshot.iteration
    let sample = try run.context.judged(
      SampleRun(of: generator, latents: latents, source: "the generator at iteration \(iteration)"),
      name: "iteration \(iteration)", by: judging.judge)
    course.append(
      QualityPoint(
        iteration: iteration,
        measurements: try GeneratorQuality.measure(sample, of: latents, against: data)))
    try write(of: trained, in: run)
  }

  /// Writes metrics.json: the course, and its last point as every run records what it measured.
  private func write(of trained: Trained, in run: RunInProgress) throws {
    guard let last = course.last else { return try run.folder.removeMetrics() }
    var metrics = JSON.Object()
    metrics.add(last.measurements)
    metrics["warnings"] = JSON(last.measurements.compactMap(\.warning))
    metrics["judged_by"] = judging.judge.record
    metrics["data_digest"] = JSON(data.provenance.digest)
    metrics[QualityPoint.courseField] = .array(course.map(\.json))
    try run.folder.writeMetrics(
      metrics, samples: latents.count, seed: latents.seed,
      snapshot: run.folder.snapshotFile(iteration: last.iteration), iteration: last.iteration,
      elapsedSeconds: trained.seconds)
  }
}
