import Evaluation
import Runs

extension UnlearningEvaluation {
  /// The numbers by the names that metrics.json uses.
  public var json: JSON.Object {
    var result: JSON.Object = [
      "forget": JSON(forgotten.name),
      "pul": JSON(pul),
      "samples": JSON(samples),
      "seed": JSON(seed),
      "negatives_before": JSON(percentage.negativesBefore),
      "negatives_after": JSON(percentage.negativesAfter),
      "histogram_before": .object(counts(countsBefore)),
      "histogram_after": .object(counts(countsAfter)),
      "kept_ratios": .object(JSON.Object(keptRatios.map { ($0.concept.name, JSON($0.ratio)) })),
      "smallest_kept_ratio": JSON(smallestKeptRatio),
      "mean_confidence_before": JSON(confidenceBefore),
      "mean_confidence_after": JSON(confidenceAfter),
      "frechet_to_original_positives": JSON(frechetToOriginalPositives),
      "frechet_original": JSON(frechetOriginal),
    ]
    if let frechetToData {
      result["frechet_to_data"] = JSON(frechetToData)
      result["original_frechet_to_data"] = JSON(frechetOriginalToData)
      result["data_pictures"] = JSON(dataCount)
    }
    return result
  }

  private func counts(_ counts: ConceptCounts) -> JSON.Object {
    JSON.Object(zip(counts.labels.names, counts.counts).map { ($0, JSON($1)) })
  }
}
