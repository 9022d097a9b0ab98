public import Records

extension JSON.Object {
  /// The field of metrics.json that says how each number was taken.
  public static let methodsField = "measurements"

  /// Adds measured values by the names of their metrics, and how each of them was taken.
  ///
  /// - Parameter measurements: in the order to show.
  public mutating func add(_ measurements: [MetricMeasurement]) {
    var methods = self[Self.methodsField]?.object ?? [:]
    for measurement in measurements {
      self[measurement.key.name] = measurement.value.json
      methods[measurement.key.name] = measurement.method(describedBy: measurement.key)
    }
    self[Self.methodsField] = .object(methods)
  }

  /// The metrics whose values are here, in their order.
  ///
  /// Titles and units come from the record itself, so that those of others are read as well; records
  /// of earlier versions have none, and their metrics are found by name.
  public var metricKeys: [MetricKey] {
    guard let methods = self[Self.methodsField]?.object else {
      return MetricKey.all.filter { self[$0.name] != nil }
    }
    return methods.map { name, method in
      (MetricKey.all + [.pulPerConcept]).first { $0.name == name }
        ?? MetricKey(
          name, title: method["title"]?.string ?? name, unit: method["unit"]?.string ?? "",
          better: method["better"]?.string.flatMap(MetricKey.Direction.init) ?? .neither)
    }
  }
}

extension MetricMeasurement {
  fileprivate func method(describedBy key: MetricKey) -> JSON {
    var result: JSON.Object = [
      "title": .string(key.title), "unit": .string(key.unit),
      "better": .string(key.better.rawValue), "method": .string(method),
      "samples": .integer(sampleCount), "seed": JSON(seed),
    ]
    if let warning { result["warning"] = .string(warning) }
    if let interval { result["interval"] = JSON([interval.lowerBound, interval.upperBound]) }
    return .object(result)
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
    case .transitions(let rows):
      .object(
        JSON.Object(
          rows.map { row in
            let counts = row.value.map { ($0.className, JSON($0.value)) }
            return (row.className, .object(JSON.Object(counts)))
          }))
    }
  }
}

extension ExtrapolatedPoint {
  /// The point as metrics.json records it; a number that was not measured is left out.
  public var json: JSON {
    var record = JSON.Object()
    for field in Field.allCases {
      if let number = self[field] { record[field.rawValue] = JSON(number) }
    }
    record[Field.samples.rawValue] = JSON(samples)
    return .object(record)
  }

  /// A point that metrics.json records; nil where it lacks γ, PUL or the number of latents.
  ///
  /// - Parameter record: an object of it.
  public init?(_ record: JSON.Object) {
    func number(_ field: Field) -> Double? { record[field.rawValue]?.number }
    guard let gamma = number(.gamma), let pul = number(.pul) else { return nil }
    self.init(
      gamma: gamma, samples: record[Field.samples.rawValue]?.integer ?? 0, pul: pul,
      frechet: number(.frechet), frechetToData: number(.frechetToData),
      smallestKeptRatio: number(.smallestKeptRatio))
  }
}
