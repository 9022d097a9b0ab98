/// Reads the JSON object of a safetensors file, and refuses everything that the format does not
/// allow.
///
/// A general JSON reader silently keeps one of two equal keys, and builds any tree that a damaged
/// file describes. This one knows the expected structure.
struct SafetensorsHeaderReader {
  private let bytes: UnsafeRawBufferPointer
  private let file: MappedFile
  private var position = 0

  private(set) var entries: [SafetensorsHeader.Entry] = []
  private(set) var metadata: [String: String] = [:]
  private var names: Set<String> = []

  init(_ bytes: UnsafeRawBufferPointer, of file: MappedFile) {
    self.bytes = bytes
    self.file = file
  }

  mutating func readHeader() throws {
    // The format wants the brace first: `file` and friends recognise it there.
    guard bytes.first == UInt8(ascii: "{") else { throw malformed("does not start with {") }
    try readObject { reader, name in
      guard reader.names.insert(name).inserted else { throw reader.malformed("\(name) twice") }
      if name == "__metadata__" {
        try reader.readMetadata()
      } else {
        try reader.readEntry(name)
      }
    }
    skipSpace()
    guard position == bytes.count else { throw malformed("goes on after its closing brace") }
  }

  private mutating func readMetadata() throws {
    try readObject { reader, key in
      guard reader.metadata.updateValue(try reader.readString(), forKey: key) == nil else {
        throw reader.malformed("metadata \(key) twice")
      }
    }
  }

  private mutating func readEntry(_ name: String) throws {
    var typeName: String?
    var shape: [Int]?
    var offsets: [Int]?
    try readObject { reader, field in
      switch field {
      case "dtype" where typeName == nil: typeName = try reader.readString()
      case "shape" where shape == nil: shape = try reader.readIntegers(limit: 64)
      case "data_offsets" where offsets == nil: offsets = try reader.readIntegers(limit: 2)
      case "dtype", "shape", "data_offsets": throw reader.malformed("\(field) of \(name) twice")
      default: throw reader.malformed("\(name) has an unknown field \(field)")
      }
    }
    guard let typeName, let shape, let offsets, offsets.count == 2 else {
      throw malformed("\(name) lacks dtype, shape or the two data_offsets")
    }
    guard offsets[0] <= offsets[1] else {
      throw malformed("\(name) ends (\(offsets[1])) before it starts (\(offsets[0]))")
    }
    entries.append(
      .init(name: name, typeName: typeName, shape: shape, offsets: offsets[0]..<offsets[1]))
  }

  // MARK: JSON

  /// Reads `{"key": value, ...}`; `readValue` reads each value.
  private mutating func readObject(
    _ readValue: (inout SafetensorsHeaderReader, String) throws -> Void
  ) throws {
    try expect("{")
    if take("}") { return }
    repeat {
      let key = try readString()
      try expect(":")
      try readValue(&self, key)
    } while take(",")
    try expect("}")
  }

  private mutating func readIntegers(limit: Int) throws -> [Int] {
    var values: [Int] = []
    try expect("[")
    if take("]") { return values }
    repeat {
      guard values.count < limit else { throw malformed("more than \(limit) numbers in a list") }
      values.append(try readInteger())
    } while take(",")
    try expect("]")
    return values
  }

  private mutating func readInteger() throws -> Int {
    skipSpace()
    let start = position
    var value = 0
    while position < bytes.count, case let digit = bytes[position], (0x30...0x39).contains(digit) {
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Int(digit) - 0x30)
      guard !overflow, !carry else { throw malformed("a number too large") }
      value = sum
      position += 1
    }
    let digits = position - start
    guard digits > 0, digits == 1 || bytes[start] != 0x30 else {
      throw malformed("no natural number at byte \(start)")
    }
    return value
  }

  private mutating func readString() throws -> String {
    try expect("\"")
    var text: [UInt8] = []
    while true {
      guard position < bytes.count else { throw malformed("a string without an end") }
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          throw malformed("a string that is not UTF-8")
        }
        return string
      case UInt8(ascii: "\\"): try readEscape(into: &text)
      case 0..<0x20: throw malformed("a control character in a string")
      default: text.append(byte)
      }
    }
  }

  private mutating func readEscape(into text: inout [UInt8]) throws {
    guard position < bytes.count else { throw malformed("a string without an end") }
    let letter = bytes[position]
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      var units = [try readHexadecimal()]
      if UTF16.isLeadSurrogate(units[0]), position + 1 < bytes.count,
        bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u")
      {
        position += 2
        units.append(try readHexadecimal())
      }
      guard let string = String(validating: units, as: UTF16.self) else {
        throw malformed("half a surrogate pair in a string")
      }
      text.append(contentsOf: string.utf8)
    default: throw malformed("an unknown escape in a string")
    }
  }

  private mutating func readHexadecimal() throws -> UInt16 {
    var value: UInt16 = 0
    for _ in 0..<4 {
      guard position < bytes.count, case let byte = bytes[position],
        let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80
      else { throw malformed("an incomplete \\u escape") }
      value = value << 4 | UInt16(digit)
      position += 1
    }
    return value
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) {
      position += 1
    }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws {
    guard take(character) else {
      throw malformed("no \(character) at byte \(position)")
    }
  }

  private func malformed(_ problem: String) -> CheckpointError {
    file.damaged("the safetensors header", problem)
  }
}
