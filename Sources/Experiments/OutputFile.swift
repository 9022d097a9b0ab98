import Files
public import Foundation

/// A file that somebody asks to be written.
public enum OutputFile {
  /// The file, if it can be written and nothing is there yet.
  ///
  /// Asked before any work, so that minutes of it are not thrown away at the end.
  ///
  /// - Parameter path: a file that must not exist, in a folder that must.
  /// - Returns: the file.
  /// - Throws: ``OutputFileError``.
  public static func check(_ path: String) throws(OutputFileError) -> URL {
    let url = URL(filePath: path)
    var status = stat()
    if lstat(url.path, &status) == 0 { throw .alreadyExists(path: path) }
    if let reason = url.missingParent { throw .unfitFolder(path: path, reason: reason) }
    let folder = url.deletingLastPathComponent().path
    guard access(folder, W_OK | X_OK) == 0 else {
      throw .unfitFolder(
        path: path, reason: "the folder \(folder) is not writable (\(systemReason()))")
    }
    return url
  }
}

/// A file that cannot be written.
public enum OutputFileError: Error, Equatable, CustomStringConvertible {
  /// Something is there already.
  case alreadyExists(path: String)
  /// Its ending means another format than what is written, whose own ending is its name.
  case otherFormat(path: String, ending: String, written: String)
  /// The folder cannot take it.
  case unfitFolder(path: String, reason: String)

  /// One sentence that names the file and the way out.
  public var description: String {
    switch self {
    case .alreadyExists(let path):
      "\(path) already exists, and lethe never overwrites anything: name another file or remove it"
    case .otherFormat(let path, let ending, let written):
      "\(path) would hold \(written), and .\(ending) means another format: let the name end in "
        + ".\(written)"
    case .unfitFolder(let path, let reason):
      "cannot write \(path): \(reason); name another file"
    }
  }
}
