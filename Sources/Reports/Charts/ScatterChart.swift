import Foundation
import Records

/// Points in the plane, both axes on one scale.
public struct ScatterChart: Sendable, Equatable {
  /// The points of one colour.
  public struct Series: Sendable, Equatable {
    /// Its name in the legend.
    public var name: String
    /// Its points; those outside of the chart are not drawn.
    public var points: [LineChart.Point]

    /// The points of one colour.
    public init(_ name: String, _ points: [LineChart.Point]) {
      self.name = name
      self.points = points
    }
  }

  /// What the chart shows.
  public var title: String
  /// The points by colour; the later ones lie above the others.
  public var series: [Series]
  /// What both axes cover.
  public var range: ClosedRange<Double>
  /// What the chart tells, in a sentence or two below it.
  public var note: String

  /// A chart.
  ///
  /// - Parameters:
  ///   - title: What the chart shows.
  ///   - series: The points by colour.
  ///   - range: What both axes cover.
  ///   - note: What the chart tells.
  public init(
    title: String, series: [Series], range: ClosedRange<Double>, note: String = ""
  ) {
    self.title = title
    self.series = series
    self.range = range
    self.note = note
  }

  /// The chart as an SVG element.
  ///
  /// - Returns: an element to stand inside HTML that defines the colours.
  public func svg() -> String {
    let axis = AxisScale.linear(range.lowerBound, range.upperBound, extended: false)
    var frame = ChartFrame(
      title: title, yLabel: "", xLabel: "",
      legend: series.enumerated().map {
        .init(name: $1.name, color: $0 % ChartFrame.colorCount)
      }, y: axis, xTicks: axis.ticks.map { (axis.position($0.value), $0.label, false) },
      marksXTicks: true, width: 330)
    frame.makeSquare()
    let marks = series.enumerated().map { index, series in
      // Strokes of no length with round ends: a dot takes a few bytes.
      let path = inside(series).map {
        "M\(ChartFrame.number(frame.x(axis.position($0.x)))) \(ChartFrame.number(frame.y($0.y)))h0"
      }.joined()
      return path.isEmpty
        ? "" : "<path class=\"dots s\(index % ChartFrame.colorCount)\" d=\"\(path)\"/>\n"
    }.joined()
    return frame.svg(description: words, marks: marks)
  }

  private func inside(_ series: Series) -> [LineChart.Point] {
    series.points.filter { range.contains($0.x) && range.contains($0.y) }
  }

  /// The chart in words: how many points of each colour.
  var words: String {
    series.map { series in
      let outside = series.points.count - inside(series).count
      return "\(series.name): \(NumberText.grouped(series.points.count)) points"
        + (outside == 0 ? "." : ", \(NumberText.grouped(outside)) of them outside of the chart.")
    }.joined(separator: " ")
  }
}
