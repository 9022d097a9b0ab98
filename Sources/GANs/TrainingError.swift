/// Training that cannot go on.
public enum TrainingError: Error, Equatable, CustomStringConvertible {
  /// A loss became infinite or undefined; iterations count from 1, as in statistics.
  case diverged(iteration: Int, quantity: String)
  /// A file that holds no state of a training run, or not all of it.
  case notResumable(file: String, missing: String)

  /// One sentence that names the way out.
  public var description: String {
    switch self {
    case .diverged(let iteration, let quantity):
      "training diverged: \(quantity) is not finite in iteration \(iteration); start a new run with "
        + "a lower learning rate"
    case .notResumable(let file, let missing):
      "\(file) cannot be resumed from: it has no \(missing); only snapshots of lethe's own runs hold "
        + "the state of training, any other checkpoint starts a new run"
    }
  }
}
