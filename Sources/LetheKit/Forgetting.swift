import Evaluation
public import Experiments
public import Foundation
import GANs
import Judging
public import Unlearning

/// The whole method as a program would run it: adapt, unlearn, measure, write the page.
///
/// It shows its progress on the terminal and stops cleanly on Ctrl-C, unless it is given another context:
///
/// ```swift
/// Program.run {
///   let result = try Forgetting(gan: "gan.pt", judge: "judge.pth", class: "7").run()
///   print(result.evaluation.summary, result.run.reportFile.path, separator: "\n")
/// }
/// ```
///
/// The constants are those of `lethe adapt` and `lethe unlearn`, and each stage has a run folder of its
/// own. `AdaptationExperiment` and `UnlearningExperiment` are the parts, for those who want more.
public struct Forgetting {
  /// What the method works on.
  public var subject: Subject
  /// The constants of stage one.
  public var adaptation = AdaptationOptions()
  /// The constants of stage two.
  public var unlearning = UnlearningOptions()
  /// Latents that both generators are judged on.
  public var samples = LatentList.defaultCount
  /// How often snapshots are written.
  public var snapshots = SnapshotPolicy()
  /// The folder of both runs, `adapted` and `unlearned`; nil for the next numbers in `runs`.
  public var output: URL?
  /// Seed, device, observer, cancellation.
  public var context: ExperimentContext

  /// The method at its defaults.
  ///
  /// - Parameters:
  ///   - subject: what the method works on.
  ///   - context: seed, device, observer, cancellation; nil for the terminal's.
  public init(_ subject: Subject, context: ExperimentContext? = nil) {
    self.subject = subject
    self.context = context ?? .terminal(forgetting: subject.conceptNames)
    adaptation.training.goOn(with: subject.file.regularisation)
    unlearning.training.goOn(with: subject.file.regularisation)
  }

  /// The method at its defaults, on files.
  ///
  /// - Parameters:
  ///   - gan: the GAN's file or run folder.
  ///   - judge: the judge's file or run folder.
  ///   - name: what shall be forgotten, as the judge names it; or several names with commas between.
  ///   - context: seed, device, observer, cancellation; nil for the terminal's.
  /// - Throws: what reading throws, and `JudgingError` for a class that the judge does not know.
  public init(
    gan: String, judge: String, class name: String, context: ExperimentContext? = nil
  ) throws {
    self.init(
      try Subject(gan: gan, judge: judge, forgetting: name, device: context?.device ?? .cpu),
      context: context)
  }

  /// Adapts, unlearns, measures and writes the page.
  ///
  /// - Returns: the run of stage two and what was measured.
  /// - Throws: what training or the disk refuses; `Cancelled`.
  public func run() throws -> UnlearningResult {
    let adapted = try AdaptationExperiment(
      subject, options: adaptation, destination: destination("adapted"), snapshots: snapshots,
      context: context
    ).run().adapted
    let models = try adapted.map { try GANFile.read($0, as: .known) }
    return try UnlearningExperiment(
      subject,
      method: AdaptThenRedirect(UnlearningRequest(options: unlearning, adapted: models)),
      samples: samples, destination: destination("unlearned"), snapshots: snapshots,
      context: context
    ).run()
  }

  private func destination(_ name: String) -> RunDestination {
    output.map { .new($0.appending(path: name)) } ?? .numbered
  }
}
