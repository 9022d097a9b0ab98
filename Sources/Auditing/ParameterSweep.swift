import Evaluation
import GANs
import Records
import Torch
import TorchNN

/// A generator at other places of parameter space, and what the judge sees there.
///
/// What weight noise, compression and the lines through parameter space share. The generator is copied; all
/// places are judged on the same latents. A place whose pictures are not finite is no error: it is
/// *ruined*, shows nothing of the concept, and leaves the judge no confidence.
struct ParameterSweep {
  /// A place to look at.
  struct Place {
    /// Where it stands on the horizontal axis.
    let strength: Double
    /// What tables call it.
    let name: String
    /// A vector of the generator's layout; made when the place is looked at.
    let parameters: () -> Tensor

    init(_ strength: Double, name: String? = nil, parameters: @escaping () -> Tensor) {
      self.strength = strength
      self.name = name ?? "\(strength)"
      self.parameters = parameters
    }
  }

  /// What the judge has seen at a place.
  struct Point {
    /// Where it stands on the horizontal axis.
    let strength: Double
    /// What tables call it.
    let name: String
    /// Pictures of the concept.
    let share: Proportion
    /// How sure the judge is, on average.
    let confidence: Double
    /// Whether there were no pictures to judge.
    let isRuined: Bool
  }

  private let subject: AuditSubject
  private let network: any GeneratorNetwork
  /// The generator itself: its parameters, which nobody changes.
  let start: ParameterVector

  init(of generator: AuditedGenerator, in subject: AuditSubject) {
    self.subject = subject
    network = generator.network.copy()
    start = generator.network.parameters
  }

  /// Looks at places, in order.
  ///
  /// - Parameters:
  ///   - places: where.
  ///   - progress: called with the share that is done.
  /// - Returns: a point for each.
  /// - Throws: what `progress` throws.
  func points(
    at places: [Place], progress: (Double) throws -> Void
  ) throws -> [Point] {
    let total = Double(places.count * subject.effort.repeatedSamples)
    return try places.enumerated().map { index, place in
      try point(at: place) {
        try progress(Double(index * subject.effort.repeatedSamples + $0) / total)
      }
    }
  }

  private func point(at place: Place, progress: (Int) throws -> Void) throws -> Point {
    network.parameters.values.copyInPlace(place.parameters())
    do {
      let sample = try subject.judged(network, progress: progress)
      // A judge may have no number for pictures that are finite and absurd.
      if sample.meanConfidence.isFinite {
        return Point(
          strength: place.strength, name: place.name,
          share: Proportion(sample.count(ofAny: subject.forgotten), of: sample.count),
          confidence: sample.meanConfidence, isRuined: false)
      }
    } catch EvaluationError.notFinite(of: _) {
      try progress(subject.effort.repeatedSamples)
    }
    return Point(
      strength: place.strength, name: place.name,
      share: Proportion(0, of: subject.effort.repeatedSamples), confidence: 0, isRuined: true)
  }
}

// MARK: - What is recorded

extension ParameterSweep {
  /// The largest share of the concept, with its interval.
  func largest(_ key: MetricKey, of points: [Point], method: String) -> MetricMeasurement {
    guard let largest = points.mostShown else { preconditionFailure("the largest of no shares") }
    var result = subject.share(key, largest.share, method: method)
    result.warning = points.warning
    return result
  }

  /// Where a share is reached first, between points that are joined by straight lines.
  func halfWay(
    _ key: MetricKey, to level: Double, on points: [Point], method: String
  ) -> MetricMeasurement {
    let curve = points.shares("", title: "", xTitle: "")
    return number(key, curve.firstX(reaching: level), points, method: method)
  }

  /// A number that is taken from points.
  func number(
    _ key: MetricKey, _ value: Double?, _ points: [Point], method: String
  ) -> MetricMeasurement {
    MetricMeasurement(
      key, .number(value), method: method, sampleCount: subject.effort.repeatedSamples,
      seed: subject.seed, warning: points.warning)
  }

  /// A number of each point.
  func each(
    _ key: MetricKey, of points: [Point], method: String, _ value: (Point) -> Double
  ) -> MetricMeasurement {
    MetricMeasurement(
      key,
      .numberPerClass(points.map { MetricMeasurement.ClassValue($0.name, value($0)) }),
      method: method, sampleCount: points.map(\.share.total).max() ?? 0, seed: subject.seed,
      warning: points.warning)
  }
}

extension [ParameterSweep.Point] {
  /// The point that shows most of the concept; the first of several.
  var mostShown: ParameterSweep.Point? {
    self.min { $0.share.value > $1.share.value }
  }

  /// The mean of several points at one place.
  var mean: ParameterSweep.Point {
    guard let first else { preconditionFailure("the mean of no points") }
    return ParameterSweep.Point(
      strength: first.strength, name: first.name,
      share: Proportion(
        map(\.share.count).reduce(0, +), of: map(\.share.total).reduce(0, +)),
      confidence: map(\.confidence).reduce(0, +) / Double(count),
      isRuined: contains(where: \.isRuined))
  }

  /// Which points are ruined, in a sentence.
  var warning: String? {
    var names: [String] = []
    for point in self where point.isRuined && !names.contains(point.name) {
      names.append(point.name)
    }
    guard !names.isEmpty else { return nil }
    return "pictures are not finite at \(names.joined(separator: ", ")): they count as ruined, "
      + "with nothing of the concept and a confidence of 0"
  }

  /// The share of the concept and the judge's confidence, each as a curve.
  ///
  /// - Parameters:
  ///   - name: how their names on disk begin.
  ///   - title: how their titles end, such as `under weight noise`.
  ///   - xTitle: the horizontal axis.
  /// - Returns: the two curves.
  func curves(_ name: String, title: String, xTitle: String) -> [AuditRecord.Curve] {
    [
      shares("\(name)_shares", title: "Pictures of the concept \(title)", xTitle: xTitle),
      AuditRecord.Curve(
        "\(name)_confidences", title: "How sure the judge is \(title)", xTitle: xTitle,
        yTitle: "mean confidence",
        points: map { AuditRecord.Point($0.strength, $0.confidence) }),
    ]
  }

  fileprivate func shares(_ name: String, title: String, xTitle: String) -> AuditRecord.Curve {
    AuditRecord.Curve(
      name, title: title, xTitle: xTitle, yTitle: "pictures of the concept, %",
      points: map { AuditRecord.Point($0.strength, 100 * $0.share.value) })
  }
}

extension AuditRecord.Curve {
  /// The smallest x at which the curve reaches a level, its points joined by straight lines.
  ///
  /// - Parameter level: the level.
  /// - Returns: the first x where y is at the level or above; nil where it never is.
  package func firstX(reaching level: Double) -> Double? {
    guard let index = points.firstIndex(where: { $0.y >= level }) else { return nil }
    guard index > 0 else { return points[0].x }
    let (below, above) = (points[index - 1], points[index])
    return below.x + (above.x - below.x) * (level - below.y) / (above.y - below.y)
  }
}
