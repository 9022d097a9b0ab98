import Checkpoints
import Foundation
import GANs
import Records
import Runs

/// What a session trains: something that can be copied between two iterations, and goes on from a
/// copy.
protocol SessionTrainer: AnyObject {
  /// What a snapshot holds, as it is read.
  associatedtype Snapshot

  /// How many iterations are complete.
  var iteration: Int { get }
  /// How many thousand pictures were shown.
  var kimg: Double { get }
  /// By how many iterations training ends before the last one, as far as is known by now.
  var skippedIterations: Int { get }
  /// Why it ends before the last one, in words that a colon follows.
  var skippingReason: String { get }
  /// The same number, as a snapshot tells it.
  static func skippedIterations(in snapshot: Snapshot) -> Int

  /// Does what comes before the first iteration; nothing is kept of it when it stops.
  func prepare(in context: ExperimentContext) throws

  /// Trains up to an iteration; `afterEach` returns false to stop early.
  func train(until last: Int, afterEach: (Statistics) throws -> Bool) throws

  /// Goes on from a snapshot.
  func restore(_ snapshot: Snapshot) throws

  /// Copies everything as it is now, to be written while training goes on.
  func copied(in context: ExperimentContext, run: String) throws -> TrainerCopy
}

extension SessionTrainer {
  var skippedIterations: Int { 0 }

  var skippingReason: String { "the target has held" }

  func prepare(in context: ExperimentContext) throws {}

  static func skippedIterations(in snapshot: Snapshot) -> Int { 0 }
}

/// A copy of a trainer at one moment.
struct TrainerCopy: Sendable {
  /// Writes the snapshot.
  let write: @Sendable (URL) throws -> Void
  /// Writes a grid of samples, where there are pictures to show.
  let writeGrid: (@Sendable (URL) throws -> Void)?

  /// The key of a snapshot's metadata that names its run.
  static let runKey = "lethe.run"
}

extension GANTrainer: SessionTrainer {
  static func skippedIterations(in snapshot: GANFile) -> Int {
    skippedIterations(in: snapshot.training)
  }

  func prepare(in context: ExperimentContext) throws {
    guard iteration == 0, discriminatorStepsBefore > 0 else { return }
    let task = RunTask(.training, label: "new discriminator", total: discriminatorStepsBefore)
    try context.during(task) {
      try trainDiscriminatorAlone(discriminatorStepsBefore, afterEach: $0)
    }
    discriminatorStepsBefore = 0
  }

  func restore(_ file: GANFile) throws {
    try model.restore(file)
    try restore(file.training, file: file.path)
  }

  func copied(in context: ExperimentContext, run: String) throws -> TrainerCopy {
    let snapshot = try model.snapshot(
      options: options, training: state, metadata: [TrainerCopy.runKey: run])
    let grid = SampleGrid(model.configuration, seed: context.seed)
    return TrainerCopy(
      // A resumed run writes some of its snapshots anew.
      write: { try snapshot.write(to: $0, replacing: true) },
      writeGrid: { try grid.write(snapshot.average, to: $0) })
  }
}
