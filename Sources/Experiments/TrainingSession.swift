import Files
import Foundation
import GANs
import Records
import Runs
import Torch

/// What a session shall train.
struct TrainingPlan {
  /// Its name among others of its run.
  var label: String
  /// The last iteration.
  var iterations: Int
  /// How often snapshots are written.
  var snapshots: SnapshotPolicy
  /// The first word of the snapshots' names.
  var kind = "snapshot"
  /// The iterations of sessions before this one in the same folder.
  var offset = 0
  /// Whether the grid of each planned snapshot stays, under its iteration.
  var numbersGrids = false
  /// Whether its statistics have a file of their own, since those of a training beside it come first.
  var separatesStats = false
  /// Whether snapshots come with a grid; a training beside it may be the one that shows.
  var writesGrids = true

  /// Whether an iteration has a snapshot of its own, not only because the run was stopped there.
  ///
  /// - Parameters:
  ///   - iteration: which one.
  ///   - skipped: by how many iterations training ends before the last one.
  /// - Returns: whether it is a multiple of the interval, or the end.
  func isPlanned(_ iteration: Int, skipping skipped: Int) -> Bool {
    iteration % snapshots.every == 0 || iteration == iterations - skipped
  }
}

/// What a training has come to.
struct Trained {
  /// The last snapshot.
  let snapshot: RunDirectory.Snapshot
  /// Seconds spent training, those before a resume included.
  let seconds: Double
}

/// One training from its first iteration, or from a snapshot, to its last: statistics, snapshots,
/// grids, progress, and a good end when it is cancelled.
final class TrainingSession<Trainer: SessionTrainer> {
  /// The run.
  let run: RunInProgress
  /// What trains; nil if everything is trained already.
  private let trainer: Trainer?
  /// What it shall train.
  let plan: TrainingPlan
  /// The snapshot that it goes on from; nil for a start.
  let found: FoundSnapshot<Trainer.Snapshot>?
  private let context: ExperimentContext
  private let folder: RunDirectory
  private var startSeconds = 0.0
  private let secondsBefore: Double

  /// Prepares a run of one training: everything that can be refused is refused here, with nothing
  /// changed on disk.
  ///
  /// - Parameters:
  ///   - description: what the run is.
  ///   - destination: where it goes.
  ///   - context: seed, device, observer, cancellation.
  ///   - plan: what is trained.
  ///   - read: reads a snapshot, and throws if it is damaged.
  ///   - makeTrainer: makes the trainer as it is at iteration 0.
  /// - Throws: what refuses the run.
  convenience init(
    _ description: RunDescription, destination: RunDestination, context: ExperimentContext,
    plan: TrainingPlan, read: (URL) throws -> Trainer.Snapshot, makeTrainer: () throws -> Trainer
  ) throws {
    guard let former = try destination.former(description, context) else {
      let trainer = try makeTrainer()
      self.init(
        in: try destination.create(description, context), plan: plan, trainer: trainer, from: nil)
      return
    }
    let found = try former.newestSnapshot(kind: plan.kind, read)
    if let iteration = found?.snapshot.iteration, iteration > plan.iterations {
      throw ResumeError.furtherThanAsked(
        path: former.folder.root.path, iteration: iteration, asked: plan.iterations)
    }
    let trainer = try former.before { try Self.trainer(plan, from: found, makeTrainer) }
    self.init(
      in: try former.goOn(fromIteration: found?.snapshot.iteration ?? 0), plan: plan,
      trainer: trainer, from: found)
  }

  /// A session in a run that is open.
  ///
  /// - Parameters:
  ///   - run: the run.
  ///   - plan: what is trained.
  ///   - found: the snapshot that it goes on from; nil for a start.
  ///   - context: the run's, unless it goes on beside others.
  ///   - makeTrainer: makes the trainer as it is at iteration 0, if there is something to train.
  /// - Throws: what refuses the training.
  convenience init(
    in run: RunInProgress, plan: TrainingPlan, from found: FoundSnapshot<Trainer.Snapshot>?,
    context: ExperimentContext? = nil, makeTrainer: () throws -> Trainer
  ) throws {
    self.init(
      in: run, plan: plan, trainer: try Self.trainer(plan, from: found, makeTrainer),
      from: found, context: context)
  }

  private init(
    in run: RunInProgress, plan: TrainingPlan, trainer: Trainer?,
    from found: FoundSnapshot<Trainer.Snapshot>?, context: ExperimentContext? = nil
  ) {
    self.run = run
    self.plan = plan
    self.trainer = trainer
    self.found = found
    self.context = context ?? run.context
    folder = run.folder
    secondsBefore = run.trainedSeconds
  }

