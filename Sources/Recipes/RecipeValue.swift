import Runs

/// A value of a recipe with its place; what a scalar is, number or text, whoever wants it decides.
///
/// So a class named `7`, `no` or `1e3` stays what was written, and no rule of YAML turns it into
/// something else.
struct RecipeValue: Equatable, Sendable {
  /// What there is.
  indirect enum Content: Equatable, Sendable {
    /// A number, a truth value or a text, as written; `isQuoted` where it can only be a text.
    case scalar(String, isQuoted: Bool)
    /// Nothing, on purpose.
    case null
    /// Values in order.
    case list([RecipeValue])
    /// Values by name, in order.
    case mapping([Entry])
  }

  /// A value with its name.
  struct Entry: Equatable, Sendable {
    /// The name.
    var name: String
    /// Where the name stands.
    var place: RecipePlace
    /// The value.
    var value: RecipeValue
  }

  /// What there is.
  var content: Content
  /// Where it stands.
  var place: RecipePlace
}

extension RecipeValue {
  /// Values that nobody asked for.
  init(defaults json: JSON) {
    self.init(content: Self.content(json), place: .defaults)
  }

  private static func content(_ json: JSON) -> Content {
    switch json {
    case .null: .null
    case .array(let values): .list(values.map(RecipeValue.init(defaults:)))
    case .object(let object):
      .mapping(
        object.map {
          Entry(name: $0.key, place: .defaults, value: RecipeValue(defaults: $0.value))
        })
    case .string(let text): .scalar(text, isQuoted: true)
    case .bool, .integer, .number: .scalar(json.encoded(.line), isQuoted: false)
    }
  }

  /// The entries; none for everything else.
  var entries: [Entry] { if case .mapping(let entries) = content { entries } else { [] } }

  /// The text of a scalar.
  var text: String? { if case .scalar(let text, _) = content { text } else { nil } }

  /// Whether there is nothing, on purpose.
  var isNull: Bool { content == .null }

  /// The value with a name; setting nil removes it, setting a new name appends it.
  subscript(name: String) -> RecipeValue? {
    get { entries.first { $0.name == name }?.value }
    set {
      var entries = entries
      let index = entries.firstIndex { $0.name == name }
      switch (index, newValue) {
      case (let index?, let value?):
        entries[index].value = value
        entries[index].place = value.place
      case (let index?, nil): entries.remove(at: index)
      case (nil, let value?): entries.append(Entry(name: name, place: value.place, value: value))
      case (nil, nil): break
      }
      content = .mapping(entries)
    }
  }

  /// The values without the one at a dotted name.
  ///
  /// - Parameter path: the parts of the name, at least one.
  /// - Returns: the same where nothing stands there.
  func without(path: [String]) -> RecipeValue {
    var result = self
    guard let first = path.first, let part = self[first] else { return result }
    result[first] = path.count == 1 ? nil : part.without(path: Array(path.dropFirst()))
    return result
  }

  /// The value at a dotted name.
  subscript(path path: [String]) -> RecipeValue? {
    guard let first = path.first else { return self }
    return self[first]?[path: Array(path.dropFirst())]
  }

  /// Values over values: those of `other` count where both have a name.
  ///
  /// - Parameters:
  ///   - other: what counts.
  ///   - usual: what a part holds that is off here and on there; nil where no part is known.
  /// - Returns: both.
  func overlaid(by other: RecipeValue, usual: RecipeValue? = nil) -> RecipeValue {
    guard case .mapping(let changes) = other.content else { return other }
    var result = self
    if entries.isEmpty { result.content = usual?.content ?? .mapping([]) }
    if result.entries.isEmpty { result.content = .mapping([]) }
    result.place = other.place
    for change in changes {
      let part = usual?[change.name]
      // A part that was off takes the constants that it has where it is on.
      let former = result[change.name].flatMap { $0.isNull ? part : $0 } ?? part
      var value = change.value
      if case .mapping = value.content, let former {
        value = former.overlaid(by: value, usual: part)
      }
      result[change.name] = value
      if let index = result.entries.firstIndex(where: { $0.name == change.name }) {
        var entries = result.entries
        entries[index].place = change.place
        result.content = .mapping(entries)
      }
    }
    return result
  }

  /// The dotted names of all values that somebody asked for.
  var given: Set<String> { given(under: "") }

  private func given(under name: String) -> Set<String> {
    var result: Set<String> = place.isGiven && !name.isEmpty ? [name] : []
    for entry in entries {
      result.formUnion(
        entry.value.given(under: name.isEmpty ? entry.name : "\(name).\(entry.name)"))
    }
    return result
  }
}
