import Checkpoints
import Classifiers
import Foundation
import Records

extension ClassifierTrainer: SessionTrainer {
  var skippingReason: String {
    let best = bestEpoch?.epoch ?? 0
    return "the validation loss was lowest after epoch \(best), and not lower in the "
      + "\(epoch - best) since"
  }

  func train(until last: Int, afterEach: (Statistics) throws -> Bool) throws {
    try train(until: last) { _, loss in
      var statistics: Statistics = [.classifierLoss: loss]
      if let validatedEpoch {
        statistics[.validationLoss] = validatedEpoch.loss
        statistics[.validationAccuracy] = validatedEpoch.accuracy
      }
      return try afterEach(statistics)
    }
  }

  func copied(in context: ExperimentContext, run: String) throws -> TrainerCopy {
    let file = snapshot(metadata: [TrainerCopy.runKey: run])
    return TrainerCopy(write: { try file.write(to: $0, replacing: true) }, writeGrid: nil)
  }
}
