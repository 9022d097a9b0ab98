import Foundation
import Testing

@testable import Reports

@Suite struct ChartTests {
  @Test(arguments: [
    (0.0, 100.0, ["0", "20", "40", "60", "80", "100"]),
    (0.0, 9.0, ["0", "2", "4", "6", "8", "10"]),
    (-0.13, 0.11, ["−0.15", "−0.10", "−0.05", "0.00", "0.05", "0.10", "0.15"]),
    (0.0, 4321.0, ["0", "1,000", "2,000", "3,000", "4,000", "5,000"]),
    (5.0, 5.0, ["4.4", "4.6", "4.8", "5.0", "5.2", "5.4", "5.6"]),
  ])
  func `ticks are multiples of one, two or five`(low: Double, high: Double, labels: [String]) {
    let axis = AxisScale.linear(low, high)
    #expect(axis.ticks.map(\.label) == labels)
    #expect(axis.range.lowerBound <= low && high <= axis.range.upperBound)
  }

  @Test func `a logarithmic axis counts in powers of ten`() {
    let axis = AxisScale.logarithmic(0.002, 50)
    #expect(axis.ticks.map(\.label) == ["0.001", "0.01", "0.1", "1", "10", "100"])
    #expect(abs(axis.position(1) - 0.6) < 1e-12)
    #expect(AxisScale.logarithmic(1e-9, 1e9).ticks.count <= 8)
    #expect(AxisScale.logarithmic(10, 10).range == 1...100)
  }

  @Test(arguments: [
    (3.4, 1795.0, ["2", "5", "10", "20", "50", "100", "200", "500", "1,000", "2,000"]),
    (5, 5, ["5", "10"]), (0.02, 0.2, ["0.02", "0.05", "0.1", "0.2"]),
    (0.001, 50, ["0.001", "0.01", "0.1", "1", "10", "100"]),
  ])
  func `a close logarithmic axis ends at one, two or five`(
    low: Double, high: Double, labels: [String]
  ) {
    let axis = AxisScale.closeLogarithmic(low, high)
    #expect(axis.ticks.map(\.label) == labels)
    #expect(axis.range.contains(low) && axis.range.contains(high))
    #expect(axis.position(axis.range.lowerBound) == 0 && axis.position(axis.range.upperBound) == 1)
  }

  @Test(arguments: [1e-300, 1e-9, 0.3, 7, 1e12, 1e300])
  func `no span makes an axis of too many ticks`(span: Double) {
    let axis = AxisScale.linear(0, span)
    #expect((2...8).contains(axis.ticks.count))
  }

  @Test func `long curves become means of buckets`() {
    let points = (0..<6000).map { LineChart.Point(Double($0), $0 % 2 == 0 ? 1 : 3) }
    let fewer = LineChart.downsampled(points)
    #expect(fewer.count == 600)
    #expect(fewer.allSatisfy { $0.y == 2 })
    #expect(fewer.first?.x == 4.5)
    #expect(LineChart.downsampled(Array(points[..<600])) == Array(points[..<600]))
    let broken = points.map { LineChart.Point($0.x, $0.x < 30 ? .nan : $0.y) }
    #expect(LineChart.downsampled(broken).prefix(4).map(\.y.isNaN) == [true, true, true, false])
  }

  @Test func `a gap breaks a curve, and is no zero`() {
    let chart = LineChart(
      title: "t", xLabel: "x",
      series: [.init("a", [.init(0, 1), .init(1, .nan), .init(2, 2), .init(3, .infinity)])])
    let svg = chart.svg()
    expectWellFormed(svg)
    #expect(svg.components(separatedBy: "M").count == 3, "two strokes")
    #expect(!svg.contains("nan") && !svg.contains("inf"))
  }

  @Test(arguments: [LineChart.Scale.linear, .logarithmic])
  func `any numbers give a well-formed chart`(scale: LineChart.Scale) {
    let worlds: [[Double]] = [
      [], [0], [.nan], [-1, 0, 1], [1e300, -1e300], [5, 5, 5], Array(repeating: 1, count: 2000),
    ]
    for values in worlds {
      let points = values.enumerated().map { LineChart.Point(Double($0), $1) }
      let chart = LineChart(
        title: hostile, xLabel: hostile, yLabel: hostile,
        series: [.init(hostile, points), .init("b", points)], scale: scale, showsRunningMean: true)
      expectWellFormed(chart.svg())
    }
  }

