extension JSON {
  /// The value that a JSON text stands for.
  ///
  /// - Parameters:
  ///   - text: One JSON value, with any white space around it.
  ///   - path: The file the text comes from, for the message.
  /// - Throws: ``RunError/malformedJSON(path:line:column:expected:)``, also for a key that occurs
  ///   twice in one object and for values nested deeper than 256.
  public init(parsing text: String, path: String? = nil) throws(RunError) {
    var parser = Parser(bytes: Array(text.utf8), path: path)
    self = try parser.document()
  }
}

/// Walks the bytes of a JSON text once.
private struct Parser {
  let bytes: [UInt8]
  let path: String?
  private var position = 0
  private var depth = 0

  init(bytes: [UInt8], path: String?) {
    self.bytes = bytes
    self.path = path
  }

  mutating func document() throws(RunError) -> JSON {
    let value = try value()
    skipSpace()
    guard position == bytes.count else { throw failure("nothing more after the value") }
    return value
  }

  private mutating func value() throws(RunError) -> JSON {
    skipSpace()
    guard position < bytes.count else { throw failure("a value, not the end") }
    switch bytes[position] {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw failure("a value")
    }
  }

  private mutating func object() throws(RunError) -> JSON {
    try enter()
    var object = JSON.Object()
    skipSpace()
    while !take("}") {
      if !object.isEmpty {
        guard take(",") else { throw failure("\",\" or \"}\"") }
        skipSpace()
      }
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
        throw failure("a key in quotes")
      }
      let key = try string()
      guard object[key] == nil else { throw failure("the key \"\(key)\" only once") }
      skipSpace()
      guard take(":") else { throw failure("\":\"") }
      object[key] = try value()
      skipSpace()
    }
    depth -= 1
    return .object(object)
  }

  private mutating func array() throws(RunError) -> JSON {
    try enter()
    var elements: [JSON] = []
    skipSpace()
    while !take("]") {
      if !elements.isEmpty, !take(",") { throw failure("\",\" or \"]\"") }
      elements.append(try value())
      skipSpace()
    }
    depth -= 1
    return .array(elements)
  }

  /// Steps over an opening bracket; the limit keeps a hostile file from exhausting the stack.
  private mutating func enter() throws(RunError) {
    depth += 1
    guard depth <= 256 else { throw failure("no more than 256 levels") }
    position += 1
  }

  private mutating func number() throws(RunError) -> JSON {
    let start = position
    var isWhole = true
    _ = take("-")
    let leadingZero = position < bytes.count && bytes[position] == UInt8(ascii: "0")
    let whole = digits()
    guard whole > 0, !(leadingZero && whole > 1) else { throw failure("a number") }
    if take(".") {
      isWhole = false
      guard digits() > 0 else { throw failure("digits after the point") }
    }
    if take("e") || take("E") {
      isWhole = false
      if !take("+") { _ = take("-") }
      guard digits() > 0 else { throw failure("digits in the exponent") }
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isWhole, let value = Int(text) { return .integer(value) }
    guard let value = Double(text), value.isFinite else {
      throw failure("a number that fits 64 bits")
    }
    return .number(value)
  }

  private mutating func string() throws(RunError) -> String {
    position += 1
    var content: [UInt8] = []
    while true {
      guard position < bytes.count else { throw failure("the closing quote of a string") }
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        guard let string = String(validating: content, as: UTF8.self) else {
          throw failure("a string in UTF-8")
        }
        return string
      case UInt8(ascii: "\\"):
        position += 1
        content += String(try escape()).utf8
      case 0..<0x20: throw failure("an escaped control character")
      default:
        content.append(byte)
        position += 1
      }
    }
  }

  private mutating func escape() throws(RunError) -> Character {
    guard position < bytes.count else { throw failure("an escape") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{08}"
    case UInt8(ascii: "f"): return "\u{0c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return Character(try unicodeEscape())
    default: throw failure("an escape that JSON knows")
    }
  }

  private mutating func unicodeEscape() throws(RunError) -> Unicode.Scalar {
    let first = try hexadecimal()
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard (0xd800..<0xdc00).contains(first), take("\\"), take("u") else {
      throw failure("a pair of surrogates")
    }
    let second = try hexadecimal()
    guard (0xdc00..<0xe000).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
    else { throw failure("a pair of surrogates") }
    return scalar
  }

  private mutating func hexadecimal() throws(RunError) -> UInt32 {
    let end = position + 4
    guard end <= bytes.count, bytes[position..<end].allSatisfy(\.isHexadecimal),
      let value = UInt32(String(decoding: bytes[position..<end], as: UTF8.self), radix: 16)
    else { throw failure("four hexadecimal digits") }
    position = end
    return value
  }

  private mutating func word(_ word: String, _ value: JSON) throws(RunError) -> JSON {
    guard bytes[position...].starts(with: word.utf8) else { throw failure(word) }
    position += word.utf8.count
    return value
  }

  private mutating func digits() -> Int {
    let start = position
    while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position])
    {
      position += 1
    }
    return position - start
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[position]) {
      position += 1
    }
  }

  private func failure(_ expected: String) -> RunError {
    let before = bytes[..<min(position, bytes.count)]
    let line = before.count { $0 == 0x0a } + 1
    let column = before.count - (before.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0) + 1
    return .malformedJSON(path: path, line: line, column: column, expected: expected)
  }
}

extension UInt8 {
  fileprivate var isHexadecimal: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }
}
