import Files
import Torch

/// An array of NumPy: one in its own format, or one in a pickle.
struct NumpyArray {
  enum Content {
    /// Numbers that Lethe uses.
    case tensor(Tensor)
    /// Something else, with the reason why it is not read.
    case skipped(String)
  }

  let content: Content

  /// More dimensions than any array has.
  private static let rankLimit = 32

  private init(
    _ bytes: UnsafeRawBufferPointer, scalarType: ScalarType, shape: [Int], isFortran: Bool
  ) throws {
    // In Fortran's order the first index is the fastest: the transposed array, row by row.
    let stored = try Tensor(
      bytes: bytes, scalarType: scalarType, shape: isFortran ? shape.reversed() : shape)
    content = .tensor(
      isFortran && shape.count > 1
        ? stored.permuted(Array(shape.indices.reversed())).contiguous() : stored)
  }

  private init(skipped reason: String) { content = .skipped(reason) }
}

// MARK: - NumPy's own format

// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html: a mark, a version, the length
// of a header, the header as a Python dictionary, and the elements.
extension NumpyArray {
  private static let mark = [0x93] + Array("NUMPY".utf8)
  /// The header's bytes; NumPy's own reader takes 10,000 unless told otherwise.
  private static let headerLimit = 10_000

  static func isMarked(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes.starts(with: mark) }

  /// Reads an array that fills the bytes.
  init(_ bytes: UnsafeRawBufferPointer, part: String, of file: MappedFile) throws {
    guard bytes.count >= 10 else { throw file.truncated(in: part) }
    guard Self.isMarked(bytes) else {
      throw file.damaged(part, "does not begin as NumPy's arrays do")
    }
    let version = bytes[6]
    let lengthBytes = version == 1 ? 2 : 4
    guard (1...3).contains(version), bytes[7] == 0 else {
      throw CheckpointError.unsupported(
        path: file.path, part: part,
        what: "version \(version).\(bytes[7]) of NumPy's format; 1.0 to 3.0 are read")
    }
    let length =
      version == 1
      ? bytes.integer(at: 8, as: UInt16.self).map(Int.init)
      : bytes.integer(at: 8, as: UInt32.self).map(Int.init)
    guard let length, case let start = 8 + lengthBytes, length <= bytes.count - start else {
      throw file.truncated(in: "the header of \(part)")
    }
    guard length <= Self.headerLimit else {
      throw file.damaged(
        part, "its header says it is \(length) bytes long, at most \(Self.headerLimit) are read")
    }
    let header = Array(bytes[start..<start + length])
    guard let facts = NumpyHeader(header) else {
      throw file.damaged(part, "its header is none of NumPy's")
    }
    let elements = UnsafeRawBufferPointer(rebasing: bytes[(start + length)...])
    switch facts.type {
    case "<f8", "<f4":
      let type: ScalarType = facts.type == "<f8" ? .float64 : .float32
      guard facts.shape.count <= Self.rankLimit,
        let needed = packedByteCount(of: facts.shape, elementBytes: type.byteCount)
      else { throw file.damaged(part, "has impossible sizes \(facts.shape)") }
      guard needed <= elements.count else { throw file.truncated(in: part) }
      guard needed == elements.count else {
        throw file.damaged(part, "\(elements.count - needed) bytes follow its elements")
      }
      try self.init(elements, scalarType: type, shape: facts.shape, isFortran: facts.isFortran)
    case "|O", "O":
      self.init(
        skipped: "an array of Python objects, which is a pickle within; "
          + "Lethe runs no code of a file")
    default:
      self.init(skipped: "an array of type \(facts.type); <f8 and <f4 are read")
    }
  }
}

/// What the header of an array says: a Python dictionary of three entries.
private struct NumpyHeader {
  var type = ""
  var isFortran = false
  var shape: [Int] = []

  private let bytes: [UInt8]
  private var position = 0

