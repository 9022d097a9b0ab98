public import Records

/// Which of an iteration's statistics a line of progress shows, and in which words.
public struct ProgressFigures: Sendable {
  private let concept: String?

  /// Figures of a training.
  ///
  /// - Parameter concept: the class that is forgotten, where there is one.
  public init(forgetting concept: String? = nil) { self.concept = concept }

  /// The figures, `class 5: 87 %`, `D 1.38`, `G 0.812`.
  ///
  /// - Parameter statistics: of one iteration.
  /// - Returns: how much of the class is left first: it matters most, and is shown longest.
  public func words(for statistics: Statistics) -> [String] {
    let keys =
      [.remaining, .classifierLoss]
      + StatisticKey.all.filter { $0 != .remaining }
    return keys.compactMap { key in
      guard let value = statistics[key], let title = key.shortTitle else { return nil }
      if key == .validationAccuracy {
        return "\(title) \(NumberText.plain(100 * value, decimals: 1)) %"
      }
      guard key == .remaining, let concept else { return "\(title) \(NumberText.plain(value))" }
      return "\(title) \(concept): \(NumberText.plain(100 * value, decimals: 0)) %"
    }
  }
}
