import Classifiers
import Files
public import Foundation
public import GANs
import Judging
public import Runs

/// What the folder of an unlearning tells those who audit it: which generator it made, from which, by which
/// judge, and what was to be forgotten.
public struct AuditedRun {
  /// The folder.
  public let run: RunDirectory
  /// The generator that was to forget.
  public let unlearned: GANFile
  /// The file of the GAN before.
  public let original: URL
  /// The file of the judge that guided it.
  public let judge: URL
  /// What was to be forgotten, as the judge names it.
  public let concepts: [String]
  /// The adapted models; empty where the method had none.
  public let adapted: [GANFile]

  /// Reads what a run records.
  ///
  /// Files that it read are taken from where they were; an embedded model that is no longer there is the one of
  /// this program, if that has the same checksum.
  ///
  /// - Parameters:
  ///   - path: the folder of `lethe unlearn` or `lethe demo`.
  ///   - original: the GAN before, where somebody names it; a file or a run folder.
  ///   - judge: the judge that guided it, where somebody names it.
  /// - Throws: `RunError`, `GANFileError`; ``AuditError`` for a run of something else, or a file that has gone or
  ///   changed.
  public init(_ path: String, original: String? = nil, judge: String? = nil) throws {
    let run = try RunDirectory.open(at: URL(filePath: path))
    let record = try run.readOptions()
    let options = OptionsRecord.read(record).values
    let command = record["command"]?.string ?? ""
    let names = options["forget"].map { ($0.array ?? [$0]).compactMap(\.string) } ?? []
    guard ["unlearn", "demo"].contains(command), !names.isEmpty else {
      throw AuditError.notUnlearned(path: run.root.path, command: command)
    }
    let inputs = (record["inputs"]?.array ?? []).compactMap(Input.init)
    func place(_ role: String) throws -> URL {
      guard let input = inputs.first(where: { $0.role == role }) else {
        throw AuditError.unrecorded(role: role, run: run.root.path)
      }
      return try input.found(in: run.root.path)
    }
    self.run = run
    concepts = names
    unlearned = try ModelLocator.gan(path)
    self.original = try original.map(ModelLocator.ganFile) ?? place("gan")
    self.judge = try judge.map(ModelLocator.judgeFile) ?? place("judge")
    let made = RunModels(run).adapted.map(\.file)
    let read = try inputs.filter { $0.role == "adapted" }.map { try $0.found(in: run.root.path) }
    adapted = try (made + read).map { try GANFile.read($0, as: .known) }
  }

  /// A file that a run has read.
  private struct Input {
    let role: String
    let path: String
    let sha256: String

    init?(_ json: JSON) {
      guard let role = json["role"]?.string, let path = json["path"]?.string,
        let sha256 = json["sha256"]?.string
      else { return nil }
      self.role = role
      self.path = path
      self.sha256 = sha256
    }

    /// The file, if it still is what the run has read.
    func found(in run: String) throws -> URL {
      let url = URL(filePath: path)
      guard url.fileKind == .file else {
        if let embedded = try EmbeddedModels.file(withSHA256: sha256) { return embedded }
        throw AuditError.missing(role: role, path: path, run: run)
      }
      guard try Provenance(of: url, role: role).sha256 == sha256 else {
        throw AuditError.changed(role: role, path: path, run: run)
      }
      return url
    }
  }
}

/// An audit that cannot be made.
public enum AuditError: Error, Equatable, CustomStringConvertible {
  /// A run in which nothing was to be forgotten.
  case notUnlearned(path: String, command: String)
  /// A run that does not record one of its files.
  case unrecorded(role: String, run: String)
  /// A file of the run that has gone.
  case missing(role: String, path: String, run: String)
  /// A file of the run that is another one by now.
  case changed(role: String, path: String, run: String)
  /// A second judge that is the first.
  case sameJudge(path: String)
  /// A retrained generator that is another one of the audit.
  case notRetrained(path: String, same: String)
  /// A folder with an audit of other settings.
  case otherSettings(folder: String, setting: String, former: String, now: String)
  /// A record that cannot be read.
  case damaged(file: String)

  /// One sentence that names what was found and the way out.
  public var description: String {
    switch self {
    case .notUnlearned(let path, let command):
      "\(path) is a run of 'lethe \(command)', in which nothing was forgotten: expected one of 'lethe unlearn' "
        + "or 'lethe demo', or a GAN's file with the original, the judge and what was to be forgotten"
    case .unrecorded(let role, let run):
      "\(run) does not record its \(role): name it"
    case .missing(let role, let path, let run):
      "\(path), the \(role) of \(run), is no longer there: name the \(role) where it lies now"
    case .changed(let role, let path, let run):
      "\(path), the \(role) of \(run), has changed since: name the file that it was"
    case .sameJudge(let path):
      "\(path) is the judge that guided forgetting: a second judge must be another one, trained apart"
    case .notRetrained(let path, let same):
      "\(path) is \(same), not a generator that was retrained without the concept"
    case .otherSettings(let folder, let setting, let former, let now):
      "\(folder) holds an audit with \(setting) \(former), not \(now): ask for the same, or name another folder"
    case .damaged(let file):
      "\(file) cannot be read as the record of an audit: remove it, or name another folder"
    }
  }
}