  /// nil unless it is exactly such a dictionary.
  init?(_ bytes: [UInt8]) {
    self.bytes = bytes
    var missing: Set = ["descr", "fortran_order", "shape"]
    guard take("{") else { return nil }
    while !take("}") {
      guard let key = text(), missing.remove(key) != nil, take(":") else { return nil }
      switch key {
      case "descr":
        guard let value = text() else { return nil }
        type = value
      case "fortran_order":
        if word("True") {
          isFortran = true
        } else if !word("False") {
          return nil
        }
      default:
        guard let value = tuple() else { return nil }
        shape = value
      }
      if !take(",") {
        guard take("}") else { return nil }
        break
      }
    }
    skipSpace()
    guard missing.isEmpty, position == bytes.count else { return nil }
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
      position += 1
    }
  }

  /// Takes one character if it is next.
  private mutating func take(_ character: UnicodeScalar) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func word(_ word: String) -> Bool {
    skipSpace()
    guard bytes[position...].starts(with: word.utf8) else { return false }
    position += word.utf8.count
    return true
  }

  /// A text in quotes, without escapes.
  private mutating func text() -> String? {
    for quote in ["'", "\""] as [UnicodeScalar] where take(quote) {
      guard let end = bytes[position...].firstIndex(of: UInt8(ascii: quote)), end - position <= 64,
        let text = String(validating: bytes[position..<end], as: UTF8.self), !text.contains("\\")
      else { return nil }
      position = end + 1
      return text
    }
    return nil
  }

  /// Sizes in brackets; Python 2 wrote an `L` behind large ones.
  private mutating func tuple() -> [Int]? {
    guard take("(") else { return nil }
    var sizes: [Int] = []
    while !take(")") {
      skipSpace()
      let digits = bytes[position...].prefix { (0x30...0x39).contains($0) }
      guard digits.count <= 18, let size = Int(String(decoding: digits, as: UTF8.self)) else {
        return nil
      }
      position += digits.count
      _ = take("L")
      sizes.append(size)
      if !take(",") {
        // (4) is a number in brackets, and no tuple.
        guard sizes.count > 1, take(")") else { return nil }
        break
      }
    }
    return sizes
  }
}

// MARK: - Arrays in pickles

extension NumpyArray {
  /// The array that an object of a pickle is; nil if it is none.
  ///
  /// `_reconstruct` makes an empty array, whose state is `(version, shape, dtype, is in Fortran's
  /// order, bytes)`; from protocol 5 on `_frombuffer(bytes, dtype, shape, order)` does.
  init?(_ object: PickleObject, part: String, of file: MappedFile) throws {
    let fields: [PickleItem]
    switch object.className {
    case "numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct":
      guard object.state.count == 5 else {
        throw file.damaged(part, "is without the state of an array of NumPy")
      }
      fields = Array(object.state.dropFirst())
    case "numpy.core.numeric._frombuffer", "numpy._core.numeric._frombuffer":
      guard object.arguments.count == 4, let order = object.arguments[3].string,
        ["C", "F"].contains(order)
      else { throw file.damaged(part, "is none of NumPy's arrays of bytes") }
      fields = [
        object.arguments[2], object.arguments[1], .bool(order == "F"), object.arguments[0],
      ]
    default: return nil
    }
    guard let shape = fields[0].integers, case .object(let type) = fields[1],
      case .bool(let isFortran) = fields[2]
    else { throw file.damaged(part, "has no sizes, type and order") }
    guard let scalarType = NumpyType(type)?.arrayType else {
      let name = type.arguments.first?.string ?? "unknown"
      self.init(skipped: "an array of type \(name); f8 and f4, least byte first, are read")
      return
    }
    guard let bytes = fields[3].rawBytes else {
      throw file.damaged(part, "is without the bytes of its elements")
    }
    guard shape.count <= Self.rankLimit, shape.allSatisfy({ $0 >= 0 }),
      packedByteCount(of: shape, elementBytes: scalarType.byteCount) == bytes.count
    else {
      throw file.damaged(part, "of shape \(shape) does not fill its \(bytes.count) bytes")
    }
    self = try bytes.withUnsafeBytes {
      try NumpyArray($0, scalarType: scalarType, shape: shape, isFortran: isFortran)
    }
  }
}
