import Torch

/// The element type of a numpy scalar or array in a pickle, such as `<f8`.
struct NumpyType {
  private let kind: Character
  private let size: Int
  private let isBigEndian: Bool

  /// The type that a pickled `numpy.dtype` describes; nil for structures, dates and text.
  init?(_ object: PickleObject) {
    guard object.className == "numpy.dtype", let code = object.arguments.first?.string,
      let kind = code.first, let size = Int(code.dropFirst()),
      ["f1", "f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"].contains(code)
    else { return nil }
    self.kind = kind
    self.size = size
    // The state is (version, byte order, ...).
    isBigEndian = object.state.count > 1 && object.state[1].string == ">"
  }

  /// The type of an array's elements; nil for arrays that are not read.
  var arrayType: ScalarType? {
    guard kind == "f", !isBigEndian else { return nil }
    return size == 8 ? .float64 : size == 4 ? .float32 : nil
  }

  /// The value of these bytes; nil if they are not of this size.
  func scalar(_ bytes: [UInt8]) -> PickleItem? {
    guard bytes.count == size else { return nil }
    let bits = (isBigEndian ? bytes : bytes.reversed()).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    switch (kind, size) {
    case ("f", 8): return .float(Double(bitPattern: bits))
    case ("f", 4): return .float(Double(Float(bitPattern: UInt32(bits))))
    case ("f", 2): return .float(Self.half(UInt16(bits)))
    case ("b", _): return .bool(bits != 0)
    case ("u", _): return Int(exactly: bits).map { .integer($0) }
    case ("i", _):
      let unused = 64 - 8 * size
      return .integer(Int(truncatingIfNeeded: bits << UInt64(unused)) >> unused)
    default: return nil
    }
  }

  /// IEEE half precision; Swift has no `Float16` on Intel Macs.
  private static func half(_ bits: UInt16) -> Double {
    let sign: Double = bits & 0x8000 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 0x1F)
    let fraction = Double(bits & 0x3FF) / 1024
    switch exponent {
    case 0: return sign * fraction * 0x1p-14
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default:
      return sign * (1 + fraction) * Double(sign: .plus, exponent: exponent - 15, significand: 1)
    }
  }
}
