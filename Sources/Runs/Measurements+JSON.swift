public import Records

extension JSON.Object {
  /// The field of metrics.json that says how each number was taken.
  public static let methodsField = "measurements"

  /// The field of metrics.json that tells which of the generators along a training is the result, by which rule.
  public static let choiceField = "choice"

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
      (MetricKey.all + MetricKey.ofTraining + [.pulPerConcept]).first { $0.name == name }
        ?? MetricKey(
          name, title: method["title"]?.string ?? name, unit: method["unit"]?.string ?? "",
          better: method["better"]?.string.flatMap(MetricKey.Direction.init) ?? .neither)
    }
  }
}

extension JSON.Object {
  /// The measured values that are here, with how each of them was taken.
  ///
  /// - Returns: nil if there are none, or not all of what ``add(_:)`` writes of them, as in records
  ///   of earlier versions.
  public var measurements: [MetricMeasurement]? {
    guard let methods = self[Self.methodsField]?.object, !methods.isEmpty else { return nil }
    var result: [MetricMeasurement] = []
    for key in metricKeys {
      guard let method = methods[key.name]?.object, let words = method["method"]?.string,
        let samples = method["samples"]?.integer,
        let value = self[key.name].flatMap(MetricMeasurement.Value.init)
      else { return nil }
      let ends = method["interval"]?.array?.compactMap(\.number) ?? []
      result.append(
        MetricMeasurement(
          key, value, method: words, sampleCount: samples, seed: method["seed"]?.seed,
          interval: ends.count == 2 && ends[0] <= ends[1] ? ends[0]...ends[1] : nil,
          warning: method["warning"]?.string))
    }
    return result
  }
}

extension JSON {
  /// A whole number that is not negative, also one beyond the range of `Int`.
  fileprivate var seed: UInt64? {
    integer.flatMap(UInt64.init(exactly:)) ?? string.flatMap(UInt64.init)
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

extension JSON.Object {
  /// A count for each class; nil if a value is none.
  fileprivate var counts: [MetricMeasurement.ClassValue<Int>]? {
    let counts = compactMap { entry in
      entry.value.integer.map { MetricMeasurement.ClassValue(entry.key, $0) }
    }
    return counts.count == count ? counts : nil
  }
}

extension MetricMeasurement.Value {
  /// The value that ``json`` gave; nil for anything else.
  fileprivate init?(_ json: JSON) {
    switch json {
    case .null: self = .number(nil)
    case .number(let value): self = .number(value)
    case .integer(let count): self = .count(count)
    case .object(let classes):
      let rows = classes.compactMap { entry in
        entry.value.object?.counts.map { MetricMeasurement.ClassValue(entry.key, $0) }
      }
      if let counts = classes.counts {
        self = .countPerClass(counts)
      } else if rows.count == classes.count {
        self = .transitions(rows)
      } else {
        self = .numberPerClass(
          classes.map { MetricMeasurement.ClassValue($0.key, $0.value.number) })
      }
    default: return nil
    }
  }

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

extension QualityPoint {
  /// The field of metrics.json that holds the points of a training.
  public static let courseField = "course"

  /// The point as metrics.json records it.
  public var json: JSON {
    var record: JSON.Object = ["iteration": JSON(iteration)]
    record.add(measurements)
    return .object(record)
  }

  /// The points that metrics.json records.
  ///
  /// - Parameter metrics: the content of the file.
  /// - Returns: in the order of training; empty if there are none.
  public static func course(of metrics: JSON.Object) -> [QualityPoint] {
    (metrics[courseField]?.array ?? []).compactMap { entry in
      guard let record = entry.object, let iteration = record["iteration"]?.integer,
        let measurements = record.measurements
      else { return nil }
      return QualityPoint(iteration: iteration, measurements: measurements)
    }
  }
}
