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
