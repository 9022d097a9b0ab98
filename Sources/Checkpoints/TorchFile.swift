import Torch

/// A file of torch once its pickle is read: the tree of its data, and where the storages lie.
struct TorchFile {
  let format: Checkpoint.Format
  let file: MappedFile
  let root: PickleItem
  /// Keeps the tree's nodes.
  let arena: PickleArena
  let storages: any StorageSource
}

/// Finds the bytes of storages.
protocol StorageSource: Sendable {
  /// The bytes of a whole storage, at least as many as it says.
  func bytes(of storage: StorageReference) throws -> FileBytes
  /// The bytes that a storage takes in memory before its tensors are made.
  func inflatedCount(of storage: StorageReference) -> Int
}

extension PickleItem {
  /// What a persistent id of torch names: a storage, or the class of a whole module.
  static func named(by persistentID: PickleItem, part: String, of file: MappedFile) throws
    -> PickleItem
  {
    // ('module', class, file, source code): torch before 1.6 kept the code beside the class.
    if let fields = persistentID.items, fields.count > 1, fields[0].string == "module",
      case .global = fields[1]
    {
      return fields[1]
    }
    return .storage(try StorageReference(persistentID: persistentID, part: part, of: file))
  }
}

extension StorageReference {
  /// What a persistent id of torch names: `('storage', class, key, location, count[, view])`.
  init(persistentID: PickleItem, part: String, of file: MappedFile) throws {
    guard let fields = persistentID.items, fields.count >= 5, fields[0].string == "storage",
      case .global(let className) = fields[1], let key = fields[2].string,
      let count = fields[4].integer
    else { throw file.damaged(part, "a reference that is no storage of torch") }
    guard let type = ElementType(storageClass: className) else {
      throw CheckpointError.unsupported(
        path: file.path, part: "storage \(key)", what: "it is of an unknown class \(className)")
    }
    guard var storage = StorageReference(key: key, type: type, elementCount: count) else {
      throw file.damaged("storage \(key)", "says it has \(count) elements")
    }
    // Files before torch 0.4: (key of the part, offset, count).
    if fields.count > 5, let view = fields[5].items {
      guard view.count == 3, let offset = view[1].integer, let count = view[2].integer,
        let part = storage.view(offset: offset, count: count)
      else { throw file.damaged("storage \(key)", "has a part that reaches beyond it") }
      storage = part
    }
    self = storage
  }
}
