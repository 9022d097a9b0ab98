public import Records

/// What can be said of a generator that was to forget nothing: how near its pictures come to those
/// it was trained on, and what they show.
public enum GeneratorQuality {
  /// Compares a generator's pictures with real ones.
  ///
  /// - Parameters:
  ///   - sample: what a judge has seen of the generator's pictures.
  ///   - latents: what they are made of.
  ///   - data: what the same judge has seen of real pictures.
  /// - Returns: the distance, the number of real pictures, and how many pictures show each class or
  ///   attribute.
  /// - Throws: ``EvaluationError`` if there are too few pictures, or features that are not finite.
  public static func measure(
    _ sample: JudgedSample, of latents: LatentList, against data: FrechetStatistics
  ) throws(EvaluationError) -> [MetricMeasurement] {
    let judge = sample.judgeName
    return [
      try sample.statistics().measurement(
        .frechetToTrainingData, to: data, of: latents, judgeName: judge),
      data.countMeasurement(.trainingPictures, judgeName: judge),
      MetricMeasurement(
        .histogram, .countPerClass(sample.conceptCounts.values), method: "by \(judge)",
        sampleCount: latents.count, seed: latents.seed),
    ]
  }
}
