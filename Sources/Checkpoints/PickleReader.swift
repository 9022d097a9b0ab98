import Files
import Foundation

/// Reads one pickle, protocols 0 to 5, into plain data, and never runs code.
///
/// A pickle is a program for a small stack machine. Everything in it that Python would call goes
/// through ``reduce(_:_:)``, which knows a few names and makes an inert ``PickleObject`` of the rest.
/// Work and memory are bounded by the length of the input, by that of the file on the disk and by
/// ``operationLimit``.
struct PickleReader {
  let bytes: UnsafeRawBufferPointer
  let file: MappedFile
  let part: String
  let arena: PickleArena
  /// Turns the persistent id of a pickle into a storage or tensor.
  let resolve: (PickleItem) throws -> PickleItem
  /// The storages among the bytes of the pickle, which only those of Python itself have.
  private(set) var storages: PickledStorages?

  /// Behind what was read: pickles may follow one another.
  private(set) var position: Int
  private var stack: [PickleItem] = []
  private var marks: [Int] = []
  /// By number; writers count from 0.
  private var memo: [PickleItem?] = []
  /// How many numbers of the memo are taken.
  private var memoCount = 0
  private var operations = 0

  /// More steps than any checkpoint needs (a tensor takes about twenty), which still take little
  /// time.
  private static let operationLimit = 1 << 24
  /// The steps that this input may take: one for each opcode, and one for each argument of a call,
  /// which an opcode of its own has put there unless the memo repeats it.
  private let operationLimit: Int
  /// The dictionaries, lists and objects that the file may hold: each takes ten times the memory of
  /// a number, and several bytes of an honest pickle (an opcode, its memo, its place in another).
  private let nodeLimit: Int

  init(
    _ bytes: UnsafeRawBufferPointer, at position: Int = 0, part: String, of file: MappedFile,
    arena: PickleArena, storages: PickledStorages? = nil,
    resolve: @escaping (PickleItem) throws -> PickleItem
  ) {
    self.bytes = bytes
    self.position = position
    self.part = part
    self.file = file
    self.arena = arena
    self.storages = storages
    self.resolve = resolve
    operationLimit = min(Self.operationLimit, 1 << 16 + 4 * bytes.count)
    nodeLimit = 1 << 16 + file.count
  }

  /// Runs the opcodes up to the end of the pickle.
  mutating func read() throws -> PickleItem {
    stack = []
    marks = []
    (memo, memoCount) = ([], 0)
    while true {
      try charge(1)
      let opcode = try readByte()
      if opcode == UInt8(ascii: ".") { return try pop() }
      guard
        try runScalar(opcode) || runText(opcode) || runContainer(opcode) || runMemo(opcode)
          || runObject(opcode)
      else { throw malformed("opcode 0x\(String(opcode, radix: 16)) at byte \(position - 1)") }
    }
  }

  /// Counts steps, so that a small file cannot cause much work.
  mutating func charge(_ count: Int) throws {
    operations += count
    guard operations <= operationLimit else {
      throw malformed("more than \(operationLimit) steps, which no checkpoint of its size needs")
    }
    guard arena.count <= nodeLimit else {
      throw malformed("more than \(nodeLimit) lists and objects in a file of \(file.count) bytes")
    }
  }

  func malformed(_ problem: String) -> CheckpointError { file.damaged(part, problem) }

  func unsupported(_ what: String) -> CheckpointError {
    .unsupported(path: file.path, part: part, what: what)
  }
}

// MARK: - Opcodes

