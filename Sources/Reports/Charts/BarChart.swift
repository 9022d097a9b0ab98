import Foundation
import Records

/// Groups of bars: one group per class, one bar per series.
public struct BarChart: Sendable, Equatable {
  /// The bars of one colour.
  public struct Series: Sendable, Equatable {
    /// Its name in the legend.
    public var name: String
    /// One value per category; negative and non-finite values are not drawn.
    public var values: [Double]

    /// The bars of one colour.
    public init(_ name: String, _ values: [Double]) {
      self.name = name
      self.values = values
    }
  }

  /// What the chart shows.
  public var title: String
  /// The unit of the bars, beside the title.
  public var yLabel: String
  /// The classes from left to right.
  public var categories: [String]
  /// The bars.
  public var series: [Series]
  /// The class in question, its name set in bold.
  public var emphasized: String?
  /// What the chart tells, in a sentence or two below it.
  public var note: String

  /// A chart.
  ///
  /// - Parameters:
  ///   - title: What the chart shows.
  ///   - yLabel: The unit of the bars.
  ///   - categories: The classes from left to right.
  ///   - series: The bars.
  ///   - emphasized: The class in question.
  ///   - note: What the chart tells, in a sentence or two below it.
  /// - Precondition: Every series has one value per category.
  public init(
    title: String, yLabel: String = "", categories: [String], series: [Series],
    emphasized: String? = nil, note: String = ""
  ) {
    for series in series {
      precondition(
        series.values.count == categories.count,
        "\(series.name): \(series.values.count) values, \(categories.count) categories")
    }
    self.title = title
    self.yLabel = yLabel
    self.categories = categories
    self.series = series
    self.emphasized = emphasized
    self.note = note
  }

  /// The chart as an SVG element.
  ///
  /// - Returns: an element to stand inside HTML that defines the colours.
  public func svg() -> String {
    let highest = series.flatMap(\.values).filter(\.isFinite).max() ?? 1
    let slot = 1 / Double(max(1, categories.count))
    var frame = ChartFrame(
      title: title, yLabel: yLabel, xLabel: "",
      legend: series.enumerated().map {
        .init(name: $1.name, color: $0 % ChartFrame.colorCount)
      }, y: .linear(0, max(highest, 1e-9)), xTicks: [], marksXTicks: false, width: 960,
      height: 300)
    // Many classes, or long names: every second name, or third, until they fit.
    let nameWidth = Double(categories.map(\.count).max() ?? 0) * 7 + 8
    let every = max(1, Int((nameWidth / (slot * frame.planeWidth)).rounded(.up)))
    for (index, name) in categories.enumerated() where index % every == 0 || name == emphasized {
      frame.xTicks.append(((Double(index) + 0.5) * slot, name, name == emphasized))
    }

    let barWidth = slot * frame.planeWidth * 0.72 / Double(max(1, series.count))
    let showsValues = barWidth >= 28
    var marks = ""
    for (color, series) in series.enumerated() {
      for (index, value) in series.values.enumerated() where value.isFinite && value >= 0 {
        let offset = (Double(color) - Double(self.series.count) / 2) * barWidth
        let x = frame.x((Double(index) + 0.5) * slot) + offset
        let top = frame.y(value)
        let label = NumberText.short(value)
        let title = "\(categories[index]), \(series.name): \(label)"
        marks += "<rect class=\"bar s\(color % ChartFrame.colorCount)\" "
        marks += "x=\"\(ChartFrame.number(x + 1))\" y=\"\(ChartFrame.number(top))\" "
        marks += "width=\"\(ChartFrame.number(max(1, barWidth - 2)))\" "
        marks += "height=\"\(ChartFrame.number(frame.y(0) - top))\">"
        marks += "<title>\(Markup.html(title))</title></rect>\n"
        if showsValues {
          marks += "<text class=\"value middle\" x=\"\(ChartFrame.number(x + barWidth / 2))\" "
          marks += "y=\"\(ChartFrame.number(top - 5))\">\(Markup.html(label))</text>\n"
        }
      }
    }
    return frame.svg(description: words, marks: marks)
  }

  /// The chart in words: every bar.
  var words: String {
    series.map { series in
      let bars = zip(categories, series.values).map { "\($0) \(NumberText.short($1))" }
      return "\(series.name): \(bars.joined(separator: ", "))."
    }.joined(separator: " ")
  }
}
