public import Foundation
public import Torch

/// What a test has `torch.save` write.
public indirect enum TorchValue {
  case none
  case bool(Bool)
  case integer(Int)
  case number(Double)
  /// A `float64` of NumPy.
  case numpyNumber(Double)
  case text(String)
  case list([TorchValue])
  case tuple([TorchValue])
  /// Keys are texts and integers.
  case dictionary([(TorchValue, TorchValue)])
  /// A `float32` tensor.
  case tensor(Tensor)
  /// A `float32` tensor, and the argument of `_rebuild_tensor_v2` after its hooks.
  case marked(Tensor, metadata: TorchValue)
  /// Opcodes.
  case raw([UInt8])

  /// Named tensors, in their order.
  ///
  /// - Parameters:
  ///   - tensors: the entries.
  ///   - prefix: what stands before every name.
  /// - Returns: a dictionary.
  public static func stateDict(_ tensors: StateDict, prefix: String = "") -> TorchValue {
    .dictionary(tensors.map { (.text(prefix + $0.key), .tensor($0.value)) })
  }

  /// A dictionary whose keys are texts.
  ///
  /// - Parameter entries: keys and values, in their order.
  /// - Returns: the dictionary.
  public static func named(_ entries: KeyValuePairs<String, TorchValue>) -> TorchValue {
    .dictionary(entries.map { (.text($0.key), $0.value) })
  }
}

/// A file as `torch.save` writes it: a zip archive with a pickle and the storages.
public struct TorchArchive {
  private var pickle = Data([0x80, 2])
  private var storages: [Data] = []

  /// The whole file.
  ///
  /// - Parameter root: what was saved.
  /// - Returns: its bytes.
  public static func bytes(_ root: TorchValue) -> Data {
    var archive = TorchArchive()
    archive.append(root)
    archive.pickle.append(UInt8(ascii: "."))
    var file = ZipFile()
    file.add("archive/data.pkl", archive.pickle)
    for (index, storage) in archive.storages.enumerated() {
      file.add("archive/data/\(index)", storage)
    }
    return file.bytes
  }

  private mutating func append(_ value: TorchValue) {
    switch value {
    case .none: opcode("N")
    case .bool(let value): pickle.append(value ? 0x88 : 0x89)
    case .integer(let value):
      pickle += [0x8A, 8]
      pickle += withUnsafeBytes(of: value.littleEndian) { Data($0) }
    case .number(let value):
      opcode("G")
      pickle += withUnsafeBytes(of: value.bitPattern.bigEndian) { Data($0) }
    case .numpyNumber(let value): append(numpy: value)
    case .text(let text):
      opcode("X")
      pickle += withUnsafeBytes(of: UInt32(text.utf8.count).littleEndian) { Data($0) }
      pickle += Data(text.utf8)
    case .list(let items):
      opcode("](")
      for item in items { append(item) }
      opcode("e")
    case .tuple(let items):
      opcode("(")
      for item in items { append(item) }
      opcode("t")
    case .dictionary(let pairs):
      opcode("}(")
      for (key, value) in pairs {
        append(key)
        append(value)
      }
      opcode("u")
    case .tensor(let tensor): append(tensor, metadata: nil)
    case .marked(let tensor, let metadata): append(tensor, metadata: metadata)
    case .raw(let opcodes): pickle += opcodes
    }
  }

  private mutating func append(_ tensor: Tensor, metadata: TorchValue?) {
    let values = tensor.to(.float32).contiguous()
    opcode("ctorch._utils\n_rebuild_tensor_v2\n((")
    append(.text("storage"))
    opcode("ctorch\nFloatStorage\n")
    append(.text("\(storages.count)"))
    append(.text("cpu"))
    append(.integer(values.elementCount))
    opcode("tQ")
    append(.integer(0))
    append(.tuple(values.shape.map(TorchValue.integer)))
    let strides = values.shape.indices.map { values.shape[($0 + 1)...].reduce(1, *) }
    append(.tuple(strides.map(TorchValue.integer)))
    append(.bool(false))
    opcode("ccollections\nOrderedDict\n)R")
    if let metadata { append(metadata) }
    opcode("tR")
    storages.append(values.withUnsafeBytes { Data($0) })
  }

  private mutating func append(numpy value: Double) {
    opcode("cnumpy.core.multiarray\nscalar\n(cnumpy\ndtype\n(")
    append(.text("f8"))
    append(.bool(false))
    append(.bool(true))
    opcode("tR(")
    append(.integer(3))
    append(.text("<"))
    opcode("tbC\u{8}")
    pickle += withUnsafeBytes(of: value.bitPattern.littleEndian) { Data($0) }
    opcode("tR")
  }

  private mutating func opcode(_ text: String) { pickle += Data(text.utf8) }
}
