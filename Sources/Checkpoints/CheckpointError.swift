/// A failure to read or write a checkpoint, with the file and what is wrong with it.
public enum CheckpointError: Error, Equatable, CustomStringConvertible {
  /// Nothing is at that path.
  case missing(path: String)
  /// A folder is where a file was expected.
  case isFolder(path: String)
  /// A folder with what an archive of torch.save held: `folder` within it, or the folder itself.
  case unpackedArchive(path: String, folder: String)
  /// A file is there already, and nobody asked to replace it.
  case alreadyExists(path: String)
  /// The system refuses to read the file; `reason` is its own sentence.
  case unreadable(path: String, reason: String)
  /// The file has no bytes.
  case empty(path: String)
  /// The content is something else; `found` names it, such as `a text file`.
  case notACheckpoint(path: String, found: String)
  /// The file ends inside `part`.
  case truncated(path: String, part: String)
  /// `part` contradicts the format; `problem` says how.
  case damaged(path: String, part: String, problem: String)
  /// `part` is well formed, and of a kind that Lethe does not read.
  case unsupported(path: String, part: String, what: String)
  /// The file was written to after it was opened.
  case changed(path: String)
  /// The file cannot be written; what was at that path is as it was.
  case unwritable(path: String, reason: String)

  /// Whether the file is the rest of a checkpoint: cut off, overwritten, or with a changed byte.
  ///
  /// A run whose newest snapshot is damaged may go on from the one before it.
  public var isDamage: Bool {
    switch self {
    case .empty, .notACheckpoint, .truncated, .damaged: true
    case .missing, .isFolder, .unpackedArchive, .alreadyExists, .unreadable, .unsupported, .changed,
      .unwritable:
      false
    }
  }

  /// One sentence that names the file, what was found, and the way out.
  public var description: String {
    switch self {
    case .missing(let path):
      "\(path): no such file"
    case .isFolder(let path):
      "\(path): a folder, where a file was expected"
    case .unpackedArchive(let path, let folder):
      "\(path): a file of torch.save that was unpacked into a folder; pack it again (go to the "
        + "folder that holds \(folder), and run `zip -0r \(folder).pt \(folder)`), or fetch the "
        + "file anew"
    case .alreadyExists(let path):
      "\(path): already exists; name another file, or ask to replace it"
    case .unreadable(let path, let reason):
      "\(path): cannot be read: \(reason)"
    case .empty(let path):
      "\(path): the file is empty; fetch or write it again"
    case .notACheckpoint(let path, let found):
      "\(path): not a checkpoint but \(found); expected safetensors, what torch.save writes, or NVIDIA's .pkl"
    case .truncated(let path, let part):
      "\(path): the file ends inside \(part): it was cut off; fetch or write it again"
    case .damaged(let path, let part, let problem):
      "\(path): \(part): \(problem); the file is damaged, fetch or write it again"
    case .unsupported(let path, let part, let what):
      "\(path): \(part): \(what)"
    case .changed(let path):
      "\(path): the file was written to while it was in use; run the command again, and replace "
        + "files by moving new ones over them"
    case .unwritable(let path, let reason):
      "\(path): cannot be written: \(reason)"
    }
  }
}
