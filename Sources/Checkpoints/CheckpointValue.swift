/// A setting or number in a checkpoint that is no tensor.
public indirect enum CheckpointValue: Sendable, Equatable, Codable, CustomStringConvertible {
  /// Python's `None`.
  case none
  /// A truth value.
  case bool(Bool)
  /// An integer.
  case integer(Int)
  /// A number.
  case number(Double)
  /// Text; also devices and types of torch, such as `cuda:0` and `torch.float16`.
  case text(String)
  /// Raw bytes.
  case bytes([UInt8])
  /// A list, tuple or set of plain values.
  case list([CheckpointValue])

  /// The value as a number, if it is one.
  public var number: Double? {
    switch self {
    case .number(let value): value
    case .integer(let value): Double(value)
    default: nil
    }
  }

  /// The value as an integer, if it is one.
  public var integer: Int? {
    if case .integer(let value) = self { value } else { nil }
  }

  /// The value as text, if it is text.
  public var text: String? {
    if case .text(let value) = self { value } else { nil }
  }

  /// The value as a truth value, if it is one.
  public var bool: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  /// The items, if it is a list.
  public var list: [CheckpointValue]? {
    if case .list(let value) = self { value } else { nil }
  }

  /// The value for a reader.
  public var description: String {
    switch self {
    case .none: "none"
    case .bool(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .text(let value): value
    case .bytes(let value): "\(value.count) bytes"
    case .list(let values): "[\(values.map(\.description).joined(separator: ", "))]"
    }
  }
}
