import Records

/// A recipe that cannot be run as written.
public enum RecipeError: Error, Equatable, CustomStringConvertible {
  /// A file that cannot be read, or is too long for a recipe.
  case unreadable(file: String, reason: String)
  /// A file, or a change, that is no YAML.
  case malformed(place: String, line: Int?, column: Int?, problem: String)
  /// A name that no option has there.
  case unknown(RecipePlace, name: String, known: [String])
  /// A name that means nothing beside what else is asked for.
  case useless(RecipePlace, name: String, reason: String)
  /// A value of another kind.
  case unfit(RecipePlace, name: String, found: String, expected: String)
  /// A number that the option cannot have.
  case outOfRange(RecipePlace, name: String, problem: String)
  /// A name without which there is nothing to run.
  case missing(file: String, name: String, expected: String)
  /// A change that is not `NAME=VALUE`.
  case noChange(String)
  /// Sizes instead of a file, where a file is needed.
  case randomWeights(RecipePlace, isWanted: Bool)

  /// One sentence that names the file and the line, the option by its dotted name, and the way out.
  public var description: String {
    switch self {
    case .unreadable(let file, let reason): "cannot read the recipe \(file): \(reason)"
    case .malformed(let place, let line, let column, let problem):
      "\(place) is not YAML"
        + (line.map { ": line \($0)" + (column.map { ", column \($0)" } ?? "") } ?? "")
        + ": \(problem)"
    case .unknown(let place, let name, let known):
      "\(place): a recipe has no \(name)" + Self.suggestion(for: name, among: known)
    case .useless(let place, let name, let reason):
      "\(place): \(name) has no meaning here: \(reason)"
    case .unfit(let place, let name, let found, let expected):
      "\(place): \(name) is \(found), expected \(expected)"
    case .outOfRange(let place, let name, let problem): "\(place): \(name) \(problem)"
    case .missing(let file, let name, let expected):
      "\(file): \(name) is missing, expected \(expected)"
    case .noChange(let text):
      "'\(text)' is no change of a recipe, expected NAME=VALUE such as unlearning.iterations=400"
    case .randomWeights(let place, isWanted: true):
      "\(place): gan names a file, and random weights were asked for: give sizes instead, such as "
        + "gan: {size: 256, latent: 512}"
    case .randomWeights(let place, isWanted: false):
      "\(place): gan gives sizes, and only an estimate can do without a file: name the GAN's file or "
        + "run folder, or ask for an estimate with random weights"
    }
  }

  /// The names that may have been meant, else all that there are.
  private static func suggestion(for name: String, among known: [String]) -> String {
    let word = name.split(separator: ".").last.map(String.init) ?? name
    let question = NearestNames.question(for: word, among: known)
    guard question.isEmpty else { return question }
    return known.isEmpty ? "" : "; known there: \(known.joined(separator: ", "))"
  }
}
