import Files
import Foundation

/// A failure around a run directory that comes from the world: a folder, a disk, a damaged file.
public enum RunError: Error, Equatable, CustomStringConvertible {
  /// `--output` names something that is already there.
  case alreadyExists(path: String)
  /// The folder that should hold the run cannot take it.
  case cannotHoldRun(path: String, folder: String, reason: String)
  /// The folder to resume or to report on is not a run.
  case notARun(path: String, reason: String)
  /// The run has no snapshot yet.
  case noSnapshot(path: String)
  /// Another process works in the run's folder; `owner` names it where it can be told.
  case inUse(path: String, owner: String?)
  /// The system refused to write a file.
  case cannotWrite(path: String, reason: String)
  /// The system refused to read a file.
  case cannotRead(path: String, reason: String)
  /// A file, or a text without one, is not JSON.
  case malformedJSON(path: String?, line: Int, column: Int, expected: String)
  /// A JSON file lacks a field, or holds another kind of value there.
  case unexpectedField(path: String, field: String, expected: String)

  /// One or two sentences that name the file, what was expected and the way out.
  public var description: String {
    switch self {
    case .alreadyExists(let path):
      "\(path) already exists, and a run never overwrites anything: go on with it, or name another folder"
    case .cannotHoldRun(let path, let folder, let reason):
      "cannot create the run \(path): \(folder) \(reason); name another folder"
    case .notARun(let path, let reason):
      "\(path) is not a run directory: \(reason); a run directory is what an earlier run left, with options.json in it"
    case .noSnapshot(let path):
      "\(path) holds no snapshot yet"
    case .inUse(let path, let owner):
      "\(path) is in use by \(owner ?? "another process"): one process at a time works in a run; "
        + "wait for its end, or stop it"
    case .cannotWrite(let path, let reason):
      "cannot write \(path): \(reason)"
    case .cannotRead(let path, let reason):
      "cannot read \(path): \(reason)"
    case .malformedJSON(let path, let line, let column, let expected):
      "\(path ?? "the text") is not JSON: line \(line), column \(column): expected \(expected)"
        + (path == nil ? "" : "; the file is damaged, or another program wrote it")
    case .unexpectedField(let path, let field, let expected):
      "\(path): field \"\(field)\" should be \(expected); the file is damaged, or another version "
        + "of lethe wrote it"
    }
  }
}

extension RunError {
  init(_ error: FileError) { self = .cannotWrite(path: error.path, reason: error.reason) }

  /// Why something that is no file cannot be read.
  static func reason(notAFile status: stat) -> String {
    let isFolder = status.st_mode & S_IFMT == S_IFDIR
    return "it is \(isFolder ? "a folder" : "a pipe or a device"), where a file was expected"
  }
}
