/// The names that mean something to this reader, and what they mean.
///
/// Nothing here is called by name: each case builds plain data. Whatever is not listed becomes a
/// ``PickleObject`` that remembers its name.
extension PickleReader {
  /// What Python would make by calling `callable`.
  mutating func reduce(_ callable: PickleItem, _ arguments: [PickleItem]) throws -> PickleItem {
    guard case .global(let name) = callable else {
      return .object(arena.keep(PickleObject(className: "a called value", arguments: [])))
    }
    try charge(arguments.count)
    return try tensor(name, arguments) ?? container(name, arguments) ?? scalar(name, arguments)
      ?? persistent(name, arguments)
      ?? .object(arena.keep(PickleObject(className: name, arguments: arguments)))
  }

  // MARK: Tensors

  private mutating func tensor(_ name: String, _ arguments: [PickleItem]) throws -> PickleItem? {
    switch name {
    case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2":
      guard arguments.count >= 4, case .storage(let storage) = try resolved(arguments[0]) else {
        throw malformed("a tensor without a storage")
      }
      return try tensor(
        arguments, storage: storage, type: storage.type, marks: arguments.dropFirst(6))
    case "torch._utils._rebuild_tensor_v3":
      guard arguments.count >= 7, case .storage(let storage) = arguments[0],
        case .global(let type) = arguments[6]
      else { throw malformed("a tensor without a storage or type") }
      return try tensor(
        arguments, storage: storage, type: ElementType(dtype: type), marks: arguments.dropFirst(7))
    case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state",
      "torch.nn.parameter.Parameter", "torch.nn.parameter.Buffer":
      guard case .tensor(let tensor)? = arguments.first else { return nil }
      return .tensor(tensor)
    case "torch._tensor._rebuild_from_type_v2":
      // A tensor with attributes, or of a subclass: the tensor itself is what counts.
      guard arguments.count >= 3, case .global(let inner) = arguments[0], inner != name,
        let innerArguments = arguments[2].items
      else { return nil }
      return try tensor(inner, innerArguments)
    default: return nil
    }
  }

  /// A storage; some writers give its persistent id without the opcode that says it is one.
  private func resolved(_ item: PickleItem) throws -> PickleItem {
    if case .tuple = item { try resolve(item) } else { item }
  }

  private func tensor(
    _ arguments: [PickleItem], storage: StorageReference, type: ElementType,
    marks: ArraySlice<PickleItem>
  ) throws -> PickleItem {
    guard let offset = arguments[1].integer, let shape = arguments[2].integers,
      let strides = arguments[3].integers
    else { throw malformed("a tensor whose sizes are no integers") }
    do {
      return .tensor(
        try TensorReference(
          storage: storage, type: type, offset: offset, shape: shape, strides: strides,
          isNegated: try isNegated(marks)))
    } catch let problem as TensorReference.Problem {
      throw malformed("a tensor of storage \(storage.key) \(problem.text)")
    }
  }

  /// What the arguments after a tensor's hooks say of its elements.
  ///
  /// torch puts views that it has not computed yet there: `{'neg': True}` means the elements with
  /// their signs changed. Nothing of it is dropped, because the elements alone would be others.
  private func isNegated(_ marks: ArraySlice<PickleItem>) throws -> Bool {
    var isNegated = false
    for mark in marks {
      switch mark {
      case .none: continue
      case .dictionary(let mapping):
        for (key, value) in mapping.pairs {
          guard case .bool(let isSet) = value, let name = key.string else {
            throw unsupported("a tensor with metadata that Lethe does not know")
          }
          if name == "neg" {
            isNegated = isSet
          } else if isSet {
            throw unsupported(
              "a tensor marked \"\(name)\", which Lethe does not compute; save "
                + "tensor.resolve_conj() or a plain copy")
          }
        }
      default: throw unsupported("a tensor with metadata that Lethe does not know")
      }
    }
    return isNegated
  }

  // MARK: Containers