  /// The iterations that are done: those of the snapshot that it goes on from, before it trains.
  var iteration: Int { trainer?.iteration ?? found?.snapshot.iteration ?? 0 }

  /// The iterations that it ends at.
  var total: Int {
    plan.iterations - (trainer?.skippedIterations ?? Self.skipped(found))
  }

  /// Whether the snapshot that it goes on from is one that was planned.
  var startsFromPlanned: Bool {
    found.map { plan.isPlanned($0.snapshot.iteration, skipping: Self.skipped($0)) } ?? false
  }

  /// Iterations that a snapshot says are skipped; 0 without one.
  private static func skipped(_ found: FoundSnapshot<Trainer.Snapshot>?) -> Int {
    found.map { Trainer.skippedIterations(in: $0.content) } ?? 0
  }

  /// The trainer where the snapshot was taken; nil if that was the last iteration.
  private static func trainer(
    _ plan: TrainingPlan, from found: FoundSnapshot<Trainer.Snapshot>?,
    _ makeTrainer: () throws -> Trainer
  ) throws -> Trainer? {
    if let found, found.snapshot.iteration >= plan.iterations - skipped(found) { return nil }
    let trainer = try makeTrainer()
    if let found { try trainer.restore(found.content) }
    return trainer
  }

  private var elapsedSeconds: Double {
    secondsBefore + Double(DispatchTime.now().uptimeNanoseconds) / 1e9 - startSeconds
  }

  /// Trains to the last iteration, or until it is cancelled, and leaves a snapshot either way.
  ///
  /// Snapshots are copied between two iterations and written while the next ones run; when this
  /// returns or throws, nothing is being written any more.
  ///
  /// - Parameters:
  ///   - isLookDue: whether somebody looks at what is trained, by the iterations behind it.
  ///   - look: called then; training waits.
  ///   - afterPlanned: called after each planned snapshot, once that is on disk; training waits. What either
  ///     throws stops the training.
  /// - Returns: the last snapshot.
  /// - Throws: what training, the disk, `look` or `afterPlanned` refuses; ``Cancelled``.
  @discardableResult
  func train(
    isLookDue: (Int) -> Bool = { _ in false }, look: (Trainer) throws -> Void = { _ in },
    afterPlanned: ((Trainer, Trained) throws -> Void)? = nil
  ) throws -> Trained {
    guard let trainer else {
      guard let found else { preconditionFailure("neither a trainer nor a snapshot") }
      // A process that was killed after its last snapshot may have left too many.
      try folder.pruneSnapshots(keepingLast: plan.snapshots.keep, kind: plan.kind)
      return Trained(snapshot: found.snapshot, seconds: secondsBefore)
    }
    startSeconds = Double(DispatchTime.now().uptimeNanoseconds) / 1e9
    try trainer.prepare(in: context)
    var isShown = false
    var skipped = trainer.skippedIterations
    func begin() {
      context.observer.began(
        RunTask(
          .training, label: plan.label, total: plan.iterations - skipped,
          startingAt: trainer.iteration))
      isShown = true
    }
    func end() {
      if isShown { context.observer.ended() }
      isShown = false
    }
    begin()
    defer { end() }
    let stats = try StatsWriter(
      appendingTo: plan.separatesStats ? folder.statsFile(beside: plan.kind) : folder.statsFile)
    let writer = BackgroundWriter(preparingThread: Torch.settleThisThread)
    var latest: RunDirectory.Snapshot?
    var isCancelled = false
    do {
      try trainer.train(until: plan.iterations) { statistics in
        let done = trainer.iteration
        let record = StatsRecord(
          iteration: plan.offset + done, kimg: trainer.kimg, seconds: elapsedSeconds,
          values: statistics)
        try stats.append(record)
        context.observer.recorded(record)
        context.observer.advanced(to: done, statistics: statistics)
        try writer.check()
        if trainer.skippedIterations != skipped {
          skipped = trainer.skippedIterations
          end()
          context.observer.noted(
            "\(trainer.skippingReason): the run ends after \(plan.iterations - skipped) of "
              + "\(plan.iterations) iterations")
          begin()
        }
        // Asked once: a request a moment later ends the next iteration, with a snapshot.
        isCancelled = context.cancellation.isRequested
        if !isCancelled, isLookDue(done) {
          end()
          try look(trainer)
          begin()
        }
        guard plan.isPlanned(done, skipping: skipped) || isCancelled else { return true }
        let snapshot = try snapshot(trainer, writer, stats)
        latest = snapshot
        if let afterPlanned, !isCancelled {
          try writer.finish()
          end()
          try afterPlanned(trainer, Trained(snapshot: snapshot, seconds: elapsedSeconds))
          if done < plan.iterations - skipped { begin() }
        }
        return !isCancelled
      }
    } catch {
      // The error that stopped the training is the one to report.
      try? writer.finish()
      throw error
    }
    try writer.finish()
    guard let latest, !isCancelled, !context.cancellation.isRequested else {
      throw Cancelled(
        run: folder.root.path, iteration: trainer.iteration, total: plan.iterations - skipped)
    }
    // The next training of the run counts on.
    run.trainedSeconds = elapsedSeconds
    return Trained(snapshot: latest, seconds: run.trainedSeconds)
  }

