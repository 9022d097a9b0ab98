import Foundation
import Records

/// What methods reach against what it costs: a point for each, the cost in ratios.
///
/// Costs of methods lie several powers of ten apart, so the vertical axis is logarithmic.
public struct TradeOffChart: Sendable, Equatable {
  /// A method.
  public struct Series: Sendable, Equatable {
    /// Its name in the legend.
    public var name: String
    /// Its runs; those without a positive, finite cost are not drawn.
    public var points: [LineChart.Point]
    /// Whether no other method reaches as much for less.
    public var isOnFront: Bool

    /// A method.
    public init(_ name: String, _ points: [LineChart.Point], isOnFront: Bool = false) {
      self.name = name
      self.points = points
      self.isOnFront = isOnFront
    }

    fileprivate var drawn: [LineChart.Point] {
      points.filter { $0.x.isFinite && $0.y.isFinite && $0.y > 0 }
    }

    /// The mean of what is drawn; nil for nothing.
    fileprivate var mean: LineChart.Point? {
      let drawn = drawn
      guard !drawn.isEmpty else { return nil }
      let count = Double(drawn.count)
      return .init(
        drawn.reduce(0) { $0 + $1.x / count }, drawn.reduce(0) { $0 + $1.y / count })
    }
  }

  /// What the chart shows.
  public var title: String
  /// What is reached.
  public var xLabel: String
  /// What it costs.
  public var yLabel: String
  /// The methods.
  public var series: [Series]
  /// What the chart tells, in a sentence or two below it.
  public var note: String

  /// A chart.
  ///
  /// - Parameters:
  ///   - title: What the chart shows.
  ///   - xLabel: What is reached.
  ///   - yLabel: What it costs.
  ///   - series: The methods.
  ///   - note: What the chart tells.
  public init(title: String, xLabel: String, yLabel: String, series: [Series], note: String = "") {
    self.title = title
    self.xLabel = xLabel
    self.yLabel = yLabel
    self.series = series
    self.note = note
  }

  /// The chart as an SVG element: small marks for the runs, a large one for their mean, and a line through the
  /// means on the front.
  ///
  /// - Returns: an element to stand inside HTML that defines the colours.
  public func svg() -> String {
    let drawn = series.flatMap(\.drawn)
    let (xs, ys) = (drawn.map(\.x), drawn.map(\.y))
    let x = AxisScale.linear(xs.min() ?? 0, xs.max() ?? 1, count: 10)
    let y = AxisScale.closeLogarithmic(ys.min() ?? 1, ys.max() ?? 1)
    let frame = ChartFrame(
      title: title, yLabel: yLabel, xLabel: xLabel,
      legend: series.enumerated().map {
        .init(name: $1.name, color: $0 % ChartFrame.colorCount, glyph: .series($0))
      }, y: y, xTicks: x.ticks.map { (x.position($0.value), $0.label, false) }, marksXTicks: true,
      width: 960, height: 480)
    func place(_ point: LineChart.Point) -> (x: Double, y: Double) {
      (frame.x(x.position(point.x)), frame.y(point.y))
    }
    let front = series.filter(\.isOnFront).compactMap(\.mean).sorted { $0.x < $1.x }.map(place)
    var line = ""
    if front.count > 1 {
      let places = front.map { "\(ChartFrame.number($0.x)) \(ChartFrame.number($0.y))" }
      line = "<path class=\"line front\" d=\"M\(places.joined(separator: "L"))\"/>\n"
    }
    var (runs, means) = ("", "")
    for (index, series) in series.enumerated() {
      guard let mean = series.mean else { continue }
      let (glyph, color) = (ChartGlyph.series(index), index % ChartFrame.colorCount)
      if series.drawn.count > 1 {
        let path = series.drawn.map(place).map { glyph.path($0.x, $0.y, radius: 3) }.joined()
        runs += "<path class=\"bar faint s\(color)\" d=\"\(path)\"/>\n"
      }
      let middle = place(mean)
      means += "<path class=\"bar s\(color)\" d=\"\(glyph.path(middle.x, middle.y, radius: 5))\">"
      means += "<title>\(Markup.html(words(series)))</title></path>\n"
    }
    return frame.svg(description: words, marks: line + runs + means)
  }

  /// The chart in words: the mean of each method.
  var words: String { series.map { words($0) + "." }.joined(separator: " ") }

  private func words(_ series: Series) -> String {
    let left = series.points.count - series.drawn.count
    let leftWords = left == 0 ? "" : ", \(NumberText.grouped(left)) not drawn"
    guard let mean = series.mean else { return "\(series.name): no data\(leftWords)" }
    return "\(series.name): \(NumberText.short(mean.x)) at \(NumberText.short(mean.y))"
      + (series.isOnFront ? ", on the front" : "") + leftWords
  }
}
