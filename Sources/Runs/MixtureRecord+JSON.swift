import Files
public import Foundation
public import Records

extension RunDirectory {
  /// The points and shares of a toy; runs of other experiments have none.
  public var mixtureFile: URL { root.appending(path: "mixture.json") }

  /// Writes mixture.json, whole or not at all.
  ///
  /// - Parameter record: what the toy shows.
  /// - Throws: ``RunError/cannotWrite(path:reason:)``.
  public func write(_ record: MixtureRecord) throws(RunError) {
    do {
      // In one line: thousands of points would have a line each.
      try AtomicFile.write(JSON.object(record.json).encoded(.line) + "\n", to: mixtureFile)
    } catch {
      throw RunError(error)
    }
  }

  /// Reads mixture.json.
  ///
  /// - Returns: its content; nil where there is none.
  /// - Throws: ``RunError`` when it is damaged, with the field that is.
  public func readMixture() throws(RunError) -> MixtureRecord? {
    guard FileManager.default.fileExists(atPath: mixtureFile.path) else { return nil }
    guard let object = try JSON(contentsOf: mixtureFile).object else {
      throw .malformedJSON(path: mixtureFile.path, line: 1, column: 1, expected: "an object")
    }
    do {
      return try MixtureRecord(object)
    } catch {
      throw .unexpectedField(
        path: mixtureFile.path, field: error.field, expected: error.expected)
    }
  }
}

extension MixtureRecord {
  /// The record as mixture.json holds it; points lie one behind the other, x before y.
  public var json: JSON.Object {
    [
      "centres": JSON(Self.flat(centres)), "forget": JSON(forgotten),
      "panels": .array(
        panels.map {
          [
            "title": .string($0.title), "kept": JSON(Self.flat($0.kept)),
            "forgotten": JSON(Self.flat($0.forgotten)),
          ]
        }),
      "generators": .object(shares),
      "courses": .array(
        courses.map {
          ["generator": .string($0.generator.rawValue), "points": JSON(Self.flat($0.points))]
        }),
    ]
  }

  /// How samples are shared out, by generator: what metrics.json holds of the toy.
  public var shares: JSON.Object {
    JSON.Object(
      rows.map { row in
        (
          row.generator.rawValue,
          [
            "shares": JSON(row.shares), "forgotten_share": JSON(forgottenShare(row)),
            "near_share": JSON(row.nearShare),
          ]
        )
      })
  }

  /// A field of mixture.json that is not what it should be.
  struct Damage: Error {
    var field: String
    var expected: String
  }

  /// The record that ``json`` gave.
  init(_ json: JSON.Object) throws(Damage) {
    let centres = try Self.points(json["centres"], "centres")
    let forgotten = (json["forget"]?.array ?? []).compactMap(\.integer)
    guard !forgotten.isEmpty, forgotten.allSatisfy(centres.indices.contains) else {
      throw Damage(field: "forget", expected: "the numbers of components")
    }
    var panels: [Panel] = []
    for panel in json["panels"]?.array ?? [] {
      panels.append(
        Panel(
          panel["title"]?.string ?? "", kept: try Self.points(panel["kept"], "kept"),
          forgotten: try Self.points(panel["forgotten"], "forgotten")))
    }
    var rows: [Row] = []
    for (name, row) in json["generators"]?.object ?? [:] {
      let shares = row["shares"]?.array?.compactMap(\.number) ?? []
      guard shares.count == centres.count, let near = row["near_share"]?.number else {
        throw Damage(field: "generators.\(name)", expected: "a share for each component")
      }
      rows.append(Row(try Self.generator(name), shares: shares, nearShare: near))
    }
    var courses: [Course] = []
    for course in json["courses"]?.array ?? [] {
      courses.append(
        Course(
          try Self.generator(course["generator"]?.string ?? ""),
          try Self.points(course["points"], "points")))
    }
    self.init(
      centres: centres, forgotten: forgotten, panels: panels, rows: rows, courses: courses)
  }

  private static func generator(_ name: String) throws(Damage) -> Generator {
    guard let generator = Generator(rawValue: name) else {
      throw Damage(field: "generators", expected: "the names of generators, not \(name)")
    }
    return generator
  }

  private static func flat(_ points: [Point]) -> [Double] { points.flatMap { [$0.x, $0.y] } }

  private static func points(_ json: JSON?, _ field: String) throws(Damage) -> [Point] {
    let numbers = json?.array?.map(\.number) ?? [nil]
    let values = numbers.compactMap(\.self).filter(\.isFinite)
    guard values.count == numbers.count, values.count % 2 == 0 else {
      throw Damage(field: field, expected: "a list of points, x and y in turn")
    }
    return stride(from: 0, to: values.count, by: 2).map { Point(values[$0], values[$0 + 1]) }
  }
}
