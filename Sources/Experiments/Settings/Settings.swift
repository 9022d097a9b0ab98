/// Options, and which of them somebody has asked for.
///
/// Options know their values, and not whether somebody chose them. That decides what follows from what: a
/// learning rate that is asked for wins over the one in a GAN's file. So flags, recipes and programs
/// write down both, and ``resolved(for:)`` draws the same conclusions for all of them:
///
/// ```swift
/// var settings = Settings(MethodOptions(preset: .paper))
/// settings.set("adaptation.model_count", to: 3) { $0.adaptation?.modelCount = $1 }
/// let options = try settings.resolved(for: file)
/// ```
public struct Settings<Options: Equatable & Sendable>: Equatable, Sendable {
  /// The options: the defaults, and on top of them what somebody has asked for.
  public var options: Options
  /// The names of what somebody has asked for, dotted and in snake_case as in options.json.
  public var given: Set<String>

  /// Options.
  ///
  /// - Parameters:
  ///   - options: the values.
  ///   - given: the names of those that somebody has asked for.
  public init(_ options: Options, given: Set<String> = []) {
    self.options = options
    self.given = given
  }

  /// Sets an option, if somebody has asked for it.
  ///
  /// - Parameters:
  ///   - name: of the option, as in options.json.
  ///   - value: what it shall be; nil where nobody has said anything.
  ///   - set: puts the value in its place.
  public mutating func set<Value>(
    _ name: String, to value: Value?, _ set: (inout Options, Value) -> Void
  ) {
    guard let value else { return }
    set(&options, value)
    given.insert(name)
  }

  /// Turns a part off, or an option that may be none.
  ///
  /// - Parameters:
  ///   - name: of the part, as in options.json.
  ///   - turnOff: puts nil in its place.
  public mutating func turnOff(_ name: String, _ turnOff: (inout Options) -> Void) {
    turnOff(&options)
    given.insert(name)
  }

  /// Sets the options of a part.
  ///
  /// - Parameters:
  ///   - name: of the part, as in options.json.
  ///   - part: its options, and which of them somebody has asked for.
  ///   - set: puts the part in its place.
  public mutating func set<Part>(
    _ name: String, to part: Settings<Part>, _ set: (inout Options, Part) -> Void
  ) {
    set(&options, part.options)
    given.formUnion(part.given.map { "\(name).\($0)" })
  }

  /// The names that somebody has asked for in a part, within the part.
  func given(in part: String) -> Set<String> {
    let prefix = part + "."
    return Set(given.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) })
  }
}
