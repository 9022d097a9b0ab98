import Evaluation
import Runs

extension UnlearningEvaluation {
  /// The numbers by the names that metrics.json uses.
  public var json: JSON.Object {
    var result: JSON.Object = [
      "forget": JSON(forgottenClass),
      "pul": JSON(pul),
      "samples": JSON(samples),
      "seed": JSON(seed),
      "negatives_before": JSON(percentage.negativesBefore),
      "negatives_after": JSON(percentage.negativesAfter),
      "histogram_before": .object(counts(histogramBefore)),
      "histogram_after": .object(counts(histogramAfter)),
      "kept_ratios": .object(JSON.Object(keptRatios.map { ($0.className, JSON($0.ratio)) })),
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

  private func counts(_ histogram: ClassHistogram) -> JSON.Object {
    JSON.Object(zip(histogram.classNames, histogram.counts).map { ($0, JSON($1)) })
  }
}