  @Test func `bars are well-formed, named, and mark the class in question`() {
    let chart = BarChart(
      title: hostile, categories: ["1", "7", hostile],
      series: [.init("before", [500, 527, 3]), .init("after", [510, 0, .nan])], emphasized: "7")
    let svg = chart.svg()
    expectWellFormed(svg)
    #expect(svg.contains("<title>7, before: 527</title>"))
    #expect(svg.contains("<text class=\"strong middle\""))
    #expect(!svg.contains("<script"))
    expectWellFormed(BarChart(title: "", categories: [], series: []).svg())
    expectWellFormed(
      BarChart(
        title: "many", categories: (0..<200).map { "class \($0)" },
        series: [.init("before", Array(repeating: 0, count: 200))]
      ).svg())
  }

  @Test func `a scatter chart draws every point inside its range on equal axes`() throws {
    let chart = ScatterChart(
      title: "A & B",
      series: [
        .init("stays", [.init(0, 0), .init(3, 3), .init(3.1, 0)]), .init("to forget", []),
      ], range: -3...3, note: "n")
    let svg = chart.svg()
    expectWellFormed(svg)
    #expect(svg.components(separatedBy: "h0").count == 3, "two of the three points")
    #expect(!svg.contains("dots s1"), "no path without points")
    #expect(
      chart.words == "stays: 3 points, 1 of them outside of the chart. to forget: 0 points.")
    // The point in the middle is as far from the left as from the bottom.
    let places = svg.components(separatedBy: "d=\"M").last?.prefix { $0 != "\"" }
      .replacing("h0", with: "").split(separator: "M").map {
        $0.split(separator: " ").compactMap { Double($0) }
      }
    let (middle, corner) = (try #require(places?.first), try #require(places?.last))
    #expect(abs((corner[0] - middle[0]) - (middle[1] - corner[1])) < 0.02)
  }

  @Test func `a trade-off tells two dozen methods apart, and costs by their ratios`() throws {
    let series = (0..<24).map { index in
      TradeOffChart.Series("m\(index)", [.init(Double(index), pow(10, Double(index % 4)))])
    }
    var chart = TradeOffChart(title: hostile, xLabel: hostile, yLabel: hostile, series: series)
    expectWellFormed(chart.svg())
    // Shape and colour in the legend: each pair once.
    let shapes = (0..<24).map { index in
      "s\(index % 6) \(ChartGlyph.series(index).path(0, 0, radius: 5))"
    }
    #expect(Set(shapes).count == 24)
    // A ruin leaves the others their places: 1, 10 and 1,000 are as far apart as their exponents.
    chart.series = [
      .init("good", [.init(90, 1), .init(94, 1)], isOnFront: true), .init("fair", [.init(50, 10)]),
      .init("ruin", [.init(98, 1000), .init(99, 0), .init(99, .nan)], isOnFront: true),
    ]
    let svg = chart.svg()
    expectWellFormed(svg)
    let heights = try ["good: 92", "fair: 50", "ruin: 98"].map { name in
      let mark = try #require(svg.components(separatedBy: "<title>\(name)").first)
      let path = try #require(mark.components(separatedBy: "d=\"M").last)
      return try #require(Double(path.split(separator: " ")[1].prefix { $0 != "a" }))
    }
    #expect(abs((heights[0] - heights[2]) - 3 * (heights[0] - heights[1])) < 0.05, "\(heights)")
    #expect(svg.components(separatedBy: "line front").count == 2)
    #expect(
      chart.words
        == "good: 92 at 1, on the front. fair: 50 at 10. ruin: 98 at 1,000, on the front, 2 not drawn."
    )
    chart.series = [.init("none", [.init(1, 0)])]
    #expect(chart.words == "none: no data, 1 not drawn.")
    expectWellFormed(chart.svg())
    chart.series = []
    expectWellFormed(chart.svg())
  }
}
