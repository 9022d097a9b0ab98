/// What torch.save wrote before torch 1.6: pickles one after another, then the storages.
///
/// The pickles: a magic number, the version, facts about the machine, the data, and the list of the
/// storages' keys. Each storage follows as its number of elements and their bytes.
enum TorchLegacyFile {
  /// 0x1950a86a20f9469cfc6c, little-endian.
  static let magicBytes: [UInt8] = [
    0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19,
  ]
  /// The same as pickle protocol 0 writes it.
  static let magicText = "119547037146038801333356"

  /// Whether the file starts as torch.save began all its files, in any protocol of pickle.
  static func isMarked(_ file: MappedFile) -> Bool {
    let start = file.bytes.prefix(32)
    return start.starts(with: "L\(magicText)".utf8)
      || start.indices.contains { start[$0...].starts(with: magicBytes) }
  }

  static func read(_ file: MappedFile) throws -> TorchFile {
    let found = FoundStorages()
    let arena = PickleArena()
    var position = 0
    func readPickle(_ part: String) throws -> PickleItem {
      var reader = PickleReader(file.bytes, at: position, part: part, of: file, arena: arena) {
        let item = try PickleItem.named(by: $0, part: part, of: file)
        if case .storage(let storage) = item { try found.add(storage, of: file) }
        return item
      }
      let item = try reader.read()
      position = reader.position
      return item
    }

    guard case .largeInteger(magicBytes) = try readPickle("the first pickle") else {
      throw CheckpointError.notACheckpoint(
        path: file.path, found: "a Python pickle that torch.save did not write")
    }
    let version = try readPickle("the pickle of the version")
    guard version.integer == 1001 else {
      throw CheckpointError.unsupported(
        path: file.path, part: "the version", what: "\(version.integer ?? 0), known is 1001")
    }
    if case .dictionary(let facts) = try readPickle("the pickle of the system"),
      facts.pairs.contains(where: {
        if case .bool(false) = $0.value { $0.key.string == "little_endian" } else { false }
      })
    {
      throw CheckpointError.unsupported(
        path: file.path, part: "the storages", what: "only little-endian files are read")
    }
    let root = try readPickle("the pickle of the data")
    guard let keys = try readPickle("the list of storages").items else {
      throw file.damaged("the list of storages", "is no list")
    }
    let storages = try place(keys, found: found, at: position, in: file)
    return TorchFile(
      format: .torchLegacy, file: file, root: root, arena: arena, storages: storages)
  }

  private static func place(
    _ keys: [PickleItem], found: FoundStorages, at position: Int, in file: MappedFile
  ) throws -> PlacedStorages {
    var position = position
    var offsets: [String: Int] = [:]
    for item in keys {
      guard let key = item.string, let storage = found.storages[key] else {
        throw file.damaged("the list of storages", "names one that the data does not use")
      }
      guard let count = file.integer(at: position, as: Int64.self),
        file.slice(at: position + 8, count: storage.byteCount) != nil
      else { throw file.truncated(in: "storage \(key)") }
      guard Int(count) == storage.elementCount else {
        throw file.damaged(
          "storage \(key)", "holds \(count) elements where \(storage.elementCount) are needed")
      }
      offsets[key] = position + 8
      position += 8 + storage.byteCount
    }
    return PlacedStorages(file: file, offsets: offsets)
  }
}

/// The storages that a pickle named so far.
private final class FoundStorages {
  private(set) var storages: [String: StorageReference] = [:]

  func add(_ storage: StorageReference, of file: MappedFile) throws {
    if let known = storages.updateValue(storage, forKey: storage.key),
      known.byteCount != storage.byteCount || known.type != storage.type
    {
      throw file.damaged("storage \(storage.key)", "has two types or sizes")
    }
  }
}

/// Storages that lie in the file as they are.
struct PlacedStorages: StorageSource {
  let file: MappedFile
  /// Where each starts.
  let offsets: [String: Int]

  func bytes(of storage: StorageReference) throws -> FileBytes {
    guard let offset = offsets[storage.key] else {
      throw file.damaged("storage \(storage.key)", "is not in the list of storages")
    }
    guard let bytes = file.slice(at: offset, count: storage.byteCount) else {
      throw file.truncated(in: "storage \(storage.key)")
    }
    return FileBytes(bytes: bytes, owner: file)
  }

  func inflatedCount(of storage: StorageReference) -> Int { 0 }
}
