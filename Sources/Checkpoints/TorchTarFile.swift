import Files

/// What torch.save wrote before torch 0.2: a tar archive of `storages`, `tensors` and `pickle`.
enum TorchTarFile {
  static func read(_ file: MappedFile) throws -> TorchFile {
    let members = try readMembers(file)
    guard let storages = members["storages"], let pickle = members["pickle"] else {
      let names = members.keys.sorted().prefix(3).joined(separator: ", ")
      throw CheckpointError.notACheckpoint(
        path: file.path, found: "a tar archive of other files (\(names)); unpack it first")
    }
    let arena = PickleArena()
    var reader = TarReader(file: file, arena: arena)
    try reader.readStorages(storages)
    // Without this member the pickle itself describes the tensors, as in later formats.
    if let tensors = members["tensors"] { try reader.readTensors(tensors) }
    let objects = reader.objects
    var pickleReader = PickleReader(
      Self.bytes(pickle, of: file), part: "the pickle of the data", of: file, arena: arena
    ) { identifier in
      // (class, source code) of a whole module.
      if case .global(let name)? = identifier.items?.first { return .global(name) }
      guard let key = Self.key(identifier), let item = objects[key] else {
        throw file.damaged("the pickle of the data", "a reference to no tensor or storage")
      }
      return item
    }
    return TorchFile(
      format: .torchTar, file: file, root: try pickleReader.read(), arena: arena,
      storages: PlacedStorages(file: file, offsets: reader.offsets))
  }

  /// The key in `1234`, `(1234, source code)` or `('storage', class, '1234', ...)`.
  private static func key(_ identifier: PickleItem) -> Int? {
    switch identifier {
    case .integer(let key): key
    case .string(let text): Int(text)
    case .tuple(let fields) where fields.items.first?.string == "storage":
      fields.items.count > 2 ? fields.items[2].string.flatMap { Int($0) } : nil
    default: identifier.items?.first?.integer
    }
  }

  fileprivate static func bytes(_ range: Range<Int>, of file: MappedFile) -> UnsafeRawBufferPointer
  {
    UnsafeRawBufferPointer(rebasing: file.bytes[range])
  }

  /// The regular files of the archive: blocks of 512 bytes, a header before each content.
  private static func readMembers(_ file: MappedFile) throws -> [String: Range<Int>] {
    var members: [String: Range<Int>] = [:]
    var offset = 0
    while let header = file.slice(at: offset, count: 512), header[0] != 0 {
      let name = String(decoding: header[0..<100].prefix { $0 != 0 }, as: UTF8.self)
      let digits = header[124..<136].drop { $0 == 0x20 }.prefix { (0x30...0x37).contains($0) }
      guard let size = Int(String(decoding: digits, as: UTF8.self), radix: 8) else {
        throw file.damaged("the tar header of \(name)", "has no size")
      }
      guard file.slice(at: offset + 512, count: size) != nil else {
        throw file.truncated(in: "\(name) of the tar archive")
      }
      members[name] = offset + 512..<offset + 512 + size
      offset += 512 + (size + 511) / 512 * 512
    }
    return members
  }
}

/// Reads the two members that describe tensors, which mix pickles and plain integers.
private struct TarReader {
  let file: MappedFile
  let arena: PickleArena
  /// The storages by key, parts of others included.
  var storages: [Int: StorageReference] = [:]
  /// Storages and tensors by key, as the pickle refers to them.
  var objects: [Int: PickleItem] = [:]
  /// Where the storages start in the file.
  var offsets: [String: Int] = [:]

  /// The number of storages; for each (key, location, class) and its elements; then the parts.
  mutating func readStorages(_ range: Range<Int>) throws {
    let part = "the storages of the tar archive"
    var position = range.lowerBound
    for _ in 0..<(try readCount(range, at: &position, part)) {
      guard let fields = try readPickle(range, at: &position, part).items, fields.count == 3,
        let key = fields[0].integer ?? fields[0].string.flatMap({ Int($0) }),
        case .global(let className) = fields[2], let type = ElementType(storageClass: className),
        let count = file.integer(at: position, as: Int64.self),
        let storage = StorageReference(key: "\(key)", type: type, elementCount: Int(count))
      else { throw file.damaged(part, "a storage without key, class or size") }
      guard storage.byteCount <= range.upperBound - position - 8 else {
        throw file.truncated(in: part)
      }
      storages[key] = storage
      offsets[storage.key] = position + 8
      position += 8 + storage.byteCount
    }
    defer { for (key, storage) in storages { objects[key] = .storage(storage) } }
    guard position < range.upperBound else { return }
    for view in try readPickle(range, at: &position, part).items ?? [] {
      guard let fields = view.integers, fields.count == 4,
        let storage = storages[fields[1]]?.view(offset: fields[2], count: fields[3])
      else { throw file.damaged(part, "a part of a storage that reaches beyond it") }
      storages[fields[0]] = storage
    }
  }

  /// The number of tensors; for each (key, storage, class), rank, sizes, strides and offset.
  mutating func readTensors(_ range: Range<Int>) throws {
    let part = "the tensors of the tar archive"
    var position = range.lowerBound
    for _ in 0..<(try readCount(range, at: &position, part)) {
      guard let fields = try readPickle(range, at: &position, part).items, fields.count == 3,
        let key = fields[0].integer, let storage = fields[1].integer.flatMap({ storages[$0] })
      else { throw file.damaged(part, "a tensor without key or storage") }
      guard let rank = file.integer(at: position, as: Int32.self), (0...64).contains(rank),
        let numbers = file.slice(at: position + 8, count: Int(rank) * 16 + 8),
        position + 8 + numbers.count <= range.upperBound
      else { throw file.truncated(in: part) }
      position += 8 + numbers.count
      let values = stride(from: 0, to: numbers.count, by: 8).compactMap {
        numbers.integer(at: $0, as: Int64.self).map { Int($0) }
      }
      do {
        objects[key] = .tensor(
          try TensorReference(
            storage: storage, type: storage.type, offset: values[2 * Int(rank)],
            shape: Array(values.prefix(Int(rank))),
            strides: Array(values.dropFirst(Int(rank)).prefix(Int(rank)))))
      } catch let problem as TensorReference.Problem {
        throw file.damaged(part, "a tensor \(problem.text)")
      }
    }
  }

  private func readCount(_ range: Range<Int>, at position: inout Int, _ part: String) throws -> Int
  {
    guard let count = try readPickle(range, at: &position, part).integer,
      (0...range.count).contains(count)
    else { throw file.damaged(part, "does not start with a count") }
    return count
  }

  private func readPickle(
    _ range: Range<Int>, at position: inout Int, _ part: String
  ) throws -> PickleItem {
    let bytes = TorchTarFile.bytes(position..<range.upperBound, of: file)
    var reader = PickleReader(bytes, part: part, of: file, arena: arena) { $0 }
    let item = try reader.read()
    position += reader.position
    return item
  }
}
