/// What Python's own `pickle.dump` writes, as NVIDIA's programs do: one pickle with all that it
/// holds.
///
/// Tensors refer to storages that lie among the pickle's bytes, each as a file of torch.save's.
enum PythonPickleFile {
  private static let part = "the pickle"

  static func read(_ file: MappedFile) throws -> TorchFile {
    let arena = PickleArena()
    let storages = PickledStorages(file)
    var reader = PickleReader(
      file.bytes, part: part, of: file, arena: arena, storages: storages
    ) { _ in
      throw file.damaged(part, "refers to what is outside of it")
    }
    let root = try reader.read()
    guard !storages.isEmpty else {
      throw CheckpointError.notACheckpoint(path: file.path, found: describe(root))
    }
    // Nothing is ignored: who wrote several pickles meant all of them.
    guard reader.position == file.count else {
      throw CheckpointError.unsupported(
        path: file.path, part: part,
        what: "\(file.count - reader.position) bytes follow it, and one pickle per file is read")
    }
    return TorchFile(format: .pickle, file: file, root: root, arena: arena, storages: storages)
  }

  /// What a pickle without any tensor of torch is.
  private static func describe(_ root: PickleItem) -> String {
    for item in [root] + (root.items?.prefix(16) ?? []) {
      guard case .object(let object) = item else { continue }
      if object.className.hasPrefix("dnnlib.tflib.") {
        return "a network of TensorFlow (\(object.className)); legacy.py of stylegan2-ada-pytorch "
          + "makes one of PyTorch of it"
      }
    }
    return "a Python pickle that torch.save did not write"
  }
}

/// The storages among the bytes of a pickle: a file of torch.save's each, of one storage.
final class PickledStorages: StorageSource, @unchecked Sendable {
  // Sendable because nothing changes once the pickle is read.
  private let file: MappedFile
  private var found: [String: Entry] = [:]

  private struct Entry {
    let reference: StorageReference
    /// The same storage as the file within calls it.
    let inner: StorageReference
    let source: any StorageSource
  }

  init(_ file: MappedFile) { self.file = file }

  /// Whether there is none.
  var isEmpty: Bool { found.isEmpty }

  /// The storage that these bytes hold; their place in the file is its key.
  ///
  /// - Parameters:
  ///   - content: what Python would read as a file.
  ///   - part: where it is, for errors.
  /// - Returns: the storage, whose elements are not looked at.
  /// - Throws: `CheckpointError` unless it is one storage of torch.
  func storage(in content: PickleItem, part: String) throws -> StorageReference {
    guard case .region(let bytes) = content, let start = bytes.baseAddress,
      let origin = file.bytes.baseAddress
    else { throw file.damaged(part, "a storage without the bytes of one") }
    let key = "\(start - origin)"
    // Read once, however often it is referred to.
    if let known = found[key] { return known.reference }
    let name = "the storage at byte \(key)"
    let inner = try read(MappedFile(bytes, of: file, called: name), name)
    guard case .storage(let storage) = inner.root, storage.viewCount == storage.elementCount,
      let reference = StorageReference(
        key: key, type: storage.type, elementCount: storage.elementCount)
    else { throw file.damaged(name, "holds something else than one storage") }
    found[key] = Entry(reference: reference, inner: storage, source: inner.storages)
    return reference
  }

  private func read(_ inner: MappedFile, _ name: String) throws -> TorchFile {
    do {
      switch try FileContent.recognize(inner) {
      case .pickle where TorchLegacyFile.isMarked(inner): return try TorchLegacyFile.read(inner)
      case .zip: return try TorchZipFile.read(inner)
      default: throw file.damaged(name, "is nothing that torch.save writes")
      }
    } catch CheckpointError.notACheckpoint(_, let found) {
      throw file.damaged(name, "is nothing that torch.save writes, but \(found)")
    }
  }

  func bytes(of storage: StorageReference) throws -> FileBytes {
    guard let entry = found[storage.key] else {
      throw file.damaged("the storage at byte \(storage.key)", "is not in the file")
    }
    return try entry.source.bytes(of: entry.inner)
  }

  func inflatedCount(of storage: StorageReference) -> Int {
    found[storage.key].map { $0.source.inflatedCount(of: $0.inner) } ?? 0
  }
}
