import Datasets
import Evaluation
import Foundation
import Runs
import Unlearning

/// What an unlearning leaves behind.
public struct UnlearningResult {
  /// The run's folder, with the unlearned generator's snapshot and the page.
  public let run: RunDirectory
  /// What was measured.
  public let evaluation: UnlearningEvaluation
  /// The content of metrics.json.
  public let metrics: JSON.Object
}

/// Stage two in a run of its own: the generator that forgets, its numbers and its page.
public struct UnlearningExperiment {
  /// What the method works on.
  public var subject: Subject
  /// The constants of stage two.
  public var options: UnlearningOptions
  /// What the generator keeps away from, and how; nil trains on positives alone.
  public var repulsion: UnlearningStage.RepulsionChoice?
  /// Latents that both generators are judged on.
  public var samples: Int
  /// Labelled real data, for distances to it without the class; or none.
  public var data: Dataset?
  /// Where the run goes.
  public var destination: RunDestination
  /// How often snapshots are written.
  public var snapshots: SnapshotPolicy
  /// Seed, device, observer, cancellation.
  public var context: ExperimentContext

  /// An unlearning.
  ///
  /// - Parameters:
  ///   - subject: what the method works on.
  ///   - options: the constants of stage two.
  ///   - repulsion: what the generator keeps away from, and how.
  ///   - samples: latents that both generators are judged on.
  ///   - data: labelled real data, or none.
  ///   - destination: where the run goes.
  ///   - snapshots: how often they are written.
  ///   - context: seed, device, observer, cancellation.
  public init(
    _ subject: Subject, options: UnlearningOptions = UnlearningOptions(),
    repulsion: UnlearningStage.RepulsionChoice?, samples: Int = LatentList.defaultCount,
    data: Dataset? = nil, destination: RunDestination = .numbered,
    snapshots: SnapshotPolicy = SnapshotPolicy(), context: ExperimentContext = ExperimentContext()
  ) {
    self.subject = subject
    self.options = options
    self.repulsion = repulsion
    self.samples = samples
    self.data = data
    self.destination = destination
    self.snapshots = snapshots
    self.context = context
  }

  /// Unlearns, measures, and writes the page.
  ///
  /// - Returns: the run and what was measured.
  /// - Throws: what training or the disk refuses; ``Cancelled``.
  public func run() throws -> UnlearningResult {
    let stage = UnlearningStage(
      subject: subject, options: options, repulsion: repulsion, context: context)
    let session = try TrainingSession(
      description, destination: destination, context: context, iterations: options.iterations,
      snapshots: snapshots, makeTrainer: stage.makeTrainer)
    let snapshot = try session.train()
    let finish = EvaluationStage(
      subject: subject, context: context, samples: samples, data: data)
    let unlearned = session.trainer.model.generatorEMA
    try finish.writeGrids(
      adapted: repulsion?.adapted.first, unlearned: unlearned, into: session.run)
    let result = try finish.measure(unlearned, original: finish.original())
    let metrics = try finish.write(
      result, snapshot: snapshot, iteration: session.trainer.iteration,
      elapsedSeconds: session.elapsedSeconds, into: session.run)
    return UnlearningResult(run: session.run, evaluation: result, metrics: metrics)
  }

  private var description: RunDescription {
    get throws {
      let loss = repulsion?.loss.name ?? "none"
      var record = subject.options
      record["loss"] = JSON(loss)
      if let repulsion {
        record["adapted"] = JSON(repulsion.adapted.map(\.path))
        record["distance"] = JSON(repulsion.distance.rawValue)
        switch repulsion.strength {
        case .fixed(let gamma): record["gamma"] = JSON(gamma)
        case .closedLoop(let loop): record["closed_loop"] = try JSON(encoding: loop)
        }
        if case .exponentialL2(let alpha) = repulsion.loss {
          record["alpha"] = repulsion.hasScaleFreeAlpha ? "1/d2" : JSON(alpha)
        }
      }
      record["iterations"] = JSON(options.iterations)
      record["unlearning"] = try JSON(encoding: options).without("iterations")
      let files = try (repulsion?.adapted ?? []).map {
        try Provenance(of: URL(filePath: $0.path), role: "adapted")
      }
      return RunDescription(
        command: "unlearn", name: "unlearn-\(subject.concept.name)-\(loss)", options: record,
        inputs: subject.provenance + files)
    }
  }
}