extension PickleReader {
  private mutating func runScalar(_ opcode: UInt8) throws -> Bool {
    switch UnicodeScalar(opcode) {
    case "\u{80}":  // PROTO
      let version = try readByte()
      guard version <= 5 else { throw unsupported("pickle protocol \(version); 0 to 5 are read") }
    case "\u{95}": _ = try readBytes(8)  // FRAME: a hint for readers of streams
    case "N": stack.append(.none)
    case "\u{88}": stack.append(.bool(true))
    case "\u{89}": stack.append(.bool(false))
    case "J": stack.append(.integer(Int(try readInteger(Int32.self))))
    case "K": stack.append(.integer(Int(try readByte())))
    case "M": stack.append(.integer(Int(try readInteger(UInt16.self))))
    case "\u{8A}": try pushLong(count: Int(try readByte()))
    case "\u{8B}": try pushLong(count: Int(try readInteger(UInt32.self)))
    case "G":
      stack.append(.float(Double(bitPattern: try readInteger(UInt64.self).byteSwapped)))
    case "X", "T": try pushText(count: Int(try readInteger(UInt32.self)))
    case "\u{8C}", "U": try pushText(count: Int(try readByte()))
    case "\u{8D}": try pushText(count: try readCount())
    case "B": stack.append(bytes(try readBytes(Int(try readInteger(UInt32.self)))))
    case "C": stack.append(bytes(try readBytes(Int(try readByte()))))
    case "\u{8E}", "\u{96}": stack.append(bytes(try readBytes(try readCount())))
    default: return false
    }
    return true
  }

  /// The opcodes of protocol 0, whose arguments are lines of text.
  private mutating func runText(_ opcode: UInt8) throws -> Bool {
    switch UnicodeScalar(opcode) {
    case "I":
      let line = try readLine()
      switch line {
      case "00": stack.append(.bool(false))
      case "01": stack.append(.bool(true))
      default: stack.append(try integer(line))
      }
    case "L":
      let line = try readLine()
      stack.append(try integer(line.hasSuffix("L") ? String(line.dropLast()) : line))
    case "F":
      guard let value = Double(try readLine()) else { throw malformed("a number that is none") }
      stack.append(.float(value))
    case "S":
      let line = try readLine()
      guard line.count >= 2, let quote = line.first, quote == "'" || quote == "\"",
        line.last == quote
      else { throw malformed("a string without quotes") }
      stack.append(.string(unescaped(String(line.dropFirst().dropLast()))))
    case "V":
      // Latin-1, and escapes for all else.
      let text = String(String.UnicodeScalarView(try readLineBytes().map { UnicodeScalar($0) }))
      stack.append(.string(unescaped(text)))
    case "g": try recall(try memoIndex(readLine()))
    case "p": try remember(try top(), at: try memoIndex(readLine()))
    case "P": stack.append(try resolve(.string(try readLine())))
    default: return false
    }
    return true
  }

  private mutating func runContainer(_ opcode: UInt8) throws -> Bool {
    switch UnicodeScalar(opcode) {
    case "(": marks.append(stack.count)
    case "0": if marks.last == stack.count { marks.removeLast() } else { _ = try pop() }
    case "1": _ = try popToMark()
    case "2": stack.append(try top())
    case ")": stack.append(arena.tuple([]))
    case "t": stack.append(arena.tuple(try popToMark()))
    case "\u{85}", "\u{86}", "\u{87}": stack.append(arena.tuple(try pop(count: Int(opcode) - 0x84)))
    case "]", "\u{8F}": stack.append(arena.list([]))
    case "l", "\u{91}": stack.append(arena.list(try popToMark()))
    case "a":
      let item = try pop()
      try extend(try top(), with: [item])
    case "e", "\u{90}":
      let items = try popToMark()
      try extend(try top(), with: items)
    case "}": stack.append(.dictionary(arena.keep(PickleMapping())))
    case "d":
      let mapping = arena.keep(PickleMapping())
      mapping.pairs = try pairs(try popToMark())
      stack.append(.dictionary(mapping))
    case "s":
      let pair = try pop(count: 2)
      try update(try top(), with: pair)
    case "u":
      let items = try popToMark()
      try update(try top(), with: items)
    default: return false
    }
    return true
  }

