import OrderedCollections

/// Tensors by name, in the order of the file or model they come from.
///
/// Checkpoints are read into and written from this type, and models load and return it.
public struct StateDict: Sendable, ExpressibleByDictionaryLiteral {
  private var entries: OrderedDictionary<String, Tensor>

  /// An empty dictionary.
  public init() { entries = [:] }

  /// A dictionary with these entries.
  ///
  /// - Parameter elements: distinct names with their tensors.
  public init(dictionaryLiteral elements: (String, Tensor)...) {
    entries = OrderedDictionary(uniqueKeysWithValues: elements)
  }

  /// The names, in order.
  public var keys: [String] { Array(entries.keys) }
  /// The number of tensors.
  public var count: Int { entries.count }
  /// Whether there is none.
  public var isEmpty: Bool { entries.isEmpty }
  /// The number of elements of all tensors.
  public var elementCount: Int { entries.values.reduce(0) { $0 + $1.elementCount } }

  /// The tensor of that name; setting a new name appends it, setting nil removes it.
  ///
  /// - Parameter key: the name.
  public subscript(key: String) -> Tensor? {
    get { entries[key] }
    set { entries[key] = newValue }
  }

  /// The tensors whose names start with `prefix` and a dot, under what follows the dot.
  ///
  /// - Parameter prefix: such as `g_ema`.
  /// - Returns: those tensors, in order.
  public func under(_ prefix: String) -> StateDict {
    var result = StateDict()
    for (key, tensor) in entries where key.hasPrefix(prefix + ".") {
      result[String(key.dropFirst(prefix.count + 1))] = tensor
    }
    return result
  }

  /// Adds another dictionary's tensors, each name preceded by `prefix` and a dot.
  ///
  /// - Parameters:
  ///   - other: the tensors.
  ///   - prefix: such as `g_ema`.
  public mutating func merge(_ other: StateDict, under prefix: String) {
    for (key, tensor) in other { entries["\(prefix).\(key)"] = tensor }
  }
}

extension StateDict: Sequence {
  /// The entries, in order.
  ///
  /// - Returns: an iterator over names and tensors.
  public func makeIterator() -> AnyIterator<(key: String, value: Tensor)> {
    var iterator = entries.makeIterator()
    return AnyIterator { iterator.next().map { (key: $0.key, value: $0.value) } }
  }
}
