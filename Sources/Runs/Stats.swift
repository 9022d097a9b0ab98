import Files
public import Foundation
public import Records

/// The numbers of one iteration: a line of stats.jsonl.
public struct StatsRecord: Sendable, Equatable {
  /// How many iterations were done.
  public var iteration: Int
  /// How many thousand images the discriminator was shown.
  public var kimg: Double
  /// Seconds of training behind this record, earlier sittings of a resumed run included.
  public var seconds: Double
  /// Everything that was measured.
  public var values: Statistics

  /// A record of the given numbers.
  public init(iteration: Int, kimg: Double, seconds: Double, values: Statistics) {
    self.iteration = iteration
    self.kimg = kimg
    self.seconds = seconds
    self.values = values
  }

  /// The record as a line holds it: the three fixed keys, then the others sorted.
  var json: JSON {
    var object: JSON.Object = [
      "iteration": .integer(iteration), "kimg": .number(kimg), "seconds": .number(seconds),
    ]
    for (key, value) in values.sorted(by: { $0.key.name < $1.key.name }) {
      object[key.name] = .number(value)
    }
    return .object(object)
  }

  /// The record that a line holds.
  init(parsing line: some StringProtocol, path: String) throws(RunError) {
    guard let object = try JSON(parsing: String(line), path: path).object else {
      throw .malformedJSON(path: path, line: 1, column: 1, expected: "an object")
    }
    guard let iteration = object["iteration"]?.integer else {
      throw .unexpectedField(path: path, field: "iteration", expected: "a whole number")
    }
    self.iteration = iteration
    kimg = object["kimg"]?.number ?? .nan
    seconds = object["seconds"]?.number ?? .nan
    values = [:]
    for (name, value) in object where !["iteration", "kimg", "seconds"].contains(name) {
      let key = StatisticKey.named(name)
      if let number = value.number {
        values[key] = number
      } else if value == .null {
        let note = object[name + JSON.noteSuffix]?.string
        values[key] = note.flatMap(JSON.number(forNote:)) ?? .nan
      }
    }
  }
}

/// Appends to stats.jsonl, one line per record, and hands each to the system at once.
///
/// A process that is killed loses at most the line it was writing; a machine that loses power, what
/// came after the last ``synchronize()``.
public final class StatsWriter: Sendable {
  private let file: FileWriter

  /// Opens a file to append to, creating it where needed.
  ///
  /// - Parameter file: stats.jsonl of a run.
  /// - Throws: ``RunError/cannotWrite(path:reason:)``.
  public init(appendingTo file: URL) throws(RunError) {
    do {
      self.file = try FileWriter(appendingTo: file)
    } catch {
      throw RunError(error)
    }
  }

  /// Appends a record.
  ///
  /// - Parameter record: Numbers that are not finite are written as `null` with a note.
  /// - Throws: ``RunError/cannotWrite(path:reason:)``.
  public func append(_ record: StatsRecord) throws(RunError) {
    let line = record.json.encoded(.line) + "\n"
    do {
      try file.append(Data(line.utf8))
    } catch {
      throw RunError(error)
    }
  }

  /// Makes the lines so far survive a loss of power; called with every snapshot.
  ///
  /// - Throws: ``RunError/cannotWrite(path:reason:)``.
  public func synchronize() throws(RunError) {
    do {
      try file.synchronize()
    } catch {
      throw RunError(error)
    }
  }
}
