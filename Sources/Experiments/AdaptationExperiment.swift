public import Foundation
import GANs
import Judging
public import Runs
public import Unlearning

/// What an adaptation leaves behind.
public struct AdaptationResult {
  /// The run's folder, with the page.
  public let run: RunDirectory
  /// The adapted models' files, in the order of their training.
  public let adapted: [URL]
}

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
  public func run() throws -> AdaptationResult {
    let stage = AdaptationStage(
      subject: subject, options: options, context: context, snapshots: snapshots)
    context.observer.noted(subject.file, for: [.training, .fixedNoise])
    let (run, start) = try stage.open(description, destination)
    return try run.complete {
      let files = try stage.train(in: run, from: start)
      try run.writeReport()
      return AdaptationResult(run: run.folder, adapted: files)
    }
  }

  private var description: RunDescription {
    get throws {
      var record = try subject.options
      try record.set("adaptation", to: options)
      try record.setOptimisers(
        of: options.training, in: ["adaptation", "training"], startingFrom: subject.file)
      return RunDescription(
        command: "adapt", name: "adapt-\(subject.folderName)", options: record,
        inputs: subject.provenance)
    }
  }
}
