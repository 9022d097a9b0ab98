/// How good a generator was at one moment of its training.
public struct QualityPoint: Sendable, Equatable {
  /// The iterations behind it.
  public var iteration: Int
  /// What was measured, in the order to show.
  public var measurements: [MetricMeasurement]

  /// A point.
  ///
  /// - Parameters:
  ///   - iteration: the iterations behind it.
  ///   - measurements: what was measured, in the order to show.
  public init(iteration: Int, measurements: [MetricMeasurement]) {
    self.iteration = iteration
    self.measurements = measurements
  }

  /// The measured value of a metric.
  ///
  /// - Parameter key: the metric.
  /// - Returns: its value; nil if it was not measured.
  public subscript(key: MetricKey) -> MetricMeasurement.Value? {
    measurements.first { $0.key == key }?.value
  }

  /// The Fréchet distance to the training data; nil if it was not measured.
  public var frechetToTrainingData: Double? {
    if case .number(let distance) = self[.frechetToTrainingData] { distance } else { nil }
  }

  /// How many pictures show each class or attribute, in the judge's order.
  public var histogram: [MetricMeasurement.ClassValue<Int>] {
    if case .countPerClass(let counts) = self[.histogram] { counts } else { [] }
  }

  /// How many pictures the histogram counts.
  public var pictureCount: Int {
    measurements.first { $0.key == .histogram }?.sampleCount ?? 0
  }
}
