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
      "the judge knows no class '\(name)'; it knows \(known.listed(atMost: 50))"
        + suggestion(name, known)
    case .unknownAttribute(let name, let known):
      "the judge knows no attribute '\(name)'; it knows \(known.listed(atMost: 50)), each also "
        + "with \(Concept.absence)" + suggestion(name, known)
    }
  }

  /// Names that are near, where there are so many that the one is hard to find.
  private func suggestion(_ name: String, _ known: [String]) -> String {
    known.count < 8
      ? "" : NearestNames.question(for: name.replacing(Concept.absence, with: ""), among: known)
  }
}
