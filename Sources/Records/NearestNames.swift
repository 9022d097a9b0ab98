/// The names that somebody may have meant by one that does not exist.
public enum NearestNames {
  /// Names that begin with the word come first, then those that hold it between dashes, then the one
  /// with the fewest letters to change; capitals do not matter.
  ///
  /// - Parameters:
  ///   - word: what was said.
  ///   - names: those that exist.
  /// - Returns: at most three of them; none where none is near.
  public static func of(_ word: String, among names: [String]) -> [String] {
    let bare = bare(word)
    guard !bare.isEmpty else { return [] }
    let beginning = names.filter { Self.bare($0).hasPrefix(bare) }
    if !beginning.isEmpty { return Array(beginning.prefix(3)) }
    let holding = names.filter {
      Self.bare($0).split(whereSeparator: { "-_".contains($0) }).contains { $0 == bare }
    }
    if !holding.isEmpty { return Array(holding.prefix(3)) }
    let changes = names.map { (name: $0, count: distance(bare, Self.bare($0))) }
    guard let best = changes.min(by: { $0.count < $1.count }),
      best.count <= max(1, (bare.count + 1) / 3)
    else { return [] }
    return [best.name]
  }

  /// How the sentence about an unknown name ends.
  ///
  /// - Parameters:
  ///   - word: what was said.
  ///   - names: those that exist.
  /// - Returns: `. Did you mean 'x'?` with the names that are near, or nothing.
  public static func question(for word: String, among names: [String]) -> String {
    let found = of(word, among: names)
    return found.isEmpty
      ? "" : ". Did you mean \(found.map { "'\($0)'" }.joined(separator: " or "))?"
  }

  /// Small letters, without the dashes before it.
  private static func bare(_ name: String) -> String {
    String(name.lowercased().drop { $0 == "-" })
  }

  /// The letters to insert, remove or change, or neighbours to swap (Damerau and Levenshtein).
  private static func distance(_ first: String, _ second: String) -> Int {
    let (from, to) = (Array(first), Array(second))
    var former: [Int] = []
    var row = Array(0...to.count)
    for (index, letter) in from.enumerated() {
      var next = [index + 1]
      for (column, other) in to.enumerated() {
        var best = min(
          next[column] + 1, row[column + 1] + 1, row[column] + (letter == other ? 0 : 1))
        if index > 0, column > 0, letter == to[column - 1], other == from[index - 1] {
          best = min(best, former[column - 1] + 1)
        }
        next.append(best)
      }
      (former, row) = (row, next)
    }
    return row[to.count]
  }
}
