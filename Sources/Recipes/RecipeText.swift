import Files
import Foundation
import Runs
import Yams

/// Recipes as YAML, which nothing else in Lethe reads or writes.
enum RecipeText {
  /// More bytes than a recipe can have.
  private static let mostBytes = 1 << 20
  /// More values than a recipe can have.
  private static let mostValues = 10_000
  /// Each alias may double what there is to read.
  private static let mostAliases = 16

  /// The values of a file.
  ///
  /// - Parameter path: the file, as the user named it.
  /// - Returns: a mapping, whose values know their lines.
  /// - Throws: ``RecipeError``.
  static func read(_ path: String) throws(RecipeError) -> RecipeValue {
    let bytes: [UInt8]
    do {
      let file = try FileReader(opening: URL(filePath: path))
      guard file.length <= mostBytes else {
        throw FileError(
          path: path, reason: "it has \(file.length) bytes, and a recipe has at most \(mostBytes)")
      }
      bytes = try file.bytes(file.length)
    } catch {
      throw .unreadable(file: path, reason: (error as? FileError)?.reason ?? "\(error)")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .unreadable(file: path, reason: "it is no text in UTF-8")
    }
    return try read(text, of: path) { .line($0, file: path) }
  }

  /// The value of a change beside the file.
  ///
  /// What begins like a list, a mapping or a quoted text is read as such; everything else is taken as it
  /// stands, so that no character of a path means anything.
  ///
  /// - Parameters:
  ///   - text: what stands behind the `=`.
  ///   - change: the whole change.
  /// - Returns: the value.
  /// - Throws: ``RecipeError``.
  static func value(_ text: String, of change: String) throws(RecipeError) -> RecipeValue {
    let place = RecipePlace.change(change)
    if ["null", "~", ""].contains(text) { return RecipeValue(content: .null, place: place) }
    guard let first = text.first, "[{\"'".contains(first) else {
      return RecipeValue(content: .scalar(text, isQuoted: false), place: place)
    }
    return try node(text, of: "the value of '\(change)'") { _ in place }
  }

  /// The values of a text, which must be a mapping.
  ///
  /// - Parameters:
  ///   - text: YAML.
  ///   - file: what errors call it.
  ///   - place: the place of a line.
  /// - Returns: the mapping; an empty one for an empty text.
  /// - Throws: ``RecipeError``.
  static func read(
    _ text: String, of file: String, _ place: (Int) -> RecipePlace
  ) throws(RecipeError) -> RecipeValue {
    let value = try node(text, of: file, place)
    switch value.content {
    case .mapping: return value
    case .null: return RecipeValue(content: .mapping([]), place: value.place)
    default:
      throw .malformed(
        place: file, line: nil, column: nil,
        problem: "expected names with values, such as 'forget: 7'")
    }
  }

  private static func node(
    _ text: String, of source: String, _ place: (Int) -> RecipePlace
  ) throws(RecipeError) -> RecipeValue {
    let lines = text.split(whereSeparator: \.isNewline).filter {
      !$0.drop { $0 == " " }.hasPrefix("#")
    }
    guard lines.reduce(0, { $0 + $1.count { $0 == "*" } }) <= mostAliases else {
      throw .malformed(
        place: source, line: nil, column: nil,
        problem: "more than \(mostAliases) aliases (*); write out what they stand for")
    }
    do {
      guard let root = try Parser(yaml: text).singleRoot() else {
        return RecipeValue(content: .null, place: place(1))
      }
      var count = 0
      return try converted(root, place, source, &count)
    } catch let error as RecipeError {
      throw error
    } catch let error as YamlError {
      throw refusal(error, of: source, text)
    } catch {
      throw .malformed(place: source, line: nil, column: nil, problem: "\(error)")
    }
  }

