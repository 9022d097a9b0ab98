/// Something that a picture shows or does not show: what a generator shall forget.
///
/// A concept is a name, not a position, so two judges that know the same name can be asked for the same
/// concept. What it takes to show a concept is the judge's business (``Judgement/shows(_:)``).
///
/// ```swift
/// let seven = try judge.concept(named: "7")
/// let share = judge.judge(pictures, in: .minusOneToOne).share(of: seven)
/// ```
public enum Concept: Sendable, Hashable, Codable {
  /// One of several classes that exclude each other.
  case `class`(String)
  /// An attribute that a picture has or lacks, whatever its other attributes.
  case attribute(String, isPresent: Bool)

  /// What users call the concept: a name, with `=absent` where an attribute must be missing.
  public var name: String {
    switch self {
    case .class(let name), .attribute(let name, isPresent: true): name
    case .attribute(let name, isPresent: false): name + Self.absence
    }
  }

  /// The name of the class or attribute alone, present or absent.
  public var labelName: String {
    switch self {
    case .class(let name), .attribute(let name, _): name
    }
  }

  /// What follows the name of an attribute that must be missing.
  static let absence = "=absent"
}

extension Concept: CustomStringConvertible {
  /// The concept in a sentence: `class 7`, `attribute Eyeglasses`, `attribute Eyeglasses=absent`.
  public var description: String {
    switch self {
    case .class: "class \(name)"
    case .attribute: "attribute \(name)"
    }
  }
}
