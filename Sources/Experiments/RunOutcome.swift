import Foundation
public import Runs

/// What an experiment leaves behind in a run's folder.
public protocol RunOutcome {
  /// The run's folder.
  var run: RunDirectory { get }
  /// The content of metrics.json; empty where nothing was measured.
  var metrics: JSON.Object { get }
  /// The files that the run is for, by the names that ``json`` gives them.
  var madeFiles: JSON.Object { get }
}

extension RunOutcome {
  /// The numbers, the run, its files, and the page where there is one: what `--json` prints.
  public var json: JSON.Object {
    var record = metrics
    record["run"] = JSON(run.root.path)
    record.merge(madeFiles)
    if FileManager.default.fileExists(atPath: run.reportFile.path) {
      record["report"] = JSON(run.reportFile.path)
    }
    return record
  }
}

extension AdaptationResult: RunOutcome {
  /// Nothing is measured.
  public var metrics: JSON.Object { [:] }
  /// The adapted models.
  public var madeFiles: JSON.Object { ["adapted": JSON(adapted.map(\.path))] }
}

extension UnlearningResult: RunOutcome {
  /// None: the numbers name the snapshot.
  public var madeFiles: JSON.Object { [:] }
}

extension ExtrapolationResult: RunOutcome {
  /// The generators.
  public var madeFiles: JSON.Object { ["files": JSON(files.map(\.path))] }
}

extension GANTrainingResult: RunOutcome {
  /// The last snapshot.
  public var madeFiles: JSON.Object { ["last_snapshot": JSON(snapshot.path)] }
}

extension ClassifierTrainingExperiment.Outcome: RunOutcome {
  /// None: the numbers name the judge.
  public var madeFiles: JSON.Object { [:] }
}

extension GaussiansResult: RunOutcome {
  /// None: the toy keeps no generator.
  public var madeFiles: JSON.Object { [:] }
}
