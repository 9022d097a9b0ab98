import Foundation

/// What every chart has: title, legend, axes, ticks, and the plane between them.
///
/// Colours come from classes (`s0` to `s5`), so that one chart serves light, dark and paper.
struct ChartFrame {
  /// An entry of the legend.
  struct LegendEntry {
    var name: String
    var color: Int
    /// The shape of its points; nil for a plain field of colour.
    var glyph: ChartGlyph?
  }

  var title: String
  var yLabel: String
  var xLabel: String
  var legend: [LegendEntry]
  var y: AxisScale
  /// Ticks below the plane: where, from 0 to 1, and what; `isStrong` marks the class in question.
  var xTicks: [(position: Double, label: String, isStrong: Bool)]
  /// Whether the ticks below get small marks; bars stand over their names without.
  var marksXTicks: Bool
  var width = 560.0
  var height = 320.0

  static let colorCount = 6
  private static let characterWidth = 6.7

  private var legendRows: [[(x: Double, entry: LegendEntry)]] {
    guard legend.count > 1 else { return [] }
    var rows: [[(x: Double, entry: LegendEntry)]] = [[]]
    var x = 0.0
    for entry in legend {
      let entryWidth = 36 + Double(entry.name.count) * Self.characterWidth
      if x > 0, x + entryWidth > width - 8 {
        rows.append([])
        x = 0
      }
      rows[rows.count - 1].append((x, entry))
      x += entryWidth
    }
    return rows
  }

  private var left: Double {
    14 + Double(y.ticks.map(\.label.count).max() ?? 0) * Self.characterWidth
  }
  private var right: Double { width - 14 }
  private var top: Double { 40 + Double(legendRows.count) * 20 }
  private var bottom: Double { height - (xLabel.isEmpty ? 26 : 44) }

  /// The width of the plane.
  var planeWidth: Double { right - left }

  /// The horizontal place of a share of the plane.
  func x(_ position: Double) -> Double { left + position * (right - left) }

  /// The vertical place of a value.
  func y(_ value: Double) -> Double { bottom - y.position(value) * (bottom - top) }

  /// Makes the plane as high as it is wide.
  mutating func makeSquare() { height += planeWidth - (bottom - top) }

  /// The whole chart around its marks.
  func svg(description: String, marks: String) -> String {
    var svg = """
      <svg class="chart\(width > 700 ? " wide" : "")" viewBox="0 0 \(Self.number(width)) \(Self.number(height))" role="img" \
      aria-label="\(Markup.html("\(title). \(description)"))" xmlns="http://www.w3.org/2000/svg">
      <text class="title" x="0" y="16">\(Markup.html(title))
      """
    if !yLabel.isEmpty { svg += "<tspan class=\"muted\" dx=\"8\">\(Markup.html(yLabel))</tspan>" }
    svg += "</text>\n"
    for (row, entries) in legendRows.enumerated() {
      let center = 34 + Double(row) * 20
      for (x, entry) in entries {
        if let glyph = entry.glyph {
          svg +=
            "<path class=\"bar s\(entry.color)\" d=\"\(glyph.path(x + 8, center, radius: 5))\"/>"
        } else {
          svg += "<rect class=\"bar s\(entry.color)\" x=\"\(Self.number(x))\" "
          svg += "y=\"\(Self.number(center - 5))\" width=\"14\" height=\"10\" rx=\"2\"/>"
        }
        svg += "<text x=\"\(Self.number(x + 20))\" y=\"\(Self.number(center + 4))\">"
        svg += "\(Markup.html(entry.name))</text>\n"
      }
    }
    for tick in y.ticks {
      let place = Self.number(y(tick.value))
      svg += "<line class=\"grid\" x1=\"\(Self.number(left))\" x2=\"\(Self.number(right))\" "
      svg += "y1=\"\(place)\" y2=\"\(place)\"/>"
      svg += "<text class=\"tick end\" x=\"\(Self.number(left - 8))\" y=\"\(place)\" dy=\"4\">"
      svg += "\(Markup.html(tick.label))</text>\n"
    }
    svg += "<line class=\"axis\" x1=\"\(Self.number(left))\" x2=\"\(Self.number(right))\" "
    svg += "y1=\"\(Self.number(bottom))\" y2=\"\(Self.number(bottom))\"/>\n"
    for tick in xTicks {
      let place = Self.number(x(tick.position))
      if marksXTicks {
        svg += "<line class=\"axis\" x1=\"\(place)\" x2=\"\(place)\" y1=\"\(Self.number(bottom))\" "
        svg += "y2=\"\(Self.number(bottom + 4))\"/>"
      }
      svg += "<text class=\"\(tick.isStrong ? "strong" : "tick") middle\" x=\"\(place)\" "
      svg += "y=\"\(Self.number(bottom + 18))\">\(Markup.html(tick.label))</text>\n"
    }
    if !xLabel.isEmpty {
      svg += "<text class=\"tick middle\" x=\"\(Self.number((left + right) / 2))\" "
      svg += "y=\"\(Self.number(height - 6))\">\(Markup.html(xLabel))</text>\n"
    }
    return svg + marks + "</svg>"
  }

  /// A coordinate with two decimals at most.
  static func number(_ value: Double) -> String {
    let rounded = (value * 100).rounded() / 100
    return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
  }
}
