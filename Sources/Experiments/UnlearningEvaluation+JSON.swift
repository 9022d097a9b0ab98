public import Evaluation
import Judging
public import Runs

extension UnlearningEvaluation {
  /// The numbers by the names that metrics.json uses, and how each was taken.
  public var json: JSON.Object {
    var result: JSON.Object = [
      "forget": Self.names(forgotten), "forgotten_before": JSON(forgottenBefore.map(\.name)),
      "samples": JSON(latents.count),
      "seed": JSON(latents.seed),
    ]
    result.add(measurements)
    result["warnings"] = JSON(warnings)
    return result
  }

  /// The evaluation that metrics.json records; nil if that is of something else, or of other
  /// latents.
  ///
  /// - Parameters:
  ///   - record: the content of metrics.json.
  ///   - forgotten: what was to be forgotten.
  ///   - former: what was forgotten before.
  ///   - latents: what pictures were made of.
  init?(
    _ record: JSON.Object, forgotten: [Concept], before former: [Concept], latents: LatentList
  ) {
    guard record["forget"] == Self.names(forgotten), record["samples"] == JSON(latents.count),
      record["forgotten_before"] == JSON(former.map(\.name)),
      record["seed"] == JSON(latents.seed), let measurements = record.measurements
    else { return nil }
    self.init(
      forgotten: forgotten, forgottenBefore: former, latents: latents, measurements: measurements)
  }

  /// A name, or the names of several concepts.
  static func names(_ concepts: [Concept]) -> JSON {
    concepts.count == 1 ? JSON(concepts[0].name) : JSON(concepts.map(\.name))
  }
}
