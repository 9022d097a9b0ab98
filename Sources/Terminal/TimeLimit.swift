/// A time that a person gives, `45s`, `90m` or `1h30m`.
///
/// A number without a unit is none: it would be seconds for some and minutes for others.
public struct TimeLimit: Sendable, Equatable {
  /// The time.
  public let duration: Duration

  /// Reads a time; nil for anything else, for no time at all, and for more than ten thousand days.
  ///
  /// - Parameter text: Whole numbers with `d`, `h`, `m` or `s`, each unit once and in this order.
  public init?(_ text: String) {
    let units: [(name: Character, seconds: Int)] = [
      ("d", 86_400), ("h", 3600), ("m", 60), ("s", 1),
    ]
    var (rest, seconds) = (Substring(text), 0)
    for unit in units {
      let digits = rest.prefix { ("0"..."9").contains($0) }
      guard rest.dropFirst(digits.count).first == unit.name else { continue }
      guard digits.count <= 9, let count = Int(digits) else { return nil }
      seconds += count * unit.seconds
      rest = rest.dropFirst(digits.count + 1)
    }
    guard rest.isEmpty, (1...864_000_000).contains(seconds) else { return nil }
    duration = .seconds(seconds)
  }
}
