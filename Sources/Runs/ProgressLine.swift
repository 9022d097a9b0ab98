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
  /// Losses and other numbers, in the order to show.
  public var values: [(name: String, value: Double)]

  /// A line of the given facts.
  ///
  /// - Parameters:
  ///   - label: What is being done, such as `unlearn`.
  ///   - iteration: Iterations done.
  ///   - total: Iterations in all.
  ///   - rate: The recent rate in iterations per second.
  ///   - elapsedSeconds: Seconds since the loop started.
  ///   - values: Losses and other numbers, in the order to show.
  public init(
    label: String = "", iteration: Int, total: Int, rate: Double?, elapsedSeconds: Double,
    values: [(name: String, value: Double)] = []
  ) {
    self.label = label
    self.iteration = iteration
    self.total = total
    self.rate = rate
    self.elapsedSeconds = elapsedSeconds
    self.values = values
  }

  /// The line, `unlearn  400/2000  20 %  3.20 it/s  2:05 elapsed  8:20 left  generator 0.812`.
  public var text: String {
    var parts = label.isEmpty ? [] : [label]
    let all = String(total)
    parts.append("\(String(iteration).rightAligned(to: all.count))/\(all)")
    // Rounded down: 100 % means done.
    parts.append("\(total > 0 ? iteration * 100 / total : 100) %")
    if let rate, rate > 0, rate.isFinite {
      // Slow loops read better the other way round.
      parts.append(
        rate >= 0.1 ? "\(NumberText.plain(rate)) it/s" : "\(NumberText.plain(1 / rate)) s/it")
    }
    parts.append("\(Self.duration(elapsedSeconds)) elapsed")
    if let rate, rate > 0, rate.isFinite, iteration < total {
      parts.append("\(Self.duration(Double(total - iteration) / rate)) left")
    }
    parts += values.map { "\($0.name) \(NumberText.plain($0.value))" }
    return parts.joined(separator: "  ")
  }

  /// The line cut to a width, with an ellipsis where something is missing.
  ///
  /// - Parameter width: The number of characters that fit.
  /// - Returns: at most `width` characters.
  public func text(fitting width: Int) -> String {
    let text = text
    guard text.count > width else { return text }
    return width > 0 ? text.prefix(width - 1) + "…" : ""
  }

  /// Whether both say the same.
  public static func == (left: ProgressLine, right: ProgressLine) -> Bool {
    left.text == right.text
  }

  /// Seconds as `0:07`, `12:05` or `1:02:03`.
  ///
  /// - Parameter seconds: Negative or not finite gives `?`.
  /// - Returns: hours only where there are any.
  public static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "?" }
    let whole = Int(seconds.rounded())
    let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
  }
}
