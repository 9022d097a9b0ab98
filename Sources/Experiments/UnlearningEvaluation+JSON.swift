public import Evaluation
import Judging
public import Runs

extension UnlearningEvaluation {
  /// The numbers by the names that metrics.json uses, and how each was taken.
  public var json: JSON.Object {
    var result: JSON.Object = [
      "forget": JSON(forgotten.name), "samples": JSON(latents.count), "seed": JSON(latents.seed),
    ]
    result.add(measurements)
    return result
  }
}
