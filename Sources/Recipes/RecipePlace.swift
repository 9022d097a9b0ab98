/// Where a value of a recipe comes from.
public enum RecipePlace: Sendable, Equatable {
  /// From the defaults or the preset: nobody asked for it.
  case defaults
  /// From a line of the file.
  case line(Int, file: String)
  /// From a change beside the file, such as `seeds=3`.
  case change(String)

  /// Whether somebody asked for the value.
  public var isGiven: Bool { self != .defaults }
}

extension RecipePlace: CustomStringConvertible {
  /// The file and the line, or the change, to begin a sentence with.
  public var description: String {
    switch self {
    case .defaults: "the defaults"
    case .line(let line, let file): "\(file), line \(line)"
    case .change(let text): "the change '\(text)'"
    }
  }
}
