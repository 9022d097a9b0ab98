import Experiments
import GANs
import Unlearning

/// Trains only the layers that turn features into colours, on positives; all others are frozen.
struct ColoursOnly: UnlearningMethod {
  static let name = "colours-only"
  static let summary = "trains the layers to RGB on positives"
  private(set) var options: UnlearningOptions

  init(_ request: UnlearningRequest) {
    options = request.options
    options.repulsion = nil
  }

  func makeTrainer(for subject: Subject, in context: ExperimentContext) throws -> GANTrainer {
    let training = try PositiveTraining(subject, options: options, context: context)
    training.model.generator.parameters.setTrainable { $0.name.hasPrefix("to_rgb") }
    return training.trainer()
  }
}
