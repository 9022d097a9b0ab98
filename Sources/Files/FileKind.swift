public import Foundation

/// What stands at a path.
public enum FileKind: Sendable {
  /// Nothing, or a link that leads nowhere.
  case missing
  /// A folder, or a link to one.
  case folder
  /// Anything else.
  case file
}

extension URL {
  /// Whether what stands here takes bytes one after another and keeps no name: a pipe, a device, or a
  /// descriptor of this process such as `/dev/stdout`.
  ///
  /// Nothing can be lost by writing there, and nothing can be renamed over it.
  public var isStream: Bool {
    if ownDescriptor != nil { return true }
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    return [S_IFIFO, S_IFCHR, S_IFSOCK].contains(status.st_mode & S_IFMT)
  }

  /// Whether bytes written here go where this process prints.
  public var isStandardOutput: Bool {
    var (here, output) = (stat(), stat())
    return isStream && stat(path, &here) == 0 && fstat(STDOUT_FILENO, &output) == 0
      && here.st_dev == output.st_dev && here.st_ino == output.st_ino
  }

  /// The number of the descriptor that a path stands for.
  ///
  /// Opening such a path anew would begin at the start of a file that a shell appends to.
  var ownDescriptor: Int32? {
    let path = path
    if path == "/dev/stdout" { return STDOUT_FILENO }
    if path == "/dev/stderr" { return STDERR_FILENO }
    for folder in ["/dev/fd/", "/proc/self/fd/"] where path.hasPrefix(folder) {
      return Int32(path.dropFirst(folder.count))
    }
    return nil
  }

  /// What stands at this path now; links are followed.
  public var fileKind: FileKind {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      return .missing
    }
    return isFolder.boolValue ? .folder : .file
  }

  /// Why no file can be written at this path for want of a folder; nil where there is one.
  public var missingParent: String? {
    let folder = deletingLastPathComponent()
    return switch folder.fileKind {
    case .folder: nil
    case .file: "\(folder.path) is not a folder"
    case .missing: "the folder \(folder.path) does not exist"
    }
  }
}
