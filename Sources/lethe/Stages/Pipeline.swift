import Evaluation
import Foundation
import GANs
import Runs
import Torch
import Unlearning

/// Adapt, unlearn, evaluate, compare: the whole method at its defaults, in one run directory.
struct Pipeline {
  let subject: Subject
  let compute: ComputeOptions
  let samples: Int
  let precision: Precision
  let snapshots: SnapshotPolicy

  private var adaptation: AdaptationStage {
    var options = AdaptationOptions()
    complete(&options.training)
    return AdaptationStage(
      subject: subject, options: options, compute: compute, snapshots: snapshots)
  }

  private var unlearningOptions: UnlearningOptions {
    var options = UnlearningOptions()
    complete(&options.training)
    return options
  }

  private func complete(_ options: inout TrainingOptions) {
    options.precision = precision
    options.r1Weight = subject.file.regularisation.r1Weight ?? options.r1Weight
    options.pathLengthWeight =
      subject.file.regularisation.pathLengthWeight ?? options.pathLengthWeight
  }

  /// What options.json shall hold.
  var description: RunDescription {
    get throws {
      var options = subject.options
      options["adaptation"] = try JSON(encoding: adaptation.options)
      options["unlearning"] = try JSON(encoding: unlearningOptions)
      options["loss"] = "NL2"
      options["distance"] = JSON(ParameterDistance.effective.rawValue)
      options["closed_loop"] = try JSON(encoding: ClosedLoop.Options())
      return RunDescription(
        command: "demo", name: "demo-\(subject.className)", options: options,
        inputs: subject.provenance)
    }
  }

  /// Iterations complete in a directory that shall be resumed.
  func completed(in run: RunDirectory) -> Int {
    adaptation.completed(in: run) + (run.snapshots().last?.iteration ?? 0)
  }

  /// Runs what is not complete yet.
  ///
  /// - Parameter run: the directory.
  /// - Returns: the measurement, and metrics.json.
  /// - Throws: what training or the disk refuses; ``Interrupted`` after Ctrl-C.
  func run(in run: RunDirectory) throws -> (UnlearningEvaluation, JSON.Object) {
    let start = Date()
    let adapted = try adaptation.train(in: run).map { try GANFile.read($0, as: .known) }
    let session = try unlearn(in: run, adapted: adapted)
    let snapshot = try session.train()

    let stage = EvaluationStage(subject: subject, compute: compute, samples: samples, data: nil)
    let unlearned = session.trainer.model.generatorEMA
    try stage.writeGrids(adapted: adapted.first, unlearned: unlearned, into: run)
    let original = try stage.original()
    let sample = try stage.judged(unlearned, name: "unlearned")
    let result = try stage.measure(sample, original: original)
    let points = try stage.extrapolation(
      reaching: sample,
      sweep: ExtrapolationSweep(subject.file, adapted: adapted, device: compute.device),
      original: original)
    let metrics = try stage.write(
      result, extra: ["extrapolation": .array(points.map(\.json))], snapshot: snapshot,
      iteration: session.trainer.iteration,
      elapsedSeconds: Date().timeIntervalSince(start), into: run)
    return (result, metrics)
  }

  private func unlearn(in run: RunDirectory, adapted: [GANFile]) throws -> TrainingSession {
    let stage = UnlearningStage(
      subject: subject, options: unlearningOptions,
      repulsion: .init(
        adapted: adapted, loss: .negativeL2, hasScaleFreeAlpha: false, distance: .effective,
        strength: .closedLoop(ClosedLoop.Options())),
      compute: compute)
    let session = TrainingSession(
      run: run, trainer: try stage.makeTrainer(), label: "unlearn",
      iterations: unlearningOptions.iterations, snapshots: snapshots, seed: compute.seed,
      offset: adaptation.totalIterations)
    if !run.snapshots().isEmpty { try session.resume() }
    return session
  }
}
