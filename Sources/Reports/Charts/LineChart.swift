import Foundation
import Records

/// Curves over a common horizontal axis.
public struct LineChart: Sendable, Equatable {
  /// A point of a curve.
  public struct Point: Sendable, Equatable {
    /// Along the horizontal axis.
    public var x: Double
    /// Along the vertical axis; a value that is not finite breaks the curve.
    public var y: Double

    /// A point.
    public init(_ x: Double, _ y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// A curve.
  public struct Series: Sendable, Equatable {
    /// Its name in the legend.
    public var name: String
    /// Its points, by rising x.
    public var points: [Point]

    /// A curve.
    public init(_ name: String, _ points: [Point]) {
      self.name = name
      self.points = points
    }
  }

  /// How the vertical axis counts.
  public enum Scale: Sendable, Equatable {
    /// Equal steps are equal differences.
    case linear
    /// Equal steps are equal ratios; values that are not positive are left out.
    case logarithmic
  }

  /// What the chart shows.
  public var title: String
  /// What lies along the horizontal axis.
  public var xLabel: String
  /// The unit of the vertical axis, beside the title.
  public var yLabel: String
  /// The curves.
  public var series: [Series]
  /// How the vertical axis counts.
  public var scale: Scale
  /// What the vertical axis covers at least.
  public var yRange: ClosedRange<Double>?
  /// Whether noisy curves of more than a hundred points are drawn faintly under their running mean.
  public var showsRunningMean: Bool
  /// What the chart tells, in a sentence or two below it.
  public var note: String

  /// A chart.
  ///
  /// - Parameters:
  ///   - title: What the chart shows.
  ///   - xLabel: What lies along the horizontal axis.
  ///   - yLabel: The unit of the vertical axis.
  ///   - series: The curves.
  ///   - scale: How the vertical axis counts.
  ///   - yRange: What the vertical axis covers at least.
  ///   - showsRunningMean: Whether noisy curves of more than a hundred points are drawn faintly under
  ///     their running mean.
  ///   - note: What the chart tells, in a sentence or two below it.
  public init(
    title: String, xLabel: String, yLabel: String = "", series: [Series], scale: Scale = .linear,
    yRange: ClosedRange<Double>? = nil, showsRunningMean: Bool = false,
    note: String = ""
  ) {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.series = series
    self.scale = scale
    self.yRange = yRange
    self.showsRunningMean = showsRunningMean
    self.note = note
  }

  /// At most this many points of a curve are drawn.
  public static let mostPoints = 600

  /// Fewer points, each the mean of a bucket of neighbours.
  ///
  /// - Parameters:
  ///   - points: A curve; values that are not finite do not count in the mean of their bucket.
  ///   - limit: At most this many points remain.
  /// - Returns: the points themselves where they are few enough.
  /// - Precondition: `limit` is positive.
  public static func downsampled(_ points: [Point], to limit: Int = mostPoints) -> [Point] {
    precondition(limit > 0, "a curve needs at least one point: \(limit)")
    guard points.count > limit else { return points }
    return (0..<limit).map { bucket in
      let range = bucket * points.count / limit..<(bucket + 1) * points.count / limit
      let finite = points[range].filter(\.y.isFinite)
      let counted = finite.isEmpty ? Array(points[range]) : finite
      let count = Double(counted.count)
      return Point(
        counted.reduce(0) { $0 + $1.x } / count, counted.reduce(0) { $0 + $1.y } / count)
    }
  }

  /// The chart as an SVG element.
  ///
  /// - Returns: an element to stand inside HTML that defines the colours.
  public func svg() -> String {
    let curves = self.curves
    let drawn = curves.joined().filter(\.y.isFinite)
    var low = drawn.map(\.y).min() ?? (scale == .linear ? 0 : 1)
    var high = drawn.map(\.y).max() ?? 1
    if let yRange { (low, high) = (min(low, yRange.lowerBound), max(high, yRange.upperBound)) }
    let y = scale == .linear ? AxisScale.linear(low, high) : .logarithmic(low, high)
    // Means of buckets stop short of the ends, so the axis goes by the points themselves.
    let xs = series.flatMap(\.points).map(\.x).filter(\.isFinite)
    // A run's first record is iteration 1, or 20: its axis starts at 0 all the same.
    let (start, end) = (xs.min() ?? 0, xs.max() ?? 1)
    let x = AxisScale.linear(
      start > 0 && start < end * 0.05 ? 0 : start, end, count: 6, extended: false)

    let frame = ChartFrame(
      title: title, yLabel: yLabel, xLabel: xLabel,
      legend: series.enumerated().map {
        .init(name: $1.name, color: $0 % ChartFrame.colorCount)
      }, y: y, xTicks: x.ticks.map { (x.position($0.value), $0.label, false) }, marksXTicks: true)
    var marks = ""
    var means = ""
    for (index, curve) in curves.enumerated() {
      let color = index % ChartFrame.colorCount
      func places(_ points: [Point]) -> [(x: Double, y: Double)?] {
        points.map { $0.y.isFinite ? (frame.x(x.position($0.x)), frame.y($0.y)) : nil }
      }
      let isSmoothed = showsRunningMean && curve.count > 100
      marks += Self.path(places(curve), style: "line\(isSmoothed ? " faint" : "") s\(color)")
      if isSmoothed {
        means += Self.path(places(Self.runningMean(curve)), style: "line mean s\(color)")
      }
      if curve.count <= 24 { marks += Self.dots(places(curve).compactMap { $0 }, color: color) }
    }
    return frame.svg(description: description(of: curves), marks: marks + means)
  }

  /// The points to draw of each series; those that cannot be drawn are no numbers.
  private var curves: [[Point]] {
    series.map { series in
      Self.downsampled(series.points.filter(\.x.isFinite)).map { point in
        let isDrawn = point.y.isFinite && (scale == .linear || point.y > 0)
        return isDrawn ? point : Point(point.x, .nan)
      }
    }
  }

  /// Each point at the mean of those around it, a twentieth of the curve in all.
  private static func runningMean(_ points: [Point]) -> [Point] {
    let reach = points.count / 40
    return points.indices.map { index in
      let window = points[max(0, index - reach)...min(points.count - 1, index + reach)]
      let finite = window.map(\.y).filter(\.isFinite)
      let mean = finite.reduce(0, +) / Double(finite.count)
      return Point(points[index].x, points[index].y.isFinite ? mean : .nan)
    }
  }

  private static func path(_ places: [(x: Double, y: Double)?], style: String) -> String {
    var path = ""
    var isDown = false
    for place in places {
      if let place {
        let pair = "\(ChartFrame.number(place.x)) \(ChartFrame.number(place.y))"
        path += (isDown ? "L" : "M") + pair
      }
      isDown = place != nil
    }
    return path.isEmpty ? "" : "<path class=\"\(style)\" d=\"\(path)\"/>\n"
  }

  private static func dots(_ places: [(x: Double, y: Double)], color: Int) -> String {
    places.map { place in
      "<circle class=\"bar s\(color)\" cx=\"\(ChartFrame.number(place.x))\" "
        + "cy=\"\(ChartFrame.number(place.y))\" r=\"3\"/>\n"
    }.joined()
  }

  /// The chart in words: where each curve starts and ends.
  var words: String { description(of: curves) }

  private func description(of curves: [[Point]]) -> String {
    zip(series, curves).map { series, curve in
      let drawn = curve.filter(\.y.isFinite)
      guard let first = drawn.first, let last = drawn.last else {
        return "\(series.name): no data."
      }
      return "\(series.name): from \(NumberText.short(first.y)) to \(NumberText.short(last.y))."
    }.joined(separator: " ")
  }
}
