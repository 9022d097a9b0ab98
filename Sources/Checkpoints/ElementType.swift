import Torch

/// The type of the elements in a storage of torch, Lethe's own or not.
struct ElementType: Equatable {
  /// As torch spells it, without `torch.`: `float32`, `complex64`.
  let name: String
  let byteCount: Int

  /// Lethe's type; nil where it has none.
  var scalarType: ScalarType? { ScalarType.allCases.first { "\($0)" == name } }

  /// The type that a global such as `torch.float32` names.
  init(dtype: String) {
    let name = dtype.hasPrefix("torch.") ? String(dtype.dropFirst(6)) : dtype
    self.init(name: name, byteCount: Self.byteCounts[name] ?? 1)
  }

  /// The type of a storage class such as `torch.FloatStorage` or `torch.cuda.HalfStorage`.
  init?(storageClass: String) {
    guard storageClass.hasPrefix("torch."),
      let last = storageClass.split(separator: ".").last, last.hasSuffix("Storage"),
      let name = Self.storages[String(last.dropLast("Storage".count))]
    else { return nil }
    self.init(name: name, byteCount: Self.byteCounts[name] ?? 1)
  }

  private init(name: String, byteCount: Int) {
    self.name = name
    self.byteCount = byteCount
  }

  private static let storages = [
    "Double": "float64", "Float": "float32", "Half": "float16", "BFloat16": "bfloat16",
    "Long": "int64", "Int": "int32", "Short": "int16", "Char": "int8", "Byte": "uint8",
    "Bool": "bool", "ComplexFloat": "complex64", "ComplexDouble": "complex128",
    "QInt8": "qint8", "QUInt8": "quint8", "QInt32": "qint32", "QUInt4x2": "quint4x2",
    "QUInt2x4": "quint2x4", "Untyped": "untyped",
  ]

  private static let byteCounts = [
    "float64": 8, "float32": 4, "float16": 2, "bfloat16": 2, "int64": 8, "int32": 4, "int16": 2,
    "int8": 1, "uint8": 1, "bool": 1, "complex32": 4, "complex64": 8, "complex128": 16,
    "qint32": 4, "uint16": 2, "uint32": 4, "uint64": 8,
  ]
}