  private mutating func runMemo(_ opcode: UInt8) throws -> Bool {
    switch UnicodeScalar(opcode) {
    case "q": try remember(try top(), at: Int(try readByte()))
    case "r": try remember(try top(), at: Int(try readInteger(UInt32.self)))
    case "\u{94}": try remember(try top(), at: memoCount)
    case "h": try recall(Int(try readByte()))
    case "j": try recall(Int(try readInteger(UInt32.self)))
    default: return false
    }
    return true
  }

  private mutating func runObject(_ opcode: UInt8) throws -> Bool {
    switch UnicodeScalar(opcode) {
    case "c":
      let module = try readLine()
      stack.append(.global("\(module).\(try readLine())"))
    case "\u{93}":
      let names = try pop(count: 2)
      guard let module = names[0].string, let name = names[1].string else {
        throw malformed("a class whose name is no text")
      }
      try charge((module.utf8.count + name.utf8.count) / 16)
      stack.append(.global("\(module).\(name)"))
    case "R", "\u{81}":
      let pair = try pop(count: 2)
      stack.append(try reduce(pair[0], arguments(pair[1])))
    case "\u{92}":
      let triple = try pop(count: 3)
      stack.append(try reduce(triple[0], arguments(triple[1])))
    case "o":
      let items = try popToMark()
      guard let callable = items.first else { throw malformed("an object without a class") }
      stack.append(try reduce(callable, Array(items.dropFirst())))
    case "i":
      let module = try readLine()
      let name = "\(module).\(try readLine())"
      stack.append(try reduce(.global(name), try popToMark()))
    case "b":
      let state = try pop()
      try build(try top(), state)
    case "Q": stack.append(try resolve(try pop()))
    case "\u{82}", "\u{83}", "\u{84}": throw unsupported("names from Python's extension registry")
    case "\u{97}", "\u{98}": throw unsupported("buffers outside the pickle")
    default: return false
    }
    return true
  }
}

// MARK: - Stack

extension PickleReader {
  private mutating func pop() throws -> PickleItem { try pop(count: 1)[0] }

  private mutating func pop(count: Int) throws -> [PickleItem] {
    guard stack.count - (marks.last ?? 0) >= count else { throw malformed("an empty stack") }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func popToMark() throws -> [PickleItem] {
    guard let mark = marks.popLast() else { throw malformed("no mark on the stack") }
    defer { stack.removeLast(stack.count - mark) }
    return Array(stack[mark...])
  }

  private func top() throws -> PickleItem {
    guard let item = stack.last, stack.count > marks.last ?? 0 else {
      throw malformed("an empty stack")
    }
    return item
  }

  private mutating func recall(_ index: Int) throws {
    guard memo.indices.contains(index), let item = memo[index] else {
      throw malformed("memo \(index) was never set")
    }
    stack.append(item)
  }

  private mutating func remember(_ item: PickleItem, at index: Int) throws {
    // Whatever had a smaller number took a byte, even where an optimiser removed the number since.
    guard index < position else {
      throw malformed("memo \(index) within the first \(position) bytes")
    }
    while memo.count <= index { memo.append(nil) }
    if memo[index] == nil { memoCount += 1 }
    memo[index] = item
  }

  private func arguments(_ item: PickleItem) throws -> [PickleItem] {
    guard case .tuple(let sequence) = item else { throw malformed("arguments that are no tuple") }
    return sequence.items
  }

  private func extend(_ target: PickleItem, with items: [PickleItem]) throws {
    switch target {
    case .list(let sequence): sequence.items += items
    case .object(let object): object.state += items
    default: throw malformed("items appended to what is no list")
    }
  }

  private func update(_ target: PickleItem, with items: [PickleItem]) throws {
    switch target {
    case .dictionary(let mapping): mapping.pairs += try pairs(items)
    case .object(let object): object.pairs += try pairs(items)
    default: throw malformed("entries set in what is no dictionary")
    }
  }

  private func pairs(_ items: [PickleItem]) throws -> [(key: PickleItem, value: PickleItem)] {
    guard items.count.isMultiple(of: 2) else { throw malformed("a key without a value") }
    return stride(from: 0, to: items.count, by: 2).map { (items[$0], items[$0 + 1]) }
  }
}

// MARK: - Input

extension PickleReader {
  private mutating func readBytes(_ count: Int) throws -> UnsafeRawBufferPointer {
    guard count >= 0, count <= bytes.count - position else { throw file.truncated(in: part) }
    defer { position += count }
    return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
  }

