extension JSON {
  /// Keys and values in the order in which the keys were first set.
  ///
  /// Look-up walks the keys: objects here have tens of them.
  public struct Object: Sendable, Equatable {
    private var entries: [(key: String, value: JSON)]

    /// An object of the given entries; of two with the same key, the later value stays.
    public init(_ entries: [(String, JSON)] = []) {
      self.entries = []
      self.entries.reserveCapacity(entries.count)
      for (key, value) in entries { self[key] = value }
    }

    /// The keys in order.
    public var keys: [String] { entries.map(\.key) }

    /// The value of a key; setting nil removes it, setting a new key appends it.
    public subscript(key: String) -> JSON? {
      get { entries.first { $0.key == key }?.value }
      set {
        let index = entries.firstIndex { $0.key == key }
        switch (index, newValue) {
        case (let index?, let value?): entries[index].value = value
        case (let index?, nil): entries.remove(at: index)
        case (nil, let value?): entries.append((key, value))
        case (nil, nil): break
        }
      }
    }

    /// Takes over all entries of `other`; its values win.
    public mutating func merge(_ other: Object) {
      for (key, value) in other { self[key] = value }
    }

    /// Whether both hold the same entries in the same order.
    public static func == (left: Object, right: Object) -> Bool {
      left.elementsEqual(right) { $0 == $1 }
    }
  }
}

extension JSON.Object: RandomAccessCollection {
  /// The position of the first entry.
  public var startIndex: Int { entries.startIndex }
  /// The position after the last entry.
  public var endIndex: Int { entries.endIndex }
  /// The entry at a position.
  public subscript(position: Int) -> (key: String, value: JSON) { entries[position] }
}

extension JSON.Object: ExpressibleByDictionaryLiteral {
  /// An object; of two equal keys, the later value stays.
  public init(dictionaryLiteral elements: (String, JSON)...) { self.init(elements) }
}
