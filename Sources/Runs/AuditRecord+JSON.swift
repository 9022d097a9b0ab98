public import Records

extension AuditRecord {
  /// The record as audit.json holds it.
  public var json: JSON.Object {
    [
      "forget": forgotten.count == 1 ? JSON(forgotten[0]) : JSON(forgotten),
      "generators": .array(generators.map(\.json)),
      "audits": .array(entries.map(\.json)),
      "warnings": JSON(warnings),
    ]
  }

  /// The record that ``json`` gave; nil for anything else.
  ///
  /// - Parameter json: the content of audit.json.
  public init?(_ json: JSON.Object) {
    guard let names = json["forget"].flatMap({ $0.array ?? [$0] }),
      names.allSatisfy({ $0.string != nil }),
      let generators = json["generators"]?.array?.map(Generator.init),
      let entries = json["audits"]?.array?.map(Entry.init),
      generators.allSatisfy({ $0 != nil }), entries.allSatisfy({ $0 != nil })
    else { return nil }
    self.init(
      forgotten: names.compactMap(\.string), generators: generators.compactMap(\.self),
      entries: entries.compactMap(\.self),
      warnings: json["warnings"]?.array?.compactMap(\.string) ?? [])
  }
}

extension AuditRecord.Generator {
  fileprivate var json: JSON {
    [
      "role": .string(role.rawValue), "name": .string(name), "file": JSON(file),
      "parameters_sha256": JSON(digest),
    ]
  }

  fileprivate init?(_ json: JSON) {
    guard let role = json["role"]?.string.flatMap(AuditRecord.Role.init),
      let name = json["name"]?.string
    else { return nil }
    self.init(
      role, name: name, file: json["file"]?.string, digest: json["parameters_sha256"]?.string)
  }
}

extension AuditRecord.Entry {
  fileprivate var json: JSON {
    [
      "name": .string(name), "title": .string(title), "question": .string(question),
      "source": .string(source), "answers": .array(answers.map(\.json)),
    ]
  }

  fileprivate init?(_ json: JSON) {
    guard let name = json["name"]?.string, let title = json["title"]?.string,
      let answers = json["answers"]?.array?.map(AuditRecord.Answer.init),
      answers.allSatisfy({ $0 != nil })
    else { return nil }
    self.init(
      name: name, title: title, question: json["question"]?.string ?? "",
      source: json["source"]?.string ?? "", answers: answers.compactMap(\.self))
  }
}

extension AuditRecord.Answer {
  fileprivate var json: JSON {
    var record: JSON.Object = ["generator": .string(role.rawValue)]
    if let reason { record["reason"] = .string(reason) }
    if !measurements.isEmpty { record.add(measurements) }
    if !curves.isEmpty { record["curves"] = .array(curves.map(\.json)) }
    if !pictures.isEmpty {
      record["pictures"] = .array(
        pictures.map { ["path": .string($0.path), "caption": .string($0.caption)] })
    }
    record["seconds"] = JSON(seconds)
    return .object(record)
  }

  fileprivate init?(_ json: JSON) {
    guard let record = json.object,
      let role = record["generator"]?.string.flatMap(AuditRecord.Role.init)
    else { return nil }
    let curves = (record["curves"]?.array ?? []).map(AuditRecord.Curve.init)
    guard curves.allSatisfy({ $0 != nil }) else { return nil }
    self.init(
      role, reason: record["reason"]?.string, measurements: record.measurements ?? [],
      curves: curves.compactMap(\.self),
      pictures: (record["pictures"]?.array ?? []).compactMap { picture in
        guard let path = picture["path"]?.string else { return nil }
        return AuditRecord.PictureFile(path: path, caption: picture["caption"]?.string ?? "")
      }, seconds: record["seconds"]?.number ?? 0)
  }
}

extension AuditRecord.Curve {
  fileprivate var json: JSON {
    [
      "name": .string(name), "title": .string(title), "x": .string(xTitle), "y": .string(yTitle),
      "points": .array(points.map { JSON([$0.x, $0.y]) }),
    ]
  }

  fileprivate init?(_ json: JSON) {
    guard let name = json["name"]?.string, let title = json["title"]?.string,
      let points = json["points"]?.array?.map({ $0.array?.compactMap(\.number) ?? [] }),
      points.allSatisfy({ $0.count == 2 })
    else { return nil }
    self.init(
      name, title: title, xTitle: json["x"]?.string ?? "", yTitle: json["y"]?.string ?? "",
      points: points.map { AuditRecord.Point($0[0], $0[1]) })
  }
}
