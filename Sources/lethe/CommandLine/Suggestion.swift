import Records

/// What somebody may have meant by a name that does not exist.
enum Suggestion {
  /// How the sentence about an unknown name ends: the names nearest to it, or nothing.
  static func text(for word: String, among names: [String]) -> String {
    let found = NearestNames.of(word, among: names)
    return found.isEmpty
      ? "" : ". Did you mean \(found.map { "'\($0)'" }.joined(separator: " or "))?"
  }
}
