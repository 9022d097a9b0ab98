import Files

/// What torch.save writes since torch 1.6, and TorchScript: a zip archive with one pickle.
enum TorchZipFile {
  static func read(_ file: MappedFile) throws -> TorchFile {
    let archive = try ZipArchive(file)
    guard let pickle = archive.entries.first(where: { isPickle($0.name) }) else {
      throw CheckpointError.notACheckpoint(path: file.path, found: describe(archive))
    }
    let folder = String(pickle.name.dropLast("data.pkl".count))
    if let order = archive[folder + "byteorder"] {
      guard order.count <= 16 else {
        throw file.damaged(order.name, "is \(order.count) bytes long; it holds one word")
      }
      let content = try archive.content(of: order)
      let isLittle = withExtendedLifetime(content) { content.bytes.elementsEqual("little".utf8) }
      guard isLittle else {
        throw CheckpointError.unsupported(
          path: file.path, part: order.name, what: "only little-endian files are read")
      }
    }
    try refuseExcess(pickle, in: file)
    let content = try archive.content(of: pickle)
    let arena = PickleArena()
    var reader = PickleReader(content.bytes, part: "pickle \(pickle.name)", of: file, arena: arena)
    {
      try .named(by: $0, part: "pickle \(pickle.name)", of: file)
    }
    let root = try withExtendedLifetime(content) { try reader.read() }
    let isScript = archive.entries.contains { $0.name.hasPrefix(folder + "code/") }
    return TorchFile(
      format: isScript ? .torchScript : .torchZip, file: file, root: root, arena: arena,
      storages: ZipStorages(archive: archive, folder: folder + "data/"))
  }

  /// Refuses a pickle that inflates to more than the file can justify, before it is inflated.
  ///
  /// torch stores pickles as they are. Those of checkpoints that were packed anew shrink to a third
  /// or a quarter, and lie beside weights that do not shrink: four times the file is more than any
  /// needs, and a mebibyte is enough for a long list of equal numbers in a small file.
  private static func refuseExcess(
    _ pickle: ZipArchive.Entry, in file: MappedFile
  ) throws(CheckpointError) {
    let limit = 1 << 20 + 4 * file.count
    guard pickle.count <= limit else {
      throw file.damaged(
        "pickle \(pickle.name)",
        "unpacks to \(pickle.count) bytes, more than a file of \(file.count) bytes can need")
    }
  }

  /// `data.pkl` in the archive's one folder.
  private static func isPickle(_ name: String) -> Bool {
    name == "data.pkl" || name.hasSuffix("/data.pkl") && name.count(where: { $0 == "/" }) == 1
  }

  private static func describe(_ archive: ZipArchive) -> String {
    let names = archive.entries.map(\.name)
    if !names.isEmpty, names.allSatisfy({ $0.hasSuffix(".npy") }) {
      return "a NumPy archive (.npz)"
    }
    if names.contains(where: { $0.hasSuffix("model.json") }) {
      return "TorchScript of torch before 1.4"
    }
    let first = names.prefix(3).joined(separator: ", ")
    return "a zip archive of other files (\(names.isEmpty ? "none" : first))"
  }
}

private struct ZipStorages: StorageSource {
  let archive: ZipArchive
  let folder: String

  func bytes(of storage: StorageReference) throws -> FileBytes {
    guard let entry = archive[folder + storage.key] else {
      throw archive.file.damaged("storage \(storage.key)", "is not in the archive")
    }
    guard entry.count >= storage.byteCount else {
      throw archive.file.damaged(
        "storage \(storage.key)", "has \(entry.count) bytes where \(storage.byteCount) are needed")
    }
    return try archive.content(of: entry)
  }

  func inflatedCount(of storage: StorageReference) -> Int {
    guard let entry = archive[folder + storage.key], entry.method != 0 else { return 0 }
    return entry.count
  }
}
