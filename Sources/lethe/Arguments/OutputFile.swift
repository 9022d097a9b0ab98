import Foundation

/// A file that a command is asked to write.
enum OutputFile {
  /// The file, if it can be written and nothing is there yet.
  ///
  /// Asked before any work, so that minutes of it are not thrown away at the end.
  static func check(_ path: String) throws(OutputFileError) -> URL {
    let url = URL(filePath: path)
    var status = stat()
    if lstat(url.path, &status) == 0 { throw .alreadyExists(path: path) }
    let folder = url.deletingLastPathComponent().path
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) else {
      throw .unfitFolder(path: path, reason: "the folder \(folder) does not exist")
    }
    guard isFolder.boolValue else {
      throw .unfitFolder(path: path, reason: "\(folder) is not a folder")
    }
    guard access(folder, W_OK | X_OK) == 0 else {
      throw .unfitFolder(
        path: path,
        reason: "the folder \(folder) is not writable (\(String(cString: strerror(errno))))")
    }
    return url
  }
}

/// A file that a command cannot write.
enum OutputFileError: Error, Equatable, CustomStringConvertible {
  case alreadyExists(path: String)
  case unfitFolder(path: String, reason: String)

  /// One sentence that names the file and the way out.
  var description: String {
    switch self {
    case .alreadyExists(let path):
      "\(path) already exists, and lethe never overwrites anything: name another file or remove it"
    case .unfitFolder(let path, let reason):
      "cannot write \(path): \(reason); name another file"
    }
  }
}
