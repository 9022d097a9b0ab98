public import Foundation
public import Records

/// What `lethe audit` leaves in the folder of a run.
extension RunDirectory {
  /// What the folder of the audits is called.
  public static let auditFolderName = "audit"
  /// The folder of the audits: audit.json and the pictures that it names.
  public var auditFolder: URL { root.appending(path: Self.auditFolderName) }
  /// What audits have found of the run's generator and of its controls.
  public var auditFile: URL { auditFolder.appending(path: AuditRecord.fileName) }

  /// Reads audit.json.
  ///
  /// - Returns: its content; nil where nothing was audited.
  /// - Throws: ``RunError`` when it is damaged, with the field that is.
  public func readAudit() throws(RunError) -> AuditRecord? {
    try AuditRecord.read(from: auditFolder)
  }

  /// The file of a picture of an audit.
  ///
  /// - Parameter picture: of a record in this folder.
  /// - Returns: a file in ``auditFolder``, whether it exists or not.
  /// - Throws: ``RunError/unexpectedField(path:field:expected:)`` for a path that leads out of the
  ///   folder.
  public func auditPicture(_ picture: AuditRecord.PictureFile) throws(RunError) -> URL {
    let parts = picture.path.split(separator: "/", omittingEmptySubsequences: false)
    guard !parts.contains(where: { ["", ".", ".."].contains($0) }) else {
      throw .unexpectedField(
        path: auditFile.path, field: "path",
        expected: "a path within the folder of the audit, "
          + "such as images/a.png, not \(picture.path)")
    }
    return auditFolder.appending(path: picture.path)
  }
}

extension AuditRecord {
  /// The file of a record, in its folder.
  static let fileName = "audit.json"

  /// Reads audit.json.
  ///
  /// - Parameter folder: of the audits.
  /// - Returns: its content; nil where nothing was audited.
  /// - Throws: ``RunError`` when it is damaged, with the field that is.
  public static func read(from folder: URL) throws(RunError) -> AuditRecord? {
    let file = folder.appending(path: fileName)
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    guard let object = try JSON(contentsOf: file).object else {
      throw .malformedJSON(path: file.path, line: 1, column: 1, expected: "an object")
    }
    if let (field, expected) = damage(in: object) {
      throw .unexpectedField(path: file.path, field: field, expected: expected)
    }
    guard let record = AuditRecord(object) else {
      preconditionFailure("a record of audits that is damaged nowhere")
    }
    return record
  }

  /// What keeps a JSON object from being a record, or would be lost in reading it.
  ///
  /// - Parameter object: the content of audit.json.
  /// - Returns: a field, and what it should be; nil where there is no damage.
  static func damage(in object: JSON.Object) -> (field: String, expected: String)? {
    let whole: JSON.Object = ["forget": "x", "generators": [], "audits": []]
    func isRecord(_ field: String, _ value: JSON?) -> Bool {
      var record = whole
      record[field] = value
      return AuditRecord(record) != nil
    }
    if !isRecord("forget", object["forget"]) {
      return ("forget", "the name of what was to be forgotten, or a list of names")
    }
    guard let generators = object["generators"]?.array else { return ("generators", "a list") }
    for (index, generator) in generators.enumerated()
    where !isRecord("generators", [generator]) {
      return ("generators[\(index)]", "a generator with its role and name")
    }
    let roles = generators.compactMap { $0["role"]?.string }
    if Set(roles).count != roles.count { return ("generators", "each role once") }
    guard let audits = object["audits"]?.array else { return ("audits", "a list") }
    for (index, audit) in audits.enumerated() {
      guard isRecord("audits", [audit]) else {
        return ("audits[\(index)]", "an audit with its name, title and answers")
      }
      for (place, answer) in (audit["answers"]?.array ?? []).enumerated() {
        if let (field, expected) = damage(inAnswer: answer, of: roles) {
          return ("audits[\(index)].answers[\(place)].\(field)", expected)
        }
      }
    }
    return nil
  }

  /// What would be lost of an answer.
  private static func damage(
    inAnswer answer: JSON, of roles: [String]
  ) -> (field: String, expected: String)? {
    if let role = answer["generator"]?.string, !roles.contains(role) {
      return ("generator", "the role of one of the generators")
    }
    if let methods = answer[JSON.Object.methodsField] {
      guard let methods = methods.object,
        methods.isEmpty || answer.object?.measurements != nil
      else {
        return (
          JSON.Object.methodsField,
          "for each metric how it was measured, from how many samples, and a value beside it"
        )
      }
    }
    if let curves = answer["curves"], curves.array == nil { return ("curves", "a list") }
    if let pictures = answer["pictures"],
      pictures.array?.allSatisfy({ $0["path"]?.string != nil }) != true
    {
      return ("pictures", "a list of pictures with a path")
    }
    return nil
  }
}
