/// Walks the tree of a pickle and gives everything in it a dotted name.
///
/// Dictionaries, lists that hold tensors or dictionaries, and the attributes of objects are opened;
/// a list of plain values is one value. What is neither a tensor nor a value is skipped, with the
/// reason, so that every part of the file is accounted for.
struct PickleFlattener {
  private let file: MappedFile
  private(set) var tensors: [(path: String, tensor: TensorReference)] = []
  private(set) var values: [(path: String, value: CheckpointValue)] = []
  private(set) var skipped: [(path: String, reason: String)] = []

  private var taken: Set<String> = []
  private var ancestors: Set<ObjectIdentifier> = []
  private var visits = 0
  private var nameBytes = 0
  /// How many objects came with the source of their class.
  private var sourceCount = 0

  private static let depthLimit = 200
  private static let visitLimit = 1 << 22
  private static let pathLimit = 4096
  /// Of all names together: a long key may stand before millions of short ones.
  private static let nameByteLimit = 1 << 26

  init(_ root: PickleItem, of file: MappedFile) throws {
    self.file = file
    if case .tensor(let tensor) = root {
      tensors = [("tensor", tensor)]
    } else {
      try walk(root, at: "")
    }
    if sourceCount > 0 {
      skip(
        "module_src",
        "the Python source of \(sourceCount) objects' classes; Lethe runs no code of a file")
    }
  }

  private mutating func walk(_ item: PickleItem, at path: String) throws {
    try visit()
    try name(path)
    switch item {
    case .tensor(let tensor): keep(tensor, at: path)
    case .dictionary(let mapping):
      try enter(mapping, at: path) { try $0.walk(mapping.pairs, at: path) }
    case .list(let sequence), .tuple(let sequence):
      if let value = try value(of: item, depth: 0) {
        keep(value, at: path)
      } else {
        try enter(sequence, at: path) {
          for (index, item) in sequence.items.enumerated() {
            try $0.walk(item, at: Self.join(path, "\(index)"))
          }
        }
      }
    case .object(let object): try walk(object, at: path)
    case .region(let bytes): skip(path, "\(bytes.count) bytes that are no tensor's")
    case .storage(let storage): skip(path, "a storage of \(storage.type.name) without a shape")
    case .largeInteger: skip(path, "an integer of more than 64 bits")
    case .global(let name) where !name.hasPrefix("torch."):
      skip(path, "the name \(name), a class or function; Lethe runs no code of a file")
    default:
      if let value = try value(of: item, depth: 0) { keep(value, at: path) }
    }
  }

  private mutating func walk(
    _ pairs: [(key: PickleItem, value: PickleItem)], at path: String
  ) throws {
    // As in Python, the last value of a key counts, at the place of the first.
    var positions: [String: Int] = [:]
    var entries: [(key: String, value: PickleItem)] = []
    for (key, value) in pairs {
      try visit()
      guard let name = key.string ?? key.integer.map(String.init) else {
        try name(path)
        skip(Self.join(path, "?"), "its key is neither text nor a number")
        continue
      }
      if let position = positions[name] {
        entries[position].value = value
      } else {
        positions[name] = entries.count
        entries.append((name, value))
      }
    }
    for (key, value) in entries {
      // Only a path of this length is built, so that shared long keys cannot multiply.
      guard path.utf8.count + key.utf8.count < Self.pathLimit else {
        skip(String(path.prefix(60)) + "...", "its name is longer than \(Self.pathLimit) bytes")
        continue
      }
      try walk(value, at: Self.join(path, key))
    }
  }

