import Evaluation
import Records
import Runs

extension UnlearningEvaluation {
  /// The numbers by the names that metrics.json uses.
  public var json: JSON.Object {
    var result: JSON.Object = [
      "forget": JSON(forgotten.name), "samples": JSON(latents.count), "seed": JSON(latents.seed),
    ]
    for measurement in measurements { result[measurement.key.name] = measurement.value.json }
    return result
  }
}

extension MetricMeasurement.Value {
  fileprivate var json: JSON {
    switch self {
    case .number(let value): JSON(value)
    case .count(let count): JSON(count)
    case .countPerClass(let counts):
      .object(JSON.Object(counts.map { ($0.className, JSON($0.value)) }))
    case .numberPerClass(let numbers):
      .object(JSON.Object(numbers.map { ($0.className, JSON($0.value)) }))
    }
  }
}
