public import Torch

/// What a file of `torch.save` may hold when Lethe writes it: plain data and tensors.
///
/// `torch.load(weights_only=True)` accepts all of it.
///
/// ```swift
/// let root = TorchObject.dictionary([(.text("g_ema"), .stateDict(generator.stateDict))])
/// try TorchFileWriter(root).write(to: url)
/// ```
public indirect enum TorchObject: Sendable {
  /// Python's `None`.
  case none
  /// A truth value.
  case bool(Bool)
  /// An integer.
  case integer(Int)
  /// A number.
  case number(Double)
  /// Text.
  case text(String)
  /// Raw bytes.
  case bytes([UInt8])
  /// A list.
  case list([TorchObject])
  /// A tuple.
  case tuple([TorchObject])
  /// A `dict`, in its order.
  case dictionary([(key: TorchObject, value: TorchObject)])
  /// A `collections.OrderedDict`, which is what torch's modules call their state.
  case orderedDictionary([(key: TorchObject, value: TorchObject)])
  /// A tensor, stored row-major in elements of a type.
  ///
  /// It is converted when it is written, one at a time. The same tensor in several places is stored
  /// once, as torch does with shared storage.
  case tensor(Tensor, as: ScalarType)

  /// A tensor in its own type.
  ///
  /// - Parameter tensor: the elements.
  /// - Returns: the object.
  public static func tensor(_ tensor: Tensor) -> TorchObject {
    .tensor(tensor, as: tensor.scalarType)
  }

  /// A `dict` whose keys are texts.
  ///
  /// - Parameter entries: keys and values, in their order.
  /// - Returns: the object.
  public static func named(_ entries: [(String, TorchObject)]) -> TorchObject {
    .dictionary(entries.map { (.text($0.0), $0.1) })
  }

  /// The state of a module: named tensors in an `OrderedDict`.
  ///
  /// - Parameter tensors: the entries, in their order.
  /// - Returns: the object.
  public static func stateDict(_ tensors: StateDict) -> TorchObject {
    .orderedDictionary(tensors.map { (.text($0.key), .tensor($0.value)) })
  }

  /// A plain value that was read from a checkpoint.
  ///
  /// - Parameter value: the value; tuples were read as lists, and are written as such.
  public init(_ value: CheckpointValue) {
    self =
      switch value {
      case .none: .none
      case .bool(let value): .bool(value)
      case .integer(let value): .integer(value)
      case .number(let value): .number(value)
      case .text(let value): .text(value)
      case .bytes(let value): .bytes(value)
      case .list(let values): .list(values.map { TorchObject($0) })
      }
  }
}
