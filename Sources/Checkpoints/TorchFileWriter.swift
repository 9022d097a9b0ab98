import Files
public import Foundation
import Torch

/// Writes what `torch.save` writes since torch 1.6: a zip archive with a pickle and the storages.
///
/// `torch.load(weights_only=True)` reads it, and so does ``Checkpoint``. The same content gives the
/// same bytes. Tensors are written one after another; no copy of the file is held in memory.
public struct TorchFileWriter: Sendable {
  /// The archive's one folder.
  private static let folder = "archive"

  private let root: TorchObject
  private let wideFrom: Int

  /// A file's content.
  ///
  /// - Parameter root: what `torch.load` shall return.
  public init(_ root: TorchObject) { self.init(root, wideFrom: 0xFFFF_FFFF) }

  /// A file that turns to zip64 fields earlier than it needs to, for tests.
  init(_ root: TorchObject, wideFrom: Int) {
    self.root = root
    self.wideFrom = wideFrom
  }

  /// Writes the file, or leaves everything as it was.
  ///
  /// The bytes go beside the destination, are forced to the disk, and take its name in one step.
  ///
  /// - Parameters:
  ///   - url: the destination; its folder exists.
  ///   - isReplacing: whether a file that is there already may be replaced.
  /// - Throws: ``CheckpointError`` if it is a folder, exists and shall stay, or cannot be written.
  public func write(to url: URL, replacing isReplacing: Bool = false) throws(CheckpointError) {
    try url.requireWritable(replacing: isReplacing)
    let pickle = PickleWriter(root)
    do {
      try AtomicFile.write(to: url) { file throws(FileError) in
        var archive = ZipWriter(alignment: 64, wideFrom: wideFrom)
        try archive.add("\(Self.folder)/data.pkl", pickle.bytes, to: file)
        try archive.add("\(Self.folder)/byteorder", Data("little".utf8), to: file)
        for (index, storage) in pickle.storages.enumerated() {
          // Where the type is another one, this is the one copy, which ends with the turn.
          let elements = storage.tensor.to(storage.type)
          try elements.withUnsafeBytes { bytes throws(FileError) in
            try archive.add(
              "\(Self.folder)/data/\(index)", bytes, checksum: Checksum.ofMany(bytes), to: file)
          }
        }
        try archive.add("\(Self.folder)/version", Data("3\n".utf8), to: file)
        try archive.finish(file)
      }
    } catch {
      throw CheckpointError.unwritable(path: error.path, reason: error.reason)
    }
  }
}

extension URL {
  /// Throws unless a checkpoint may be written here.
  func requireWritable(replacing isReplacing: Bool) throws(CheckpointError) {
    switch fileKind {
    case .folder: throw .isFolder(path: path)
    case .file where !isReplacing && !isStream: throw .alreadyExists(path: path)
    case .file, .missing: break
    }
    if let reason = missingParent { throw .unwritable(path: path, reason: reason) }
  }
}
