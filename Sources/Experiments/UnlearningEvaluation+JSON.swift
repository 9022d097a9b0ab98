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

  /// The evaluation that metrics.json records; nil if that is of something else, or of other
  /// latents.
  ///
  /// - Parameters:
  ///   - record: the content of metrics.json.
  ///   - forgotten: what was to be forgotten.
  ///   - latents: what pictures were made of.
  init?(_ record: JSON.Object, forgotten: Concept, latents: LatentList) {
    guard record["forget"]?.string == forgotten.name, record["samples"] == JSON(latents.count),
      record["seed"] == JSON(latents.seed), let measurements = record.measurements
    else { return nil }
    self.init(forgotten: forgotten, latents: latents, measurements: measurements)
  }
}
