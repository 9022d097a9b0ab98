import CTorch

/// The type of a tensor's elements.
public enum ScalarType: Int32, Sendable, CaseIterable {
  /// IEEE single precision: the type of everything that is trained.
  case float32 = 0
  /// IEEE double precision: statistics and gradient checks.
  case float64
  /// IEEE half precision: compact files.
  case float16
  /// Brain floating point: the range of `float32`, 8 bits of precision.
  case bfloat16
  /// Signed 64-bit integers: indices and labels.
  case int64
  /// Signed 32-bit integers.
  case int32
  /// Signed 16-bit integers.
  case int16
  /// Signed 8-bit integers.
  case int8
  /// Unsigned 8-bit integers: pixels and random state.
  case uint8
  /// Truth values, one byte each.
  case bool

  /// The size of one element in bytes.
  public var byteCount: Int {
    switch self {
    case .float64, .int64: 8
    case .float32, .int32: 4
    case .float16, .bfloat16, .int16: 2
    case .int8, .uint8, .bool: 1
    }
  }

  var raw: ct_scalar_type { ct_scalar_type(rawValue: UInt32(rawValue)) }
}

/// A Swift type that tensors can be made from and read into.
public protocol TensorElement: BitwiseCopyable, Sendable {
  /// The scalar type with the same bytes.
  static var scalarType: ScalarType { get }
}

extension Float: TensorElement {
  /// `float32`.
  public static var scalarType: ScalarType { .float32 }
}
extension Double: TensorElement {
  /// `float64`.
  public static var scalarType: ScalarType { .float64 }
}
extension Int64: TensorElement {
  /// `int64`.
  public static var scalarType: ScalarType { .int64 }
}
extension Int32: TensorElement {
  /// `int32`.
  public static var scalarType: ScalarType { .int32 }
}
extension UInt8: TensorElement {
  /// `uint8`.
  public static var scalarType: ScalarType { .uint8 }
}
