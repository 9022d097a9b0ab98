import Classifiers
import Experiments
import Foundation
import Judging
import Records

extension ClassifierTrainingExperiment.Outcome {
  /// The scores of a trained judge, and the epoch that it is of where that was chosen.
  var table: String {
    let rows = attributes.isEmpty ? classes.rows : attributes.rows
    return (rows + [""] + (bestEpoch.map { [chosen($0)] } ?? [])).joined(separator: "\n")
  }

  /// How often it is right, and where it is.
  var conclusion: String {
    let what = attributes.isEmpty ? "test pictures" : "answers about test pictures"
    return "\(right) of \(tested) \(what) right (\(percent(right, of: tested))): \(file.path)"
  }

  private func chosen(_ best: ValidatedEpoch) -> String {
    let share = NumberText.plain(100 * best.accuracy, decimals: 2)
    return "the judge has the weights of epoch \(best.epoch) of \(epochs): validation loss "
      + "\(NumberText.plain(best.loss)), \(share) % of \(attributes.isEmpty ? "" : "answers about ")"
      + "validation pictures right"
  }
}
