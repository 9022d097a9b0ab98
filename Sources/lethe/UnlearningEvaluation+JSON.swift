import Evaluation
import Runs

extension UnlearningEvaluation {
  /// The numbers as `--json` and metrics.json show them.
  var json: JSON.Object {
    var result: JSON.Object = [
      "pul": JSON(pul), "forgotten_class": JSON(forgottenClass), "samples": JSON(samples),
      "seed": JSON(seed), "negatives_before": JSON(percentage.negativesBefore),
      "negatives_after": JSON(percentage.negativesAfter),
      "histogram_before": histogramBefore.json, "histogram_after": histogramAfter.json,
      "kept_ratios": .object(JSON.Object(keptRatios.map { ($0.className, JSON($0.ratio)) })),
      "smallest_kept_ratio": JSON(smallestKeptRatio),
      "mean_confidence_before": JSON(confidenceBefore),
      "mean_confidence_after": JSON(confidenceAfter),
      "frechet_to_original_positives": JSON(frechetToOriginalPositives),
      "frechet_original": JSON(frechetOriginal),
    ]
    if let frechetToData, let frechetOriginalToData {
      result["frechet_to_data"] = JSON(frechetToData)
      result["original_frechet_to_data"] = JSON(frechetOriginalToData)
      result["data_count"] = JSON(dataCount)
    }
    return result
  }
}

extension ClassHistogram {
  /// Counts by class name, in the judge's order.
  var json: JSON {
    .object(JSON.Object(zip(classNames, counts).map { ($0, JSON($1)) }))
  }
}
