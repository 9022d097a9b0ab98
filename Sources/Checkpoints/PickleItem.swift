/// What the opcodes of a pickle build: plain data, references to tensors, and names.
///
/// A global is a name and nothing else. No item can run anything.
enum PickleItem {
  case none
  case bool(Bool)
  case integer(Int)
  /// An integer of more than 64 bits, little-endian two's complement.
  case largeInteger([UInt8])
  case float(Double)
  case string(String)
  case bytes([UInt8])
  /// Many bytes, where they lie in the file.
  case region(UnsafeRawBufferPointer)
  case tuple(PickleSequence)
  /// Also sets, whose order is that of the file.
  case list(PickleSequence)
  case dictionary(PickleMapping)
  /// A class or function, such as `torch._utils._rebuild_tensor_v2`.
  case global(String)
  case object(PickleObject)
  case storage(StorageReference)
  case tensor(TensorReference)

  var string: String? {
    if case .string(let value) = self { value } else { nil }
  }

  var integer: Int? {
    switch self {
    case .integer(let value): value
    case .bool(let value): value ? 1 : 0
    default: nil
    }
  }

  /// The items of a tuple or list.
  var items: [PickleItem]? {
    switch self {
    case .tuple(let sequence), .list(let sequence): sequence.items
    default: nil
    }
  }

  /// The values of a tuple or list of integers.
  var integers: [Int]? {
    guard let items else { return nil }
    let values = items.compactMap(\.integer)
    return values.count == items.count ? values : nil
  }

  /// Raw bytes; text as a Python 2 `str` holds it.
  var rawBytes: [UInt8]? {
    switch self {
    case .bytes(let value): value
    case .string(let value): Array(value.utf8)
    default: nil
    }
  }
}

/// A part of a pickle that other parts may refer to, themselves included.
class PickleNode {
  /// Drops everything this node refers to.
  func clear() {}
}

/// A list, tuple or set.
final class PickleSequence: PickleNode {
  var items: [PickleItem]
  init(_ items: [PickleItem]) { self.items = items }
  override func clear() { items = [] }
}

/// A dictionary, in the order of the file; a key that comes again has been overwritten.
final class PickleMapping: PickleNode {
  var pairs: [(key: PickleItem, value: PickleItem)] = []
  override func clear() { pairs = [] }
}

/// An instance of a class that this reader does not know: its name and what belongs to it.
final class PickleObject: PickleNode {
  let className: String
  var arguments: [PickleItem]
  /// Attributes and, for subclasses of dict, items.
  var pairs: [(key: PickleItem, value: PickleItem)] = []
  /// State that is not a dictionary of attributes.
  var state: [PickleItem] = []
  /// Whether the file holds the Python source of its class, which stays unread.
  var carriesSource = false

  init(className: String, arguments: [PickleItem]) {
    self.className = className
    self.arguments = arguments
  }

  override func clear() {
    arguments = []
    pairs = []
    state = []
  }
}

/// Owns the nodes of a pickle.
///
/// Nodes may refer to each other in circles, which would never be freed, and in chains so long that
/// freeing them one by another would overflow the stack: the arena cuts all references first.
final class PickleArena {
  private var nodes: [PickleNode] = []

  /// How many nodes there are.
  var count: Int { nodes.count }

  func keep<Node: PickleNode>(_ node: Node) -> Node {
    nodes.append(node)
    return node
  }

  func tuple(_ items: [PickleItem]) -> PickleItem { .tuple(keep(PickleSequence(items))) }
  func list(_ items: [PickleItem]) -> PickleItem { .list(keep(PickleSequence(items))) }

  deinit {
    for node in nodes { node.clear() }
  }
}