  /// Copies everything that training depends on and has it written, with a grid of samples.
  ///
  /// - Returns: the snapshot, whose file is whole once the writer has finished.
  private func snapshot(
    _ trainer: Trainer, _ writer: BackgroundWriter, _ stats: StatsWriter
  ) throws -> RunDirectory.Snapshot {
    // Waits before the copy, so that at most one copy exists.
    try writer.finish()
    let iteration = trainer.iteration
    let file = folder.snapshotFile(iteration: iteration, kind: plan.kind)
    let copy = try trainer.copied(in: context, run: folder.root.lastPathComponent)
    let isPlanned = plan.isPlanned(iteration, skipping: trainer.skippedIterations)
    let numbered = plan.numbersGrids && isPlanned ? iteration : nil
    let writeGrid = plan.writesGrids ? copy.writeGrid : nil
    try writer.submit { [folder, kind = plan.kind, keep = plan.snapshots.keep] in
      // A snapshot that survives a loss of power has all its statistics.
      try stats.synchronize()
      try copy.write(file)
      try folder.pruneSnapshots(keepingLast: keep, kind: kind)
      if let writeGrid { try folder.writeSamples(iteration: numbered, writeGrid) }
    }
    context.observer.wroteSnapshot(file, iteration: iteration)
    return RunDirectory.Snapshot(iteration: iteration, file: file)
  }
}

// MARK: - GANs

extension TrainingSession where Trainer == GANTrainer {
  /// Prepares a run of one GAN's training.
  ///
  /// - Parameters:
  ///   - description: what the run is.
  ///   - destination: where it goes.
  ///   - context: seed, device, observer, cancellation.
  ///   - plan: what is trained.
  ///   - architecture: of the GAN.
  ///   - makeTrainer: makes the trainer as it is at iteration 0.
  /// - Throws: what refuses the run.
  convenience init(
    _ description: RunDescription, destination: RunDestination, context: ExperimentContext,
    plan: TrainingPlan, architecture: any Architecture, makeTrainer: () throws -> GANTrainer
  ) throws {
    try self.init(
      description, destination: destination, context: context, plan: plan,
      read: { try GANFile.read($0, as: [architecture]) }, makeTrainer: makeTrainer)
  }

  /// Makes the grid of samples again if a killed process left one of an earlier snapshot.
  ///
  /// - Throws: what making or writing pictures throws.
  func renewGrid() throws {
    let iteration = found?.snapshot.iteration ?? 0
    if plan.numbersGrids { try folder.removeNumberedImages(after: iteration) }
    guard let found else { return }
    try run.renewGrid(
      of: found, numbered: plan.numbersGrids && startsFromPlanned ? iteration : nil)
  }
}

extension RunDirectory {
  /// Writes the grid of the latest snapshot, and the same under its iteration.
  ///
  /// - Parameters:
  ///   - iteration: the iteration; nil writes the one grid alone.
  ///   - write: writes the grid.
  /// - Throws: what `write` throws; `FileError`.
  func writeSamples(iteration: Int?, _ write: (URL) throws -> Void) throws {
    guard let iteration else { return try write(samplesImage) }
    let numbered = samplesImage(iteration: iteration)
    try write(numbered)
    try AtomicFile.write(Data(contentsOf: numbered), to: samplesImage)
  }
}

extension RunInProgress {
  /// Makes the grid of samples again if a killed process left one of an earlier snapshot.
  ///
  /// - Parameters:
  ///   - found: the snapshot that the run goes on from.
  ///   - iteration: the iteration under which the grid stays as well; nil where none does.
  /// - Throws: what making or writing pictures throws.
  func renewGrid(of found: FoundSnapshot<GANFile>, numbered iteration: Int? = nil) throws {
    let grids =
      [folder.samplesImage] + (iteration.map { [folder.samplesImage(iteration: $0)] } ?? [])
    guard grids.contains(where: { folder.isOlder($0, than: found.snapshot.file) }) else { return }
    let generator = try found.content.makeGenerator(device: context.device)
    let grid = SampleGrid(found.content.configuration, seed: context.seed)
    try folder.writeSamples(iteration: iteration) { try grid.write(generator, to: $0) }
  }
}
