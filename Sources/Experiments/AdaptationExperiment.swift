import Foundation
import Reports
import Runs
import Unlearning

/// Stage one in a run of its own: K adapted generators and a page.
public struct AdaptationExperiment {
  /// What the method works on.
  public var subject: Subject
  /// The constants of stage one.
  public var options: AdaptationOptions
  /// Where the run goes.
  public var destination: RunDestination
  /// How often snapshots are written.
  public var snapshots: SnapshotPolicy
  /// Seed, device, observer, cancellation.
  public var context: ExperimentContext

  /// An adaptation.
  ///
  /// - Parameters:
  ///   - subject: what the method works on.
  ///   - options: the constants of stage one.
  ///   - destination: where the run goes.
  ///   - snapshots: how often they are written.
  ///   - context: seed, device, observer, cancellation.
  public init(
    _ subject: Subject, options: AdaptationOptions = AdaptationOptions(),
    destination: RunDestination = .numbered, snapshots: SnapshotPolicy = SnapshotPolicy(),
    context: ExperimentContext = ExperimentContext()
  ) {
    self.subject = subject
    self.options = options
    self.destination = destination
    self.snapshots = snapshots
    self.context = context
  }

  /// Adapts every model that is not complete yet.
  ///
  /// - Returns: the run, and the adapted models' files.
  /// - Throws: what training or the disk refuses; ``Cancelled``.
  public func run() throws -> (run: RunDirectory, adapted: [URL]) {
    let stage = AdaptationStage(
      subject: subject, options: options, context: context, snapshots: snapshots)
    let description = try description
    let record = context.record(description)
    let run: RunDirectory
    let files: [URL]
    if case .resume(let folder) = destination {
      run = try destination.existing(folder, record)
      try run.goOn(record, fromIteration: stage.completed(in: run))
      files = try stage.train(in: run)
    } else {
      let first = try stage.prepare()
      run = try destination.create(description, record)
      files = try stage.train(in: run, first: first)
    }
    try RunReport.write(into: run)
    return (run, files)
  }

  private var description: RunDescription {
    get throws {
      var record = subject.options
      record["iterations"] = JSON(options.iterations)
      record["adaptation"] = try JSON(encoding: options).without("iterations")
      return RunDescription(
        command: "adapt", name: "adapt-\(subject.concept.name)", options: record,
        inputs: subject.provenance)
    }
  }
}
