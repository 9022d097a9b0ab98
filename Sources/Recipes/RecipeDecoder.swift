import Records
import Runs

/// Reads values as Swift's types, and keeps which names they asked for.
///
/// So the names of a recipe are those of the options' types, which records use as well, and stand nowhere
/// else: what nobody asks for does not exist.
struct RecipeDecoder: Decoder {
  /// What a whole recipe was asked for.
  final class Log {
    /// The names that types asked a part for, by the part's dotted name.
    fileprivate(set) var names: [String: [String]] = [:]

    fileprivate func ask(_ name: String, of part: String) {
      guard !(names[part] ?? []).contains(name) else { return }
      names[part, default: []].append(name)
    }
  }

  fileprivate let value: RecipeValue
  fileprivate let log: Log
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  fileprivate init(_ value: RecipeValue, _ log: Log, _ path: [any CodingKey]) {
    self.value = value
    self.log = log
    codingPath = path
  }

  /// Reads a value.
  ///
  /// - Parameters:
  ///   - type: what is wanted.
  ///   - value: what there is.
  ///   - log: keeps which names are asked for.
  /// - Returns: the value as that type.
  /// - Throws: ``RecipeError``.
  static func read<Wanted: Decodable>(
    _ type: Wanted.Type, from value: RecipeValue, log: Log = Log()
  ) throws -> Wanted {
    do {
      return try RecipeDecoder(value, log, []).read(type)
    } catch DecodingError.dataCorrupted(let context) {
      let path = context.codingPath.map(\.recipeName)
      throw RecipeError.unfit(
        value[path: path]?.place ?? value.place, name: path.joined(separator: "."),
        found: "'\(value[path: path]?.text ?? "")'",
        expected: "another value: \(context.debugDescription)"
      )
    }
  }

  /// The dotted name of the value.
  fileprivate var name: String { codingPath.map(\.recipeName).joined(separator: ".") }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .mapping = value.content else {
      throw unfit("options with names, such as {iterations: 150}")
    }
    return KeyedDecodingContainer(Keyed(decoder: self))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard case .list(let values) = value.content else { throw unfit("a list") }
    return Unkeyed(decoder: self, values: values)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { Single(decoder: self) }

  // MARK: - Values

  fileprivate func child(_ key: any CodingKey) -> RecipeDecoder? {
    log.ask(key.recipeName, of: name)
    return value[key.recipeName].map { RecipeDecoder($0, log, codingPath + [key]) }
  }

  fileprivate func require(_ key: any CodingKey) throws -> RecipeDecoder {
    guard let child = child(key) else {
      let name = (codingPath + [key]).map(\.recipeName).joined(separator: ".")
      throw RecipeError.unfit(value.place, name: name, found: "missing", expected: "a value")
    }
    return child
  }

  fileprivate func read<Wanted: Decodable>(_ type: Wanted.Type) throws -> Wanted {
    if let result = try scalar(type) { return result }
    if let choices = choices(of: type) {
      guard let text = value.text, choices.contains(text) else {
        throw unfit(
          choices.joined(separator: ", ")
            + NearestNames.question(for: value.text ?? "", among: choices))
      }
    }
    return try Wanted(from: self)
  }

  /// The words that a type takes, where it has a list of them.
  private func choices(of type: any Decodable.Type) -> [String]? {
    func words<Choice: CaseIterable>(_ type: Choice.Type) -> [String]? {
      let words = type.allCases.compactMap { ($0 as? any RawRepresentable)?.rawValue as? String }
      return words.isEmpty ? nil : words
    }
    return (type as? any CaseIterable.Type).flatMap { words($0) }
  }

  /// A number, a truth value or a text; nil for a type that is none of them.
  private func scalar<Wanted>(_ type: Wanted.Type) throws -> Wanted? {
    switch type {
    case is String.Type:
      guard let text = value.text else { throw unfit("a word") }
      return text as? Wanted
    case is Bool.Type:
      let words = ["true": true, "false": false]
      guard let text = plainText, let value = words[text] else { throw unfit("true or false") }
      return value as? Wanted
    case is Double.Type:
      // "inf", "nan" and hexadecimal digits are numbers for Swift alone.
      guard let text = plainText, text.allSatisfy({ "0123456789.+-eE".contains($0) }),
        let number = Double(text), number.isFinite
      else { throw unfit("a number") }
      return number as? Wanted
    case let integer as any FixedWidthInteger.Type:
      guard let result = whole(integer) else {
        throw unfit(integer.isSigned ? "a whole number" : "a whole number from 0 on")
      }
      return result as? Wanted
    default: return nil
    }
  }