  private mutating func readByte() throws -> UInt8 {
    guard position < bytes.count else { throw file.truncated(in: part) }
    defer { position += 1 }
    return bytes[position]
  }

  private mutating func readInteger<Value: FixedWidthInteger>(_ type: Value.Type) throws -> Value {
    guard let value = bytes.integer(at: position, as: type) else {
      throw file.truncated(in: part)
    }
    position += MemoryLayout<Value>.size
    return value
  }

  private mutating func readCount() throws -> Int {
    guard let count = Int(exactly: try readInteger(UInt64.self)) else {
      throw file.truncated(in: part)
    }
    return count
  }

  private mutating func readLineBytes() throws -> Slice<UnsafeRawBufferPointer> {
    guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else {
      throw file.truncated(in: part)
    }
    defer { position = end + 1 }
    return bytes[position..<end]
  }

  private mutating func readLine() throws -> String {
    guard let line = String(validating: try readLineBytes(), as: UTF8.self) else {
      throw malformed("a name that is not UTF-8")
    }
    return line
  }

  private mutating func pushText(count: Int) throws {
    let text = try readBytes(count)
    // A `str` of Python 2 may hold any bytes.
    stack.append(String(validating: text, as: UTF8.self).map { .string($0) } ?? .bytes(Array(text)))
  }

  /// Bytes by themselves, or left where they are if they may be a storage.
  private func bytes(_ content: UnsafeRawBufferPointer) -> PickleItem {
    storages == nil || content.count < 64 ? .bytes(Array(content)) : .region(content)
  }

  private mutating func pushLong(count: Int) throws {
    let digits = try readBytes(count)
    guard count <= 8 else {
      stack.append(.largeInteger(Array(digits)))
      return
    }
    let isNegative = (digits.last ?? 0) >= 0x80
    let value = digits.reversed().reduce(isNegative ? -1 : 0) { $0 << 8 | Int($1) }
    stack.append(.integer(value))
  }

  private func integer(_ text: String) throws -> PickleItem {
    if let value = Int(text) { return .integer(value) }
    guard text.count > 18, text.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == "-") }) else {
      throw malformed("a number that is none")
    }
    // Too large for a setting; the only one with a meaning is the mark of torch.save.
    return .largeInteger(text == TorchLegacyFile.magicText ? TorchLegacyFile.magicBytes : [])
  }

  private func memoIndex(_ text: String) throws -> Int {
    guard let index = Int(text), index >= 0 else { throw malformed("a memo index that is none") }
    return index
  }

  /// Text with Python's `\n`, `\\`, `\xhh`, `\uhhhh` and the like resolved.
  private func unescaped(_ text: String) -> String {
    guard text.contains("\\") else { return text }
    var result = String.UnicodeScalarView()
    var rest = Substring(text).unicodeScalars
    while let scalar = rest.popFirst() {
      guard scalar == "\\", let letter = rest.popFirst() else {
        result.append(scalar)
        continue
      }
      switch letter {
      case "n": result.append("\n")
      case "r": result.append("\r")
      case "t": result.append("\t")
      case "x", "u", "U":
        let count = letter == "x" ? 2 : letter == "u" ? 4 : 8
        let code = UInt32(String(rest.prefix(count)), radix: 16).flatMap(UnicodeScalar.init)
        result.append(code ?? "\u{FFFD}")
        rest = rest.dropFirst(count)
      default: result.append(letter)
      }
    }
    return String(result)
  }
}
