import OrderedCollections

extension JSON {
  /// Keys and values in the order in which the keys were first set.
  public struct Object: Sendable, Equatable {
    private var values: OrderedDictionary<String, JSON>

    /// An object of the given entries; of two with the same key, the later value stays.
    public init(_ entries: [(String, JSON)] = []) {
      values = OrderedDictionary(entries) { $1 }
    }

    /// The keys in order.
    public var keys: [String] { Array(values.keys) }

    /// The value of a key; setting nil removes it, setting a new key appends it.
    public subscript(key: String) -> JSON? {
      get { values[key] }
      set { values[key] = newValue }
    }

    /// Takes over all entries of `other`; its values win.
    public mutating func merge(_ other: Object) { values.merge(other.values) { $1 } }
  }
}

extension JSON.Object: RandomAccessCollection {
  /// The position of the first entry.
  public var startIndex: Int { values.elements.startIndex }
  /// The position after the last entry.
  public var endIndex: Int { values.elements.endIndex }
  /// The entry at a position.
  public subscript(position: Int) -> (key: String, value: JSON) { values.elements[position] }
}

extension JSON.Object: ExpressibleByDictionaryLiteral {
  /// An object; of two equal keys, the later value stays.
  public init(dictionaryLiteral elements: (String, JSON)...) { self.init(elements) }
}
