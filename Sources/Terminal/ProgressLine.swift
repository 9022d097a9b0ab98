import Records

/// How far a loop has come, as words; it knows no terminal and no clock.
public struct ProgressLine: Sendable, Equatable {
  /// What is being done, such as `unlearn`; empty for nothing.
  public var label: String
  /// Iterations done.
  public var iteration: Int
  /// Iterations in all.
  public var total: Int
  /// The recent rate in iterations per second; nil before two are done.
  public var rate: Double?
  /// Seconds since the loop started.
  public var elapsedSeconds: Double
  /// Losses and other figures in words, those that matter most first.
  public var figures: [String]

  /// A line of the given facts.
  ///
  /// - Parameters:
  ///   - label: What is being done, such as `unlearn`.
  ///   - iteration: Iterations done.
  ///   - total: Iterations in all.
  ///   - rate: The recent rate in iterations per second.
  ///   - elapsedSeconds: Seconds since the loop started.
  ///   - figures: Losses and other figures in words, those that matter most first.
  public init(
    label: String = "", iteration: Int, total: Int, rate: Double?, elapsedSeconds: Double,
    figures: [String] = []
  ) {
    self.label = label
    self.iteration = iteration
    self.total = total
    self.rate = rate
    self.elapsedSeconds = elapsedSeconds
    self.figures = figures
  }

  /// The line, `unlearn  400/2000  20 %  3.20 it/s  2:05 elapsed  8:20 left  generator 0.812`.
  public var text: String { Self.joined(parts) }

  /// The line with as many of its parts as fit into a width.
  ///
  /// Figures go first, the last before the others, then what follows from the rest. How far it is, and
  /// how long it will take, go last.
  ///
  /// - Parameter width: The number of columns that there are.
  /// - Returns: At most so many columns; cut with an ellipsis where not even one part fits.
  public func text(fitting width: Int) -> String {
    var parts = parts
    while parts.count > 1, Self.columns(Self.joined(parts)) > width,
      let least = parts.indices.max(by: { parts[$0].rank < parts[$1].rank })
    {
      parts.remove(at: least)
    }
    let text = Self.joined(parts)
    guard Self.columns(text) > width else { return text }
    var cut = Substring(text)
    while !cut.isEmpty, Self.columns(cut) > width - 1 { cut.removeLast() }
    return width > 0 ? cut + "…" : ""
  }

  /// Whether both say the same.
  public static func == (left: ProgressLine, right: ProgressLine) -> Bool {
    left.text == right.text
  }

  // MARK: - Details

  /// A part of the line; that of the highest rank is left out first.
  private typealias Part = (text: String, rank: Int)

  private var parts: [Part] {
    var parts: [Part] = label.isEmpty ? [] : [(ShownText.name(label), 2)]
    let all = String(total)
    parts.append(("\(String(iteration).rightAligned(to: all.count))/\(all)", 1))
    // Rounded down: 100 % means done.
    parts.append(("\(total > 0 ? iteration * 100 / total : 100) %", 3))
    if let rate, rate > 0, rate.isFinite {
      // Slow loops read better the other way round.
      let text =
        rate >= 0.1 ? "\(NumberText.plain(rate)) it/s" : "\(NumberText.plain(1 / rate)) s/it"
      parts.append((text, 4))
    }
    parts.append(("\(NumberText.duration(elapsedSeconds)) elapsed", 5))
    if let rate, rate > 0, rate.isFinite, iteration < total {
      parts.append(("\(NumberText.duration(Double(total - iteration) / rate)) left", 0))
    }
    parts += figures.enumerated().map { (ShownText.name($1), 6 + $0) }
    return parts
  }

  private static func joined(_ parts: [Part]) -> String {
    parts.map(\.text).joined(separator: "  ")
  }

  /// How many columns a terminal needs at most: characters of East Asia and pictures take two.
  private static func columns(_ text: some StringProtocol) -> Int {
    text.unicodeScalars.reduce(0) { $0 + ($1.value < 0x1100 ? 1 : 2) }
  }
}