  private static func converted(
    _ node: Node, _ place: (Int) -> RecipePlace, _ source: String, _ count: inout Int
  ) throws(RecipeError) -> RecipeValue {
    count += 1
    let (line, column) = (node.mark?.line ?? 1, node.mark?.column)
    func refuse(_ problem: String) -> RecipeError {
      .malformed(place: source, line: line, column: column, problem: problem)
    }
    guard count <= mostValues else { throw refuse("more than \(mostValues) values") }
    // Quoted texts have one of the two by themselves.
    let isText = ["!", "tag:yaml.org,2002:str"].contains(rawTag(node))
    guard isText || rawTag(node).isEmpty else {
      throw refuse("the tag \(rawTag(node)), and a recipe has none: each option knows its kind")
    }
    let content: RecipeValue.Content
    switch node {
    case .scalar(let scalar):
      let isPlain = !isText && (scalar.style == .plain || scalar.style == .any)
      content =
        isPlain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
        ? .null : .scalar(scalar.string, isQuoted: !isPlain)
    case .sequence(let sequence):
      var values: [RecipeValue] = []
      for element in sequence { values.append(try converted(element, place, source, &count)) }
      content = .list(values)
    case .mapping(let mapping):
      var entries: [RecipeValue.Entry] = []
      for (key, value) in mapping {
        guard case .scalar(let name) = key else {
          throw refuse("a name that is a list or a mapping, expected a word")
        }
        entries.append(
          RecipeValue.Entry(
            name: name.string, place: place(name.mark?.line ?? line),
            value: try converted(value, place, source, &count)))
      }
      content = .mapping(entries)
    case .alias: throw refuse("an alias that stands for nothing")
    }
    return RecipeValue(content: content, place: place(line))
  }

  /// A node's tag as written; `Node.tag` would replace an implicit one.
  private static func rawTag(_ node: Node) -> String {
    switch node {
    case .scalar(let scalar): scalar.tag.rawValue
    case .sequence(let sequence): sequence.tag.rawValue
    case .mapping(let mapping): mapping.tag.rawValue
    case .alias: ""
    }
  }

  private static func refusal(
    _ error: YamlError, of source: String, _ text: String
  ) -> RecipeError {
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      return .malformed(
        place: source, line: mark.line, column: mark.column,
        problem: [context?.text, problem].compactMap(\.self).joined(separator: ", "))
    case .reader(let problem, let offset, _, _):
      let before = offset.map { text.utf8.prefix($0) }
      let lines = before.map { bytes in bytes.count { $0 == UInt8(ascii: "\n") } + 1 }
      let column = before.map { bytes in
        bytes.reversed().prefix { $0 != UInt8(ascii: "\n") }.count + 1
      }
      return .malformed(place: source, line: lines, column: column, problem: problem)
    case .duplicatedKeysInMapping(let names, let context):
      return .malformed(
        place: source, line: context.mark.line, column: context.mark.column,
        problem: "\(names.joined(separator: ", ")) stands there twice, and only one can count")
    default:
      return .malformed(place: source, line: nil, column: nil, problem: "\(error)")
    }
  }
}

// MARK: - Writing

extension RecipeText {
  /// Options as YAML, in their order; what was written is read as the same values.
  ///
  /// - Parameter options: the options.
  /// - Returns: the text, with a line end after it.
  /// - Throws: ``RecipeError`` for what YAML cannot hold.
  static func yaml(_ options: JSON.Object) throws(RecipeError) -> String {
    do {
      return try serialize(node: node(.object(options)), width: -1, allowUnicode: true)
    } catch {
      throw .malformed(place: "the resolved recipe", line: nil, column: nil, problem: "\(error)")
    }
  }

  private static func node(_ json: JSON) -> Node {
    switch json {
    case .object(let object):
      Node(object.map { (Node($0.key), node($0.value)) })
    case .array(let values):
      Node(values.map(node), .implicit, .flow)
    case .string(let text):
      // A quoted word stays a text for every reader, though ours would not need it.
      Node(text, .implicit, Self.isPlain(text) ? .any : .doubleQuoted)
    case .null, .bool, .integer, .number: Node(json.encoded(.line), .implicit, .plain)
    }
  }

  /// Whether no reader of YAML takes a text for something else.
  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, first.properties.isAlphabetic || first == "/"
    else { return false }
    return !["y", "n", "yes", "no", "on", "off", "true", "false", "null"].contains(
      text.lowercased())
      && text.unicodeScalars.allSatisfy {
        $0.isASCII
          && ($0.properties.isAlphabetic || ("0"..."9").contains($0)
            || "/._-".unicodeScalars.contains($0))
      }
  }
}
