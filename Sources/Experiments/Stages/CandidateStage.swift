import Evaluation
import Files
import Foundation
import GANs
import Records
import Runs

/// Looks at generators along an unlearning, keeps the best so far, and chooses in the end.
///
///     snapshots/candidates.json              what was seen, until the choice is made
///     snapshots/candidate-000300.safetensors the best so far that is not the last
///     snapshots/chosen-000300.safetensors    the result, where it is not the last
///
/// Nothing here draws from the training's random numbers, so a run that goes on chooses as one that never stopped.
final class CandidateStage {
  private let choice: SnapshotChoice
  private let stage: EvaluationStage
  private let run: RunInProgress
  private let total: Int
  private let baseline: () throws -> EvaluationStage.Baseline
  private var seen: [SnapshotChoice.Candidate] = []

  private static let candidateKind = "candidate"
  static let chosenKind = "chosen"

  private var record: URL { run.folder.snapshotsFolder.appending(path: "candidates.json") }

  /// A stage that takes over what a former process has seen, as far as the run goes on from it; what that has
  /// chosen is no result any more if training goes on.
  ///
  /// - Parameters:
  ///   - choice: how to choose.
  ///   - stage: measures.
  ///   - session: the training.
  ///   - baseline: what generators are compared with.
  init(
    _ choice: SnapshotChoice, stage: EvaluationStage, of session: TrainingSession<GANTrainer>,
    baseline: @escaping () throws -> EvaluationStage.Baseline
  ) {
    self.choice = choice
    self.stage = stage
    run = session.run
    total = session.plan.iterations
    self.baseline = baseline
    let former = (try? JSON(contentsOf: record))?.array?.compactMap(SnapshotChoice.Candidate.init)
    seen = (former ?? []).filter { $0.iteration <= session.iteration }
    guard session.iteration < session.total else { return }
    for snapshot in run.folder.snapshots(kind: Self.candidateKind)
    where snapshot.iteration > session.iteration { remove(Self.candidateKind, snapshot.iteration) }
    for snapshot in run.folder.snapshots(kind: Self.chosenKind) {
      remove(Self.chosenKind, snapshot.iteration)
    }
  }

  /// Whether a generator is looked at before training goes on.
  func isDue(_ iteration: Int) -> Bool {
    choice.isDue(iteration, of: total) && seen.last?.iteration ?? 0 < iteration
  }

  /// Looks at the generator as it is, and keeps it if it is the best so far.
  func look(at trainer: GANTrainer) throws {
    let (iteration, former) = (trainer.iteration, seen)
    seen.append(try measured(trainer.model.generatorEMA, iteration, on: choice.samples))
    if choice.best(of: seen).iteration == iteration {
      let copy = try trainer.copied(in: run.context, run: run.folder.root.lastPathComponent)
      try copy.write(
        run.folder.snapshotFile(iteration: iteration, kind: Self.candidateKind))
      for earlier in former { remove(Self.candidateKind, earlier.iteration) }
    }
    try JSON.array(seen.map(\.json)).write(to: record)
  }

  /// The result of the training.
  ///
  /// - Parameter trained: the last snapshot.
  /// - Returns: that one or an earlier one, and what metrics.json says of the choice; nil where there was none.
  /// - Throws: what measuring or the disk refuses; ``Cancelled``.
  func chosen(_ trained: Trained) throws -> (trained: Trained, record: JSON?) {
    let last = trained.snapshot.iteration
    if let earlier = try formerChoice(last) {
      return (Trained(snapshot: earlier.snapshot, seconds: trained.seconds), earlier.record)
    }
    guard !seen.isEmpty else { return (trained, nil) }
    let end = try measured(stage.generator(of: trained), last, on: choice.samples)
    let looks = seen.filter { $0.iteration < last } + [end]
    var (best, finals) = (choice.best(of: looks), [SnapshotChoice.Candidate]())
    let file = run.folder.snapshotFile(iteration: best.iteration, kind: Self.candidateKind)
    if best.iteration != last, FileManager.default.fileExists(atPath: file.path) {
      let candidate = Trained(
        snapshot: RunDirectory.Snapshot(iteration: best.iteration, file: file),
        seconds: trained.seconds)
      finals = [
        try measured(stage.generator(of: candidate), best.iteration, on: stage.samples),
        try measured(stage.generator(of: trained), last, on: stage.samples),
      ]
      best = choice.best(of: finals)
    } else {
      best = end
    }
    var record: JSON.Object = [
      "rule": .string(choice.rule), "iteration": .integer(best.iteration),
      "last_iteration": .integer(last), "looks": .array(looks.map(\.json)),
    ]
    if !finals.isEmpty { record["measured"] = .array(finals.map(\.json)) }
    defer {
      for look in looks { remove(Self.candidateKind, look.iteration) }
      unlink(self.record.path)
    }
    guard best.iteration != last else { return (trained, .object(record)) }
    let result = run.folder.snapshotFile(iteration: best.iteration, kind: Self.chosenKind)
    guard rename(file.path, result.path) == 0 else {
      throw RunError.cannotWrite(path: result.path, reason: String(cString: strerror(errno)))
    }
    run.context.observer.noted(
      "iteration \(best.iteration) of \(last) is the result: \(choice.rule)")
    let snapshot = RunDirectory.Snapshot(iteration: best.iteration, file: result)
    return (Trained(snapshot: snapshot, seconds: trained.seconds), .object(record))
  }

  /// The choice that a former process has made and measured, if training has not gone on since.
  private func formerChoice(
    _ last: Int
  ) throws -> (snapshot: RunDirectory.Snapshot, record: JSON)? {
    let chosen = run.folder.snapshots(kind: Self.chosenKind)
    guard let newest = chosen.last, let metrics = try? run.folder.readMetrics(),
      let record = metrics[JSON.Object.choiceField], record["last_iteration"]?.integer == last,
      record["iteration"]?.integer == newest.iteration
    else {
      // Of a choice that was not measured, or of a training that has gone on since.
      for snapshot in chosen { remove(Self.chosenKind, snapshot.iteration) }
      return nil
    }
    return (newest, record)
  }

  private func measured(
    _ generator: any GeneratorNetwork, _ iteration: Int, on count: Int
  ) throws -> SnapshotChoice.Candidate {
    var part = stage
    part.samples = min(count, stage.samples)
    part.metrics = [UnlearningPercentageMetric(), FrechetDistances()]
    let result = try part.measure(
      part.judged(generator, name: "iteration \(iteration)"),
      against: baseline().first(part.samples))
    guard let pul = result.number(.pul),
      let frechet = result.number(.frechetToOriginalPositives)
    else { preconditionFailure("a measurement without PUL and distance") }
    return SnapshotChoice.Candidate(
      iteration: iteration, pul: pul, frechet: frechet, samples: part.samples)
  }

  private func remove(_ kind: String, _ iteration: Int) {
    unlink(run.folder.snapshotFile(iteration: iteration, kind: kind).path)
  }
}