  private mutating func walk(_ object: PickleObject, at path: String) throws {
    guard !object.pairs.isEmpty else {
      // A Namespace without options has nothing to account for.
      guard object.className != "argparse.Namespace" else { return }
      skip(path, "an object of class \(object.className); Lethe runs no code of a file")
      return
    }
    if object.carriesSource { sourceCount += 1 }
    try enter(object, at: path) { flattener in
      var pairs: [(key: PickleItem, value: PickleItem)] = []
      for (key, value) in object.pairs {
        // A whole module: torch's state_dict leaves these levels out of the names.
        if ["_parameters", "_buffers", "_modules"].contains(key.string),
          case .dictionary(let mapping) = value
        {
          pairs += mapping.pairs.filter {
            if case .none = $0.value { false } else { true }
          }
          try flattener.visit(mapping.pairs.count)
        } else if !object.carriesSource || !Self.isBookkeeping(key, value) {
          pairs.append((key, value))
        }
      }
      try flattener.walk(pairs, at: path)
    }
  }

  /// Whether an attribute is one that every module of torch has, and says nothing.
  private static func isBookkeeping(_ key: PickleItem, _ value: PickleItem) -> Bool {
    guard let key = key.string, key == "training" || key.hasPrefix("_") else { return false }
    return switch value {
    case .none, .bool: true
    case .list(let sequence), .tuple(let sequence): sequence.items.isEmpty
    case .dictionary(let mapping): mapping.pairs.isEmpty
    default: false
    }
  }

  // MARK: Values

  /// Plain data as a value; nil if there is a tensor, a dictionary or an object in it.
  private mutating func value(of item: PickleItem, depth: Int) throws -> CheckpointValue? {
    try visit()
    guard depth < 32 else { return nil }
    switch item {
    case .none: return CheckpointValue.none
    case .bool(let value): return .bool(value)
    case .integer(let value): return .integer(value)
    case .float(let value): return .number(value)
    case .string(let value): return .text(value)
    case .bytes(let value): return .bytes(value)
    case .global(let name) where name.hasPrefix("torch."): return .text(name)
    case .list(let sequence), .tuple(let sequence):
      var values: [CheckpointValue] = []
      for item in sequence.items {
        guard let value = try value(of: item, depth: depth + 1) else { return nil }
        values.append(value)
      }
      return .list(values)
    default: return nil
    }
  }

  // MARK: Accounts

  private mutating func keep(_ tensor: TensorReference, at path: String) {
    guard tensor.type.scalarType != nil else {
      skip(path, "\(tensor.type.name)\(tensor.shape), a type that Lethe does not use")
      return
    }
    guard take(path) else { return }
    tensors.append((path, tensor))
  }

  private mutating func keep(_ value: CheckpointValue, at path: String) {
    guard take(path) else { return }
    values.append((path, value))
  }

  /// Two parts may come to the same dotted name, such as `a.b` and `b` in `a`.
  private mutating func take(_ path: String) -> Bool {
    guard taken.insert(path).inserted else {
      skip(path, "another part of the file has the same name")
      return false
    }
    return true
  }

  private mutating func skip(_ path: String, _ reason: String) {
    skipped.append((path.isEmpty ? "the file's content" : path, reason))
  }

  // MARK: Bounds

  /// Opens a node, unless it is being opened already.
  private mutating func enter(
    _ node: PickleNode, at path: String, _ body: (inout PickleFlattener) throws -> Void
  ) throws {
    guard ancestors.insert(ObjectIdentifier(node)).inserted else {
      skip(path, "it contains itself")
      return
    }
    guard ancestors.count <= Self.depthLimit else {
      throw file.damaged("the pickle", "nested deeper than \(Self.depthLimit) levels")
    }
    try body(&self)
    ancestors.remove(ObjectIdentifier(node))
  }

  private mutating func visit(_ count: Int = 1) throws {
    // Lists that share their parts can unfold to more than any memory holds.
    visits += count
    guard visits <= Self.visitLimit else {
      throw file.damaged("the pickle", "unfolds to more than \(Self.visitLimit) values")
    }
  }

  /// Counts a name that the result will hold.
  private mutating func name(_ path: String) throws {
    nameBytes += path.utf8.count
    guard nameBytes <= Self.nameByteLimit else {
      throw file.damaged("the pickle", "has names of more than \(Self.nameByteLimit) bytes in all")
    }
  }

  private static func join(_ path: String, _ key: String) -> String {
    path.isEmpty ? key : "\(path).\(key)"
  }
}
