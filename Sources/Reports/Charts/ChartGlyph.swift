/// The shape of a point: with the colours, it tells two dozen series apart.
enum ChartGlyph: Sendable, CaseIterable {
  case circle, square, triangle, diamond

  /// The shape of a series: the first ones are circles of all colours, then come squares.
  static func series(_ index: Int) -> ChartGlyph {
    allCases[index / ChartFrame.colorCount % allCases.count]
  }

  /// What a path draws around a place; all shapes have about the same area.
  ///
  /// - Parameters:
  ///   - x: the middle.
  ///   - y: the middle.
  ///   - radius: of the circle.
  /// - Returns: the value of `d`.
  func path(_ x: Double, _ y: Double, radius: Double) -> String {
    func polygon(_ corners: [(Double, Double)]) -> String {
      "M"
        + corners.map {
          "\(ChartFrame.number(x + $0 * radius)) \(ChartFrame.number(y + $1 * radius))"
        }.joined(separator: "L") + "Z"
    }
    switch self {
    case .circle:
      let (r, width) = (ChartFrame.number(radius), ChartFrame.number(2 * radius))
      return "M\(ChartFrame.number(x - radius)) \(ChartFrame.number(y))"
        + "a\(r) \(r) 0 1 0 \(width) 0a\(r) \(r) 0 1 0 -\(width) 0Z"
    case .square: return polygon([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)])
    case .triangle: return polygon([(0, -1.3), (1.2, 0.9), (-1.2, 0.9)])
    case .diamond: return polygon([(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)])
    }
  }
}
