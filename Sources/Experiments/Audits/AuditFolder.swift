import Auditing
import Datasets
import Files
import Foundation
import Records
import Runs
import Torch

/// The folder of an audit, in which each answer is kept as soon as it is known.
///
///     RUN/audit/
///       audit.json      what was asked, of which files, and every answer so far
///       images/         the pictures of the answers
///
/// An audit that was stopped goes on with the first answer that is missing; one of other settings is never mixed
/// into it.
struct AuditFolder {
  let root: URL
  private(set) var record: AuditRecord
  private let description: JSON.Object
  private let lock: RunLock

  /// The option, found and not given, that records where extrapolation forgets as much.
  static let gammaOption = "extrapolation_gamma"

  /// Opens a folder, with the answers that are there, or makes it.
  ///
  /// - Parameters:
  ///   - root: the folder; what is missing above it is made.
  ///   - description: what is asked, as `RunRecord.json` says it.
  ///   - record: the generators, and what was to be forgotten.
  /// - Throws: ``AuditError/otherSettings(folder:setting:former:now:)``, ``AuditError/damaged(file:)``, `RunError`.
  init(_ root: URL, description: JSON.Object, record: AuditRecord) throws {
    self.root = root
    self.description = description
    self.record = record
    let images = root.appending(path: "images")
    do {
      try FileManager.default.createDirectory(at: images, withIntermediateDirectories: true)
    } catch {
      throw RunError.cannotWrite(path: root.path, reason: error.localizedDescription)
    }
    lock = try RunLock(of: root)
    AtomicFile.removeLeftovers(in: root, isOwned: lock.isKept)
    let file = Self.file(in: root)
    guard FileManager.default.fileExists(atPath: file.path) else { return }
    guard let former = try JSON(contentsOf: file).object, let earlier = AuditRecord(former) else {
      throw AuditError.damaged(file: file.path)
    }
    try Self.requireSame(former, description, in: root)
    for generator in record.generators {
      guard let former = earlier.generators.first(where: { $0.role == generator.role }),
        former.digest != generator.digest
      else { continue }
      throw AuditError.otherSettings(
        folder: root.path, setting: "the \(generator.role.rawValue) generator",
        former: former.digest ?? former.name, now: generator.digest ?? generator.name)
    }
    self.record = earlier
    // Those that were not asked before are asked now, and the others keep their answers.
    self.record.generators = AuditRecord.Role.allCases.compactMap { role in
      (record.generators + earlier.generators).first { $0.role == role }
    }
  }

  /// The file of an audit's record.
  static func file(in root: URL) -> URL { root.appending(path: "audit.json") }

  /// The γ of extrapolation that was found before; nil where there is none.
  static func recordedGamma(in root: URL) throws -> Double? {
    let file = file(in: root)
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    return try JSON(contentsOf: file).object?["options"]?[gammaOption]?.number
  }

  /// The effort of the audit that a folder holds; nil where none can be read.
  static func recordedEffort(in root: URL) -> AuditEffort? {
    let record = try? JSON(contentsOf: file(in: root))
    return record?["options"]?["effort"]?.string.flatMap(AuditEffort.init(rawValue:))
  }

  private static func requireSame(
    _ former: JSON.Object, _ now: JSON.Object, in root: URL
  ) throws {
    func checksums(_ record: JSON.Object) -> [String] {
      (record["inputs"]?.array ?? []).map {
        "\($0["role"]?.string ?? "") \($0["sha256"]?.string?.prefix(8) ?? "")"
      }
    }
    func refuse(_ setting: String, _ former: String, _ now: String) -> AuditError {
      .otherSettings(folder: root.path, setting: setting, former: former, now: now)
    }
    if former["seed"] != now["seed"] {
      throw refuse(
        "seed", former["seed"]?.encoded(.line) ?? "none", now["seed"]?.encoded(.line) ?? "none")
    }
    let options = (
      OptionsRecord(former["options"]?.object ?? [:]).flattened,
      OptionsRecord(now["options"]?.object ?? [:]).flattened
    )
    for name in Set(options.0.keys).union(options.1.keys).sorted()
    where options.0[name] != options.1[name] {
      // Where the unlearned generator alone was asked, nobody has looked for it yet.
      if name == Self.gammaOption, options.0[name] == nil { continue }
      throw refuse(
        name.replacing("_", with: " "), options.0[name]?.encoded(.line) ?? "none",
        options.1[name]?.encoded(.line) ?? "none")
    }
    guard checksums(former) == checksums(now) else {
      throw refuse(
        "the files", checksums(former).joined(separator: ", "),
        checksums(now).joined(separator: ", "))
    }
  }

  /// The answer that is there already; nil if the question is open.
  func answer(to audit: any Audit, of role: AuditRecord.Role) -> AuditRecord.Answer? {
    record.entries.first { $0.name == audit.name }?.answers.first { $0.role == role }
  }

  /// Keeps an answer, with its pictures.
  mutating func keep(
    _ finding: AuditFinding, of generator: AuditedGenerator, to audit: any Audit, seconds: Double
  ) throws {
    let pictures = try finding.pictures.map { sheet in
      let path = "images/\(audit.name)-\(generator.role.rawValue)-\(sheet.name).png"
      try ImageGrid(columns: sheet.columns).write(
        sheet.pictures, range: sheet.range, to: root.appending(path: path))
      return AuditRecord.PictureFile(path: path, caption: sheet.caption)
    }
    try keep(
      AuditRecord.Answer(
        generator.role, measurements: finding.measurements, curves: finding.curves,
        pictures: pictures, seconds: seconds), to: audit)
  }

  /// Keeps an answer.
  mutating func keep(_ answer: AuditRecord.Answer, to audit: any Audit) throws {
    try replace(
      answer,
      in: AuditRecord.Entry(
        name: audit.name, title: audit.title, question: audit.question, source: audit.source))
  }

  /// Keeps an answer, in place of a former one of the same generator.
  mutating func replace(_ answer: AuditRecord.Answer, in entry: AuditRecord.Entry) throws {
    let known = record.entries.firstIndex { $0.name == entry.name }
    let index = known ?? record.entries.count
    if known == nil { record.entries.append(entry) }
    record.entries[index].answers.removeAll { $0.role == answer.role }
    record.entries[index].answers.append(answer)
    // In the order of the list and of the generators, whatever was asked first.
    let names = Audits.all.map(\.name)
    func place(_ name: String) -> Int { names.firstIndex(of: name) ?? names.count }
    record.entries.sort { place($0.name) < place($1.name) }
    for warning in answer.measurements.compactMap(\.warning)
    where !record.warnings.contains(warning) { record.warnings.append(warning) }
    try write()
  }

  /// Adds a warning about the whole, once.
  mutating func warn(_ sentence: String) {
    if !record.warnings.contains(sentence) { record.warnings.append(sentence) }
  }

  /// Writes audit.json.
  func write() throws {
    var json = description
    json.merge(record.json)
    try JSON.object(json).write(to: Self.file(in: root))
  }

  /// Lets others work in the folder.
  func release() { lock.release() }
}
