import Files
public import Foundation

/// A file that somebody asks to be written.
public enum OutputFile {
  /// The file, if it can be written and nothing is there yet.
  ///
  /// Asked before any work, so that minutes of it are not thrown away at the end. A pipe or a device,
  /// such as `/dev/stdout`, is there already and takes what comes, whatever it is called.
  ///
  /// - Parameters:
  ///   - path: a file that must not exist, in a folder that must.
  ///   - ending: how its name must end; another one would promise what the file does not hold.
  ///   - content: what it will hold, in words such as `pictures are written as PNG`.
  /// - Returns: the file.
  /// - Throws: ``OutputFileError``.
  public static func check(
    _ path: String, ending: String, content: String
  ) throws(OutputFileError) -> URL {
    let url = URL(filePath: path)
    guard !url.isStream else { return url }
    guard url.pathExtension.lowercased() == ending else {
      throw .unfitEnding(path: path, ending: ending, content: content)
    }
    return try check(path)
  }

  /// The same for a file of any name.
  ///
  /// - Parameter path: a file that must not exist, in a folder that must.
  /// - Returns: the file.
  /// - Throws: ``OutputFileError``.
  public static func check(_ path: String) throws(OutputFileError) -> URL {
    let url = URL(filePath: path)
    guard !url.isStream else { return url }
    var status = stat()
    if lstat(url.path, &status) == 0 { throw .alreadyExists(path: path) }
    if let reason = url.missingParent { throw .unfitFolder(path: path, reason: reason) }
    try requireWritable(url.deletingLastPathComponent(), for: path)
    return url
  }

  /// A folder that takes new files, or can be made.
  ///
  /// - Parameter path: a folder, or nothing yet, in a folder that must exist.
  /// - Returns: the folder.
  /// - Throws: ``OutputFileError``.
  static func checkFolder(_ path: String) throws(OutputFileError) -> URL {
    let url = URL(filePath: path)
    switch url.fileKind {
    case .folder: try requireWritable(url, for: path)
    case .file: throw .unfitFolder(path: path, reason: "\(url.path) is not a folder")
    case .missing:
      if let reason = url.missingParent { throw .unfitFolder(path: path, reason: reason) }
      try requireWritable(url.deletingLastPathComponent(), for: path)
    }
    return url
  }

  private static func requireWritable(
    _ folder: URL, for path: String
  ) throws(OutputFileError) {
    if let refusal = folder.refusalOfNewEntries {
      throw .unfitFolder(
        path: path, reason: "the folder \(folder.path) is not writable (\(refusal))")
    }
  }
}

/// A file that cannot be written.
public enum OutputFileError: Error, Equatable, CustomStringConvertible {
  /// Something is there already.
  case alreadyExists(path: String)
  /// Its name promises another format.
  case unfitEnding(path: String, ending: String, content: String)
  /// The folder cannot take it.
  case unfitFolder(path: String, reason: String)

  /// One sentence that names the file and the way out.
  public var description: String {
    switch self {
    case .alreadyExists(let path):
      "\(path) already exists, and lethe never overwrites anything: name another file or remove it"
    case .unfitEnding(let path, let ending, let content):
      "\(path): \(content); name \(Self.fittingName(path, ending))"
    case .unfitFolder(let path, let reason):
      "cannot write \(path): \(reason); name another file"
    }
  }

  /// The name with the right ending; one that stands for another format gives way to it.
  private static func fittingName(_ path: String, _ ending: String) -> String {
    let former = URL(filePath: path).pathExtension
    let formats = [
      "png", "jpg", "jpeg", "webp", "gif", "bmp", "tif", "tiff", "pt", "pth", "pkl", "safetensors",
      "npz", "npy", "json", "txt", "csv",
    ]
    let isFormat = formats.contains(former.lowercased())
    let stem = isFormat ? String(path.dropLast(former.count + 1)) : path
    return "\(stem).\(ending)"
  }
}
