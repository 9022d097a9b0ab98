import Foundation
import Torch

/// Writes a tree of plain data and tensors as a pickle of protocol 2, the one that `torch.save` writes.
///
/// Tensors become `torch._utils._rebuild_tensor_v2` over a storage that lies elsewhere in the file,
/// named by a persistent id.
struct PickleWriter {
  /// A run of elements that the pickle names, to be written as an entry of its own.
  struct Storage {
    let tensor: Tensor
    let type: ScalarType
  }

  /// The pickle.
  private(set) var bytes = Data([0x80, 2])
  /// The storages, in the order of their names: 0, 1, 2 and so on.
  private(set) var storages: [Storage] = []

  private struct Key: Hashable {
    let tensor: ObjectIdentifier
    let type: ScalarType
  }
  private var positions: [Key: Int] = [:]

  /// Writes the whole tree.
  init(_ root: TorchObject) {
    append(root)
    opcode(".")
  }

  private mutating func append(_ object: TorchObject) {
    switch object {
    case .none: opcode("N")
    case .bool(let value): bytes.append(value ? 0x88 : 0x89)
    case .integer(let value): append(value)
    case .number(let value):
      opcode("G")
      appendBytes(value.bitPattern.bigEndian)
    case .text(let text): append(text)
    case .bytes(let values):
      // Protocol 2 has no bytes; Python writes them as text of the same code points.
      global("_codecs", "encode")
      opcode("(")
      append(String(String.UnicodeScalarView(values.map { Unicode.Scalar($0) })))
      append("latin1")
      opcode("tR")
    case .list(let items):
      opcode("](")
      for item in items { append(item) }
      opcode("e")
    case .tuple(let items):
      opcode("(")
      for item in items { append(item) }
      opcode("t")
    case .dictionary(let pairs):
      opcode("}")
      append(pairs)
    case .orderedDictionary(let pairs):
      emptyOrderedDictionary()
      append(pairs)
    case .tensor(let tensor, let type): append(tensor, type)
    }
  }

  private mutating func append(_ pairs: [(key: TorchObject, value: TorchObject)]) {
    opcode("(")
    for (key, value) in pairs {
      append(key)
      append(value)
    }
    opcode("u")
  }

  private mutating func append(_ tensor: Tensor, _ type: ScalarType) {
    let key = Key(tensor: ObjectIdentifier(tensor), type: type)
    let position = positions[key] ?? storages.count
    if position == storages.count {
      positions[key] = position
      storages.append(Storage(tensor: tensor, type: type))
    }
    global("torch._utils", "_rebuild_tensor_v2")
    opcode("((")
    append("storage")
    global("torch", type.storageClass)
    append("\(position)")
    append("cpu")
    append(tensor.elementCount)
    opcode("tQ")
    append(0)
    append(.tuple(tensor.shape.map(TorchObject.integer)))
    append(.tuple(Self.strides(of: tensor.shape).map(TorchObject.integer)))
    // It needs no gradient, and has no hooks.
    append(.bool(false))
    emptyOrderedDictionary()
    opcode("tR")
  }

  /// Distances between neighbours of row-major elements.
  private static func strides(of shape: [Int]) -> [Int] {
    var result: [Int] = []
    var distance = 1
    for size in shape.reversed() {
      result.append(distance)
      // As torch counts them; a dimension without elements counts as one.
      distance *= max(size, 1)
    }
    return result.reversed()
  }

  private mutating func append(_ value: Int) {
    switch value {
    case 0...0xFF:
      opcode("K")
      bytes.append(UInt8(value))
    case 0x100...0xFFFF:
      opcode("M")
      appendBytes(UInt16(value).littleEndian)
    default:
      guard let small = Int32(exactly: value) else {
        // A length, then two's complement.
        bytes.append(contentsOf: [0x8A, 8])
        return appendBytes(Int64(value).littleEndian)
      }
      opcode("J")
      appendBytes(small.littleEndian)
    }
  }

  private mutating func append(_ text: String) {
    opcode("X")
    let characters = Data(text.utf8)
    appendBytes(UInt32(characters.count).littleEndian)
    bytes.append(characters)
  }

  private mutating func emptyOrderedDictionary() {
    global("collections", "OrderedDict")
    opcode(")R")
  }

  private mutating func global(_ module: String, _ name: String) {
    opcode("c\(module)\n\(name)\n")
  }

  private mutating func opcode(_ text: String) { bytes.append(contentsOf: Array(text.utf8)) }

  private mutating func appendBytes(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) }
  }
}

extension ScalarType {
  /// The class in `torch` that storages of the type have.
  fileprivate var storageClass: String {
    switch self {
    case .float32: "FloatStorage"
    case .float64: "DoubleStorage"
    case .float16: "HalfStorage"
    case .bfloat16: "BFloat16Storage"
    case .int64: "LongStorage"
    case .int32: "IntStorage"
    case .int16: "ShortStorage"
    case .int8: "CharStorage"
    case .uint8: "ByteStorage"
    case .bool: "BoolStorage"
    }
  }
}
