import Foundation
import GANs
import Records
import Runs
import Torch

/// One training from its first iteration, or from a snapshot, to its last: statistics, snapshots,
/// grids, progress, and a good end when it is cancelled.
final class TrainingSession {
  /// The run.
  let run: RunInProgress
  /// What trains.
  let trainer: GANTrainer
  private let label: String
  private let iterations: Int
  private let snapshots: SnapshotPolicy
  private let kind: String
  private let offset: Int
  private let grid: SampleGrid
  private let context: ExperimentContext
  private let folder: RunDirectory
  private let startSeconds = Double(DispatchTime.now().uptimeNanoseconds) / 1e9
  private var secondsBefore = 0.0

  /// Prepares a run of one training: everything that can be refused is refused here, with nothing
  /// left on disk.
  ///
  /// - Parameters:
  ///   - description: what the run is.
  ///   - destination: where it goes.
  ///   - context: seed, device, observer, cancellation.
  ///   - iterations: the last iteration.
  ///   - snapshots: how often they are written.
  ///   - makeTrainer: makes the trainer as it is at iteration 0.
  /// - Throws: what refuses the run.
  convenience init(
    _ description: RunDescription, destination: RunDestination, context: ExperimentContext,
    iterations: Int, snapshots: SnapshotPolicy, makeTrainer: () throws -> GANTrainer
  ) throws {
    guard case .resume(let folder) = destination else {
      let trainer = try makeTrainer()
      self.init(
        run: try destination.create(description, context), trainer: trainer,
        label: description.command, iterations: iterations, snapshots: snapshots)
      return
    }
    let former = try destination.existing(folder, description, context)
    let trainer = try makeTrainer()
    let (reached, seconds) = try Self.restore(trainer, from: former.folder)
    self.init(
      run: try former.goOn(fromIteration: reached), trainer: trainer,
      label: description.command, iterations: iterations, snapshots: snapshots)
    secondsBefore = seconds
  }

  /// A session in a folder that exists.
  ///
  /// Snapshots' names begin with `kind`; `offset` is the iterations of sessions before this one in
  /// the same folder.
  init(
    run: RunInProgress, trainer: GANTrainer, label: String, iterations: Int,
    snapshots: SnapshotPolicy, kind: String = "snapshot", offset: Int = 0
  ) {
    self.run = run
    self.trainer = trainer
    self.label = label
    self.iterations = iterations
    self.snapshots = snapshots
    context = run.context
    folder = run.folder
    self.kind = kind
    self.offset = offset
    grid = SampleGrid(trainer.model.configuration, seed: context.seed)
  }

  /// Goes on from the latest snapshot.
  func resume() throws {
    (_, secondsBefore) = try Self.restore(trainer, from: folder, kind: kind, offset: offset)
  }

  /// Takes a trainer to where the latest snapshot was.
  ///
  /// - Returns: its iteration, those of sessions before this one included, and the seconds behind it.
  private static func restore(
    _ trainer: GANTrainer, from folder: RunDirectory, kind: String = "snapshot", offset: Int = 0
  ) throws -> (iteration: Int, seconds: Double) {
    let latest = try folder.latestSnapshot(kind: kind)
    let file = try GANFile.read(latest.file, as: [trainer.model.configuration.architecture])
    try trainer.model.restore(file)
    try trainer.restore(file.training, file: file.path)
    let reached = offset + latest.iteration
    let seconds =
      try StatsReader.records(in: folder.statsFile).last { $0.iteration <= reached }?.seconds ?? 0
    return (reached, seconds)
  }

  /// Seconds spent training, those before a resume included.
  var elapsedSeconds: Double {
    secondsBefore + Double(DispatchTime.now().uptimeNanoseconds) / 1e9 - startSeconds
  }

  /// Trains to the last iteration, or until it is cancelled, and leaves a snapshot either way.
  ///
  /// Snapshots are copied between two iterations and written while the next ones run; when this
  /// returns or throws, nothing is being written any more.
  ///
  /// - Returns: the last snapshot.
  /// - Throws: what training or the disk refuses; ``Cancelled``.
  @discardableResult
  func train() throws -> URL {
    context.observer.began(
      RunTask(.training, label: label, total: iterations, startingAt: trainer.iteration))
    defer { context.observer.ended() }
    let stats = try StatsWriter(appendingTo: folder.statsFile)
    let writer = BackgroundWriter(preparingThread: Torch.settleThisThread)
    var latest: URL?
    var isCancelled = false
    do {
      try trainer.train(until: iterations) { statistics in
        let done = trainer.iteration
        let record = StatsRecord(
          iteration: offset + done, kimg: trainer.kimg, seconds: elapsedSeconds,
          values: statistics)
        try stats.append(record)
        context.observer.recorded(record)
        context.observer.advanced(to: done, statistics: statistics)
        try writer.check()
        // Asked once: a request a moment later ends the next iteration, with a snapshot.
        isCancelled = context.cancellation.isRequested
        if done % snapshots.every == 0 || done == iterations || isCancelled {
          latest = try snapshot(writer, stats)
        }
        return !isCancelled
      }
    } catch {
      // The error that stopped the training is the one to report.
      try? writer.finish()
      throw error
    }
    try writer.finish()
    if isCancelled || context.cancellation.isRequested {
      throw Cancelled(run: folder.root.path, iteration: trainer.iteration, total: iterations)
    }
    // A complete run that is resumed has nothing to train.
    return try latest ?? folder.latestSnapshot(kind: kind).file
  }

  /// Copies networks, optimisers and the state of training, and has them written, with a grid of the
  /// average.
  ///
  /// - Returns: the file, which is whole once the writer has finished.
  private func snapshot(_ writer: BackgroundWriter, _ stats: StatsWriter) throws -> URL {
    // Waits before the copy, so that at most one copy exists.
    try writer.finish()
    let file = folder.snapshotFile(iteration: trainer.iteration, kind: kind)
    let snapshot = try trainer.model.snapshot(
      options: trainer.options, training: trainer.state,
      metadata: ["lethe.run": folder.root.lastPathComponent])
    try writer.submit { [folder, grid, kind, keep = snapshots.keep] in
      // A resumed run writes some of its snapshots anew.
      try snapshot.write(to: file, replacing: true)
      try folder.pruneSnapshots(keepingLast: keep, kind: kind)
      try grid.write(snapshot.average, to: folder.image("samples"))
      try stats.synchronize()
    }
    context.observer.wroteSnapshot(file, iteration: trainer.iteration)
    return file
  }
}