  private func whole<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? {
    plainText.flatMap { Number($0, radix: 10) }
  }

  private var plainText: String? {
    if case .scalar(let text, isQuoted: false) = value.content { text } else { nil }
  }

  /// What the value is, for a sentence.
  private var found: String {
    switch value.content {
    case .null: "nothing (null)"
    case .scalar(let text, _): "'\(text)'"
    case .list: "a list"
    case .mapping: "a group of options"
    }
  }

  fileprivate func unfit(_ expected: String) -> RecipeError {
    .unfit(value.place, name: name.isEmpty ? "the recipe" : name, found: found, expected: expected)
  }
}

extension CodingKey {
  /// The name in recipes and records.
  var recipeName: String { OptionsRecord.snakeCased(stringValue) }
}

/// A name, or a position in a list.
private struct RecipeKey: CodingKey {
  var stringValue: String
  var intValue: Int?
  init(position: Int) { (stringValue, intValue) = ("\(position)", position) }
  init?(stringValue: String) { (self.stringValue, intValue) = (stringValue, nil) }
  init?(intValue: Int) { self.init(position: intValue) }
}

// MARK: - Containers

private struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let decoder: RecipeDecoder
  var codingPath: [any CodingKey] { decoder.codingPath }
  var allKeys: [Key] { decoder.value.entries.compactMap { Key(stringValue: $0.name) } }

  func contains(_ key: Key) -> Bool { decoder.child(key) != nil }
  func decodeNil(forKey key: Key) throws -> Bool { try decoder.require(key).value.isNull }
  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
    try decoder.require(key).read(type)
  }
  func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try read(key) }
  func decode(_ type: String.Type, forKey key: Key) throws -> String { try read(key) }
  func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try read(key) }
  func decode(_ type: Float.Type, forKey key: Key) throws -> Float {
    Float(try read(key) as Double)
  }
  func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try read(key) }
  func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try read(key) }
  func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try read(key) }
  func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try read(key) }
  func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try read(key) }
  func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try read(key) }
  func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try read(key) }
  func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try read(key) }
  func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try read(key) }
  func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try read(key) }
  private func read<T: Decodable>(_ key: Key) throws -> T {
    try decoder.require(key).read(T.self)
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> {
    try decoder.require(key).container(keyedBy: type)
  }
  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try decoder.require(key).unkeyedContainer()
  }
  func superDecoder() -> any Decoder { decoder }
  func superDecoder(forKey key: Key) throws -> any Decoder { try decoder.require(key) }
}

private struct Unkeyed: UnkeyedDecodingContainer {
  let decoder: RecipeDecoder
  let values: [RecipeValue]
  var codingPath: [any CodingKey] { decoder.codingPath }
  var count: Int? { values.count }
  var isAtEnd: Bool { currentIndex >= values.count }
  private(set) var currentIndex = 0

  init(decoder: RecipeDecoder, values: [RecipeValue]) {
    self.decoder = decoder
    self.values = values
  }

  private mutating func next() throws -> RecipeDecoder {
    guard !isAtEnd else { throw decoder.unfit("a longer list") }
    defer { currentIndex += 1 }
    return RecipeDecoder(
      values[currentIndex], decoder.log, codingPath + [RecipeKey(position: currentIndex)])
  }

  mutating func decodeNil() throws -> Bool {
    guard !isAtEnd, values[currentIndex].isNull else { return false }
    currentIndex += 1
    return true
  }
  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try next().read(type) }
  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type
  ) throws -> KeyedDecodingContainer<Nested> { try next().container(keyedBy: type) }
  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try next().unkeyedContainer()
  }
  mutating func superDecoder() throws -> any Decoder { try next() }
}

private struct Single: SingleValueDecodingContainer {
  let decoder: RecipeDecoder
  var codingPath: [any CodingKey] { decoder.codingPath }

  func decodeNil() -> Bool { decoder.value.isNull }
  func decode<T: Decodable>(_ type: T.Type) throws -> T { try decoder.read(type) }
}
