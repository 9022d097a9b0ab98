public import Foundation

/// Tells people on standard error how a loop goes.
///
/// On a terminal one line is rewritten in place and cleared at the end; elsewhere (a log, a pipe)
/// plain lines appear, the first at once, then at most one every ten seconds, and the last.
///
///     let meter = ProgressMeter(label: "unlearn", total: 2000)
///     for iteration in 1...2000 {
///       ...
///       meter.update(iteration: iteration, figures: ["G 0.812"])
///     }
///     meter.finish()
public final class ProgressMeter {
  /// Where progress goes.
  public enum Style: Sendable {
    /// One line, rewritten at most ten times per second.
    case terminal
    /// Plain lines, at most one per this number of seconds.
    case lines(everySeconds: Double)
    /// Nowhere.
    case silent

    /// What suits standard error: a terminal that can return to the start of its line, or lines.
    public static var automatic: Style {
      StandardStreams.isTerminal(STDERR_FILENO) ? .terminal : .lines(everySeconds: 10)
    }
  }

  private let label: String
  private let total: Int
  private let style: Style
  private let clock: () -> Double
  private let output: (String) -> Void
  private let startSeconds: Double
  private var marks: [(iteration: Int, seconds: Double)]
  private var shownSeconds: Double?
  private var last: ProgressLine?
  private var lastIsShown = false

  /// A meter that starts its clock now.
  ///
  /// - Parameters:
  ///   - label: What is being done, such as `unlearn`.
  ///   - total: Iterations in all, those before a resume included.
  ///   - start: Iterations done before; they count as done, not as fast.
  ///   - style: Where progress goes.
  ///   - clock: Seconds from any origin.
  ///   - output: Takes raw text, line ends and returns included.
  public init(
    label: String, total: Int, startingAt start: Int = 0, style: Style = .automatic,
    clock: @escaping () -> Double = { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 },
    output: @escaping (String) -> Void = { StandardError.write($0) }
  ) {
    self.label = label
    self.total = total
    self.style = style
    self.clock = clock
    self.output = output
    startSeconds = clock()
    marks = [(start, startSeconds)]
  }

  /// Takes note of an iteration, and shows it if it is time.
  ///
  /// - Parameters:
  ///   - iteration: Iterations done.
  ///   - figures: Losses and other figures in words, those that matter most first.
  public func update(iteration: Int, figures: [String] = []) {
    let now = clock()
    let line = ProgressLine(
      label: label, iteration: iteration, total: total, rate: rate(at: iteration, now: now),
      elapsedSeconds: now - startSeconds, figures: figures)
    last = line
    lastIsShown = false
    let pause =
      switch style {
      case .terminal: 0.1
      case .lines(let seconds): seconds
      case .silent: Double.infinity
      }
    if let shownSeconds, now - shownSeconds < pause { return }
    show(line, now: now)
  }

  /// Prints a sentence between the lines of progress.
  ///
  /// - Parameter sentence: See ``ShownText/sentence(_:)``.
  public func note(_ sentence: String) {
    let sentence = ShownText.sentence(sentence)
    switch style {
    case .terminal: output("\r\u{1b}[K\(sentence)\n")
    case .lines: output("\(sentence)\n")
    case .silent: break
    }
  }

  /// Ends the display: clears the line of a terminal, or shows the last line if it was held back.
  public func finish() {
    switch style {
    case .terminal: if shownSeconds != nil { output("\r\u{1b}[K") }
    case .lines: if let last, !lastIsShown { show(last, now: clock()) }
    case .silent: break
    }
    shownSeconds = nil
  }

  // MARK: - Details

  private func show(_ line: ProgressLine, now: Double) {
    switch style {
    case .terminal:
      // The last column stays free: some terminals wrap as soon as it is written.
      output("\r\(line.text(fitting: Self.terminalWidth() - 1))\u{1b}[K")
    case .lines: output(line.text + "\n")
    case .silent: break
    }
    shownSeconds = now
    lastIsShown = true
  }

  /// Iterations per second over about the last half minute, because every sixteenth iteration is
  /// slower.
  private func rate(at iteration: Int, now: Double) -> Double? {
    defer {
      // One mark per second is enough, and keeps the list at thirty.
      if let newest = marks.last, now - newest.seconds >= 1 || marks.count == 1 {
        marks.append((iteration, now))
      }
      while marks.count > 2, now - marks[1].seconds > 30 { marks.removeFirst() }
    }
    guard let oldest = marks.first, iteration > oldest.iteration, now > oldest.seconds else {
      return nil
    }
    return Double(iteration - oldest.iteration) / (now - oldest.seconds)
  }

  private static func terminalWidth() -> Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}
