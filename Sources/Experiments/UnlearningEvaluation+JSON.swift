public import Evaluation
import Judging
public import Runs

extension UnlearningEvaluation {
  /// The numbers by the names that metrics.json uses, and how each was taken.
  public var json: JSON.Object {
    var result: JSON.Object = [
      "forget": forgotten.count == 1
        ? JSON(forgotten[0].name) : JSON(forgotten.map(\.name)),
      "forgotten_before": JSON(forgottenBefore.map(\.name)), "samples": JSON(latents.count),
      "seed": JSON(latents.seed),
    ]
    result.add(measurements)
    result["warnings"] = JSON(warnings)
    return result
  }
}
