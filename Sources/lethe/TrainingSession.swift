import Datasets
import Foundation
import GANs
import Runs
import Torch

/// What a run is, before it starts.
struct RunDescription {
  /// The command, such as `unlearn`.
  var command: String
  /// The end of a numbered directory's name, such as `unlearn-7-EL2`.
  var name: String
  /// Every option as resolved.
  var options: JSON.Object
  /// The files it reads.
  var inputs: [Provenance]

  /// What options.json shall hold.
  func record(_ compute: ComputeOptions) -> RunRecord {
    RunRecord(
      command: command, options: options, seed: compute.seed, version: Lethe.version,
      libtorchVersion: Torch.version, threads: Torch.threadCount,
      instructions: Torch.vectorInstructions, inputs: inputs)
  }
}

/// One training from its first iteration, or from a snapshot, to its last: statistics, snapshots,
/// grids, progress, and a good end when it is interrupted.
final class TrainingSession {
  let run: RunDirectory
  let trainer: GANTrainer
  private let label: String
  private let iterations: Int
  private let snapshots: SnapshotPolicy
  private let kind: String
  private let offset: Int
  private let grid: SampleGrid
  private let startSeconds = Double(DispatchTime.now().uptimeNanoseconds) / 1e9
  private var secondsBefore = 0.0

  /// Prepares a run of one training: everything that can be refused is refused here, with nothing
  /// left on disk.
  ///
  /// - Parameters:
  ///   - description: what the run is.
  ///   - arguments: where it goes.
  ///   - compute: seed, device, threads.
  ///   - iterations: the last iteration.
  ///   - makeTrainer: makes the trainer as it is at iteration 0.
  /// - Throws: what refuses the run.
  convenience init(
    _ description: RunDescription, arguments: RunArguments, compute: ComputeOptions,
    iterations: Int, makeTrainer: () throws -> GANTrainer
  ) throws {
    let record = description.record(compute)
    let run: RunDirectory
    let trainer: GANTrainer
    if arguments.resume {
      run = try arguments.open(for: record)
      trainer = try makeTrainer()
    } else {
      trainer = try makeTrainer()
      run = try arguments.create(description: description.name)
      try run.write(record)
    }
    self.init(
      run: run, trainer: trainer, label: description.command, iterations: iterations,
      snapshots: arguments.snapshots, seed: compute.seed)
    guard arguments.resume else { return }
    let from = try resume()
    try run.prepareToResume(fromIteration: from)
    try run.noteResume(record, fromIteration: from)
  }

  /// A session in a directory that exists.
  ///
  /// Snapshots' names begin with `kind`; `offset` is the iterations of sessions before this one in
  /// the same directory.
  init(
    run: RunDirectory, trainer: GANTrainer, label: String, iterations: Int,
    snapshots: SnapshotPolicy, seed: UInt64, kind: String = "snapshot", offset: Int = 0
  ) {
    self.run = run
    self.trainer = trainer
    self.label = label
    self.iterations = iterations
    self.snapshots = snapshots
    self.kind = kind
    self.offset = offset
    grid = SampleGrid(trainer.model.configuration, seed: seed)
  }

  /// Goes on from the latest snapshot.
  ///
  /// - Returns: its iteration, those of sessions before this one included.
  @discardableResult
  func resume() throws -> Int {
    let latest = try run.latestSnapshot(kind: kind)
    let file = try GANFile.read(latest.file, as: .known)
    try trainer.model.restore(file)
    try trainer.restore(file.training, file: file.path)
    let reached = offset + latest.iteration
    secondsBefore =
      try StatsReader.records(in: run.statsFile).last { $0.iteration <= reached }?.seconds ?? 0
    return reached
  }

  /// Seconds spent training, those before a resume included.
  var elapsedSeconds: Double {
    secondsBefore + Double(DispatchTime.now().uptimeNanoseconds) / 1e9 - startSeconds
  }

  /// Trains to the last iteration, or until Ctrl-C, and leaves a snapshot either way.
  ///
  /// Snapshots are copied between two iterations and written while the next ones run; when this
  /// returns or throws, nothing is being written any more.
  ///
  /// - Returns: the last snapshot.
  /// - Throws: what training or the disk refuses; ``Interrupted`` after Ctrl-C.
  @discardableResult
  func train() throws -> URL {
    InterruptFlag.install()
    let meter = ProgressMeter(label: label, total: iterations, startingAt: trainer.iteration)
    defer { meter.finish() }
    let stats = try StatsWriter(appendingTo: run.statsFile)
    let writer = BackgroundWriter()
    var latest: URL?
    do {
      try trainer.train(until: iterations) { statistics in
        let done = trainer.iteration
        var values = statistics
        values["iteration"] = nil
        let kimg = values.removeValue(forKey: "kimg") ?? 0
        try stats.append(
          StatsRecord(
            iteration: offset + done, kimg: kimg, seconds: elapsedSeconds, values: values))
        meter.update(iteration: done, values: shown(values))
        try writer.check()
        // Looked at once: raised a moment later, it ends the next iteration, with a snapshot.
        let isInterrupted = InterruptFlag.isRaised
        if done % snapshots.every == 0 || done == iterations || isInterrupted {
          latest = try snapshot(writer, stats)
        }
        return !isInterrupted
      }
    } catch {
      // The error that stopped the training is the one to report.
      try? writer.finish()
      throw error
    }
    try writer.finish()
    if InterruptFlag.isRaised {
      throw Interrupted(run: run.root.path, iteration: trainer.iteration, of: iterations)
    }
    // A resume of a run that was complete has nothing to train.
    return try latest ?? run.latestSnapshot(kind: kind).file
  }

  private func shown(_ values: [String: Double]) -> [(name: String, value: Double)] {
    [("loss_d", "D"), ("loss_g", "G"), ("ewc", "EWC"), ("remaining", "left")].compactMap {
      key, name in
      values[key].map { (name, $0) }
    }
  }

  /// Copies networks, optimisers and the state of training, and has them written, with a grid of the
  /// average.
  ///
  /// - Returns: the file, which is whole once the writer has finished.
  private func snapshot(_ writer: BackgroundWriter, _ stats: StatsWriter) throws -> URL {
    // Before the copy, so that there is one at most.
    try writer.finish()
    let file = run.snapshotFile(iteration: trainer.iteration, kind: kind)
    let range = trainer.model.pixelRange
    let snapshot = try trainer.model.snapshot(
      options: trainer.options, training: trainer.state,
      metadata: ["lethe.run": run.root.lastPathComponent])
    try writer.submit { [run, grid, kind, keep = snapshots.keep] in
      try snapshot.write(to: file)
      try run.pruneSnapshots(keepingLast: keep, kind: kind)
      try grid.write(snapshot.average, range: range, to: run.image("samples"))
      try stats.synchronize()
    }
    return file
  }
}

/// Training that stopped because the user asked for it.
struct Interrupted: Error, CustomStringConvertible {
  /// The run's directory; nil if nothing was kept.
  var run: String?
  var iteration: Int
  var of: Int

  /// Says where it stopped and how to go on.
  var description: String {
    guard let run else {
      return "stopped at iteration \(iteration) of \(self.of); nothing was kept"
    }
    return "stopped at iteration \(iteration) of \(self.of) with a snapshot in \(run); the same "
      + "command with --output \(run) --resume goes on"
  }
}
