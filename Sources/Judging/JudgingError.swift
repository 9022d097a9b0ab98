import Records

/// A concept that a judge does not know.
public enum JudgingError: Error, Equatable, CustomStringConvertible {
  /// A class that the judge does not tell apart.
  case unknownClass(name: String, known: [String])
  /// An attribute that the judge does not know.
  case unknownAttribute(name: String, known: [String])

  /// One sentence that names what was asked for and what there is.
  public var description: String {
    switch self {
    case .unknownClass(let name, let known):
      "the judge knows no class '\(name)'; it knows \(list(known))"
        + suggestion(name, known)
    case .unknownAttribute(let name, let known):
      "the judge knows no attribute '\(name)'; it knows \(list(known)), each also "
        + "with \(Concept.absence)" + suggestion(name, known)
    }
  }

  /// The names, or the first of very many.
  private func list(_ names: [String]) -> String {
    let shown = names.prefix(50).joined(separator: ", ")
    return names.count > 50 ? "\(shown) and \(names.count - 50) more" : shown
  }

  /// Names that are near, where there are so many that the one is hard to find.
  private func suggestion(_ name: String, _ known: [String]) -> String {
    let found =
      known.count < 8
      ? [] : NearestNames.of(name.replacing(Concept.absence, with: ""), among: known)
    return found.isEmpty
      ? "" : ". Did you mean \(found.map { "'\($0)'" }.joined(separator: " or "))?"
  }
}