  private mutating func container(_ name: String, _ arguments: [PickleItem]) throws -> PickleItem? {
    switch name {
    case "collections.OrderedDict", "builtins.dict", "__builtin__.dict", "dnnlib.util.EasyDict":
      let mapping = arena.keep(PickleMapping())
      for pair in arguments.first?.items ?? [] {
        try charge(1)
        guard let items = pair.items, items.count == 2 else {
          throw malformed("an OrderedDict of what are no pairs")
        }
        mapping.pairs.append((items[0], items[1]))
      }
      return .dictionary(mapping)
    case "collections.defaultdict", "collections.Counter":
      return .dictionary(arena.keep(PickleMapping()))
    case "builtins.set", "__builtin__.set", "builtins.frozenset", "__builtin__.frozenset",
      "builtins.list", "__builtin__.list", "torch.jit._pickle.build_intlist",
      "torch.jit._pickle.build_tensorlist", "torch.jit._pickle.build_doublelist",
      "torch.jit._pickle.build_boollist":
      let items = arguments.first?.items ?? []
      try charge(items.count)
      return arena.list(items)
    case "torch.jit._pickle.restore_type_tag": return arguments.first
    case "torch.storage._load_from_bytes":
      guard let storages, let content = arguments.first else {
        throw malformed("a storage as bytes, where torch.save puts references")
      }
      return .storage(try storages.storage(in: content, part: part))
    case "torch.Size", "builtins.tuple", "__builtin__.tuple":
      let items = arguments.first?.items ?? []
      try charge(items.count)
      return arena.tuple(items)
    case "copy_reg._reconstructor", "copyreg._reconstructor", "copyreg.__newobj__",
      "copy_reg.__newobj__":
      guard case .global(let className)? = arguments.first else { return nil }
      return .object(arena.keep(PickleObject(className: className, arguments: [])))
    default: return nil
    }
  }

  // MARK: Scalars

  private mutating func scalar(_ name: String, _ arguments: [PickleItem]) throws -> PickleItem? {
    switch name {
    case "torch.device":
      guard let kind = arguments.first?.string else { return nil }
      let index = arguments.count > 1 ? arguments[1].integer : nil
      return .string(index.map { "\(kind):\($0)" } ?? kind)
    case "_codecs.encode":
      // How Python 3 writes bytes in protocol 2: as the text whose Latin-1 encoding they are.
      guard let text = arguments.first?.string,
        arguments.count == 1 || ["latin1", "latin-1"].contains(arguments[1].string)
      else { return nil }
      try charge(text.utf8.count / 16)
      let values = text.unicodeScalars.map { UInt8(exactly: $0.value) }
      guard !values.contains(nil) else { throw malformed("bytes above 255") }
      return .bytes(values.compactMap { $0 })
    case "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar":
      guard arguments.count == 2, case .object(let type) = arguments[0],
        let value = arguments[1].rawBytes
      else { return nil }
      return NumpyType(type)?.scalar(value)
    default: return nil
    }
  }

  // MARK: Objects

  /// An object that NVIDIA's programs write with its class's name, source and state.
  ///
  /// The source would be run by Python to make the class. Here it stays unread: the state is plain
  /// data.
  private mutating func persistent(
    _ name: String, _ arguments: [PickleItem]
  ) throws -> PickleItem? {
    guard name == "torch_utils.persistence._reconstruct_persistent_obj" else { return nil }
    guard case .dictionary(let mapping)? = arguments.first else {
      throw malformed("a persistent object without a description")
    }
    try charge(mapping.pairs.count)
    func field(_ key: String) -> PickleItem? {
      mapping.pairs.last { $0.key.string == key }?.value
    }
    guard let version = field("version")?.integer, field("type")?.string == "class" else {
      throw malformed("a persistent object that is none of a class")
    }
    guard version == 6 else {
      throw unsupported("persistent objects of version \(version); version 6 is read")
    }
    guard let className = field("class_name")?.string, case .dictionary(let state)? = field("state")
    else { throw malformed("a persistent object without a class's name or a state") }
    try charge(state.pairs.count)
    let object = arena.keep(PickleObject(className: className, arguments: []))
    object.pairs = [(.string("class_name"), .string(className))] + state.pairs
    object.carriesSource = field("module_src") != nil
    return .object(object)
  }

  /// Gives `target` the state that Python would restore.
  mutating func build(_ target: PickleItem, _ state: PickleItem) throws {
    // A dictionary's own attributes are bookkeeping of torch (`_metadata`); a tensor's are hooks.
    guard case .object(let object) = target else { return }
    switch state {
    case .dictionary(let mapping):
      try charge(mapping.pairs.count)
      object.pairs += mapping.pairs
    case .tuple(let sequence):
      try charge(sequence.items.count)
      object.state += sequence.items
      // Classes with slots: (attributes or None, slots).
      for case .dictionary(let mapping) in sequence.items.prefix(2) {
        try charge(mapping.pairs.count)
        object.pairs += mapping.pairs
      }
    default: object.state.append(state)
    }
  }
}
