public import Foundation
import Records

/// Reads stats.jsonl, a piece at a time.
public enum StatsReader {
  /// Calls a function with each record of a file.
  ///
  /// A last line without its end is what a killed process leaves, and is passed over.
  ///
  /// - Parameters:
  ///   - file: stats.jsonl; a missing file holds no records.
  ///   - body: called in the order of the file.
  /// - Throws: ``RunError`` naming the line that is damaged; what `body` throws.
  public static func forEachRecord(
    in file: URL, _ body: (StatsRecord) throws -> Void
  ) throws {
    guard FileManager.default.fileExists(atPath: file.path) else { return }
    let lines = FileLines(try OpenFile(reading: file))
    while let line = try lines.next() {
      guard !line.bytes.isEmpty else { continue }
      let record: StatsRecord
      do throws(RunError) {
        record = try StatsRecord(
          parsing: String(decoding: line.bytes, as: UTF8.self), path: file.path)
      } catch .malformedJSON(let path, _, let column, let expected) {
        throw RunError.malformedJSON(
          path: path, line: line.number, column: column, expected: expected)
      }
      try body(record)
    }
  }

  /// The records of a file.
  ///
  /// - Parameter file: stats.jsonl; a missing file holds none.
  /// - Returns: all of them, in the order of the file.
  /// - Throws: ``RunError`` naming the line that is damaged.
  public static func records(in file: URL) throws -> [StatsRecord] {
    var records: [StatsRecord] = []
    try forEachRecord(in: file) { records.append($0) }
    return records
  }

  /// The records of a file, or means of neighbours where there are many.
  ///
  /// A run of weeks has millions of lines, and a page or a chart has room for some hundred points.
  ///
  /// - Parameters:
  ///   - file: stats.jsonl; a missing file holds none.
  ///   - limit: How many are kept in memory and returned, at most.
  /// - Returns: the records themselves where they are few enough. Otherwise each is of as many
  ///   neighbours as the others, a power of two: the means of their numbers, and the last one's
  ///   iteration, kimg and seconds. The very last is of those that are left over.
  /// - Throws: ``RunError`` naming the line that is damaged.
  /// - Precondition: the limit is at least 2.
  public static func records(in file: URL, thinnedTo limit: Int) throws -> [StatsRecord] {
    var thinned = ThinnedRecords(limit: limit)
    try forEachRecord(in: file) { thinned.append($0) }
    return thinned.records
  }
}

/// Records of which neighbours become one whenever there are too many.
private struct ThinnedRecords {
  private let limit: Int
  private var whole: [StatsRecord] = []
  /// How many records each of `whole` stands for.
  private var share = 1
  /// Those that do not make up another whole one yet.
  private var rest: [StatsRecord] = []

  init(limit: Int) {
    precondition(limit >= 2, "a course of \(limit) records")
    self.limit = limit
  }

  var records: [StatsRecord] { rest.isEmpty ? whole : whole + [Self.mean(rest)] }

  mutating func append(_ record: StatsRecord) {
    if whole.count == limit { halve() }
    rest.append(record)
    guard rest.count == share else { return }
    whole.append(Self.mean(rest))
    rest = []
  }

  private mutating func halve() {
    let pairs = stride(from: 0, to: whole.count - 1, by: 2).map {
      Self.mean([whole[$0], whole[$0 + 1]])
    }
    if whole.count % 2 == 1, let last = whole.last { rest = [last] }
    whole = pairs
    share *= 2
    // A whole one of before counts as all that it stands for.
    rest = rest.flatMap { Array(repeating: $0, count: share / 2) }
  }

  /// Numbers that are not finite do not count in a mean, unless there are no others.
  private static func mean(_ records: [StatsRecord]) -> StatsRecord {
    guard records.count > 1, var result = records.last else { return records[0] }
    for key in Set(records.flatMap(\.values.keys)) {
      let numbers = records.compactMap { $0.values[key] }
      let finite = numbers.filter(\.isFinite)
      result.values[key] =
        finite.isEmpty ? numbers.last : finite.reduce(0, +) / Double(finite.count)
    }
    return result
  }
}

extension StatsWriter {
  /// Drops the records after an iteration, and a half-written last line.
  ///
  /// The file is read from its end, as far as there is something to drop, and what stays is not
  /// written again. Lines that are damaged are dropped where they stand among those.
  ///
  /// - Parameters:
  ///   - file: stats.jsonl; a missing one stays missing.
  ///   - iteration: The last iteration to keep.
  /// - Returns: the last record that stays, if there is one.
  /// - Throws: ``RunError`` when the disk refuses.
  @discardableResult
  public static func truncate(
    _ file: URL, afterIteration iteration: Int
  ) throws(RunError) -> StatsRecord? {
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    let opened = try OpenFile(changing: file)
    guard iteration > 0 else {
      try opened.cut(to: 0)
      return nil
    }
    let lines = FileLinesFromEnd(opened)
    while let line = try lines.next() {
      guard let record = try? StatsRecord(parsing: line.text, path: file.path),
        record.iteration <= iteration
      else { continue }
      if line.end < opened.count { try opened.cut(to: line.end) }
      return record
    }
    try opened.cut(to: 0)
    return nil
  }

  /// Lets the records of one file follow those of another, and removes it.
  ///
  /// Records that the other one holds already, because a process was killed here, are passed over.
  ///
  /// - Parameters:
  ///   - part: of a training beside others; nothing happens where it is missing.
  ///   - whole: stats.jsonl, whose last iteration is below the first of `part`, or among them.
  /// - Throws: ``RunError`` naming the line that is damaged, or when the disk refuses.
  public static func move(_ part: URL, behind whole: URL) throws {
    guard FileManager.default.fileExists(atPath: part.path) else { return }
    let last = try truncate(whole, afterIteration: .max)?.iteration ?? 0
    let writer = try StatsWriter(appendingTo: whole)
    try StatsReader.forEachRecord(in: part) { record in
      if record.iteration > last { try writer.append(record) }
    }
    try writer.synchronize()
    try FileManager.default.removeItem(at: part)
  }
}
