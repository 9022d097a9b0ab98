import Files
public import Foundation
public import Records

extension RunDirectory {
  /// Writes options.json.
  ///
  /// - Parameter record: What was asked for, with what, and on which machine.
  /// - Throws: ``RunError/cannotWrite(path:reason:)``.
  public func write(_ record: RunRecord) throws(RunError) {
    try JSON.object(record.json).write(to: optionsFile)
  }

  /// Writes status.json.
  ///
  /// - Parameter status: how the run stands.
  /// - Throws: ``RunError/cannotWrite(path:reason:)``.
  public func write(_ status: RunStatus) throws(RunError) {
    let record: JSON.Object = [
      "phase": .string(status.phase.rawValue), "task": JSON(status.task),
      "process": .integer(Int(status.process)),
      "started": .string(status.started.formatted(.iso8601)),
      "ended": JSON(status.ended?.formatted(.iso8601)), "outcome": JSON(status.outcome?.rawValue),
      "reason": JSON(status.reason),
    ]
    try JSON.object(record).write(to: statusFile)
  }

  /// Reads status.json.
  ///
  /// - Returns: how the run stood when it was written last; nil where there is none, as in folders of
  ///   earlier versions.
  /// - Throws: ``RunError`` when it is damaged.
  public func readStatus() throws(RunError) -> RunStatus? {
    guard FileManager.default.fileExists(atPath: statusFile.path) else { return nil }
    let record = try readObject(statusFile)
    func date(_ field: String) throws(RunError) -> Date? {
      guard let text = record[field]?.string else { return nil }
      guard let date = try? Date(text, strategy: .iso8601) else {
        throw .unexpectedField(path: statusFile.path, field: field, expected: "a date")
      }
      return date
    }
    guard let phase = record["phase"]?.string.flatMap(RunPhase.init(rawValue:)) else {
      throw .unexpectedField(path: statusFile.path, field: "phase", expected: "a phase of a run")
    }
    guard let process = record["process"]?.integer.flatMap(Int32.init(exactly:)) else {
      throw .unexpectedField(
        path: statusFile.path, field: "process", expected: "a process's number")
    }
    guard let started = try date("started") else {
      throw .unexpectedField(path: statusFile.path, field: "started", expected: "a date")
    }
    var status = RunStatus(process: process, started: started)
    status.phase = phase
    status.task = record["task"]?.string
    status.ended = try date("ended")
    status.outcome = record["outcome"]?.string.flatMap(RunStatus.Outcome.init(rawValue:))
    status.reason = record["reason"]?.string
    return status
  }

  /// Reads options.json.
  ///
  /// - Returns: its whole content; `["options"]` holds the resolved options.
  /// - Throws: ``RunError`` when it is missing or damaged.
  public func readOptions() throws(RunError) -> JSON.Object {
    try readObject(optionsFile)
  }

  /// Notes in options.json that the run went on, keeping how it started.
  ///
  /// Options that changed have their new values there from now on; the note has both.
  ///
  /// - Parameters:
  ///   - record: What was asked for this time.
  ///   - changes: The dotted names of the options whose values are those of `record` from now on.
  ///   - iteration: The iteration of the snapshot.
  /// - Throws: ``RunError`` when options.json is damaged or the disk refuses.
  public func noteResume(
    _ record: RunRecord, changing changes: [String] = [], fromIteration iteration: Int
  ) throws(RunError) {
    var options = try readOptions()
    var entry: JSON.Object = ["iteration": .integer(iteration)]
    for key in ["date", "command_line", "lethe_version", "libtorch_version", "machine"] {
      entry[key] = record.json[key]
    }
    if !changes.isEmpty {
      var now = OptionsRecord.read(options)
      let (former, next) = (now.flattened, record.options.flattened)
      entry["changed"] = .object(
        JSON.Object(
          changes.map { ($0, ["from": former[$0] ?? .null, "to": next[$0] ?? .null]) }))
      for name in changes { now.take(name, from: record.options) }
      options["options"] = .object(now.values)
      options["options_version"] = JSON(OptionsRecord.version)
    }
    options["resumed"] = .array((options["resumed"]?.array ?? []) + [.object(entry)])
    try JSON.object(options).write(to: optionsFile)
  }

  /// Writes metrics.json.
  ///
  /// A metric is meaningless without its context, so the context is required.
  ///
  /// - Parameters:
  ///   - metrics: What was measured, such as `["pul": 96.1, "histogram_before": ...]`.
  ///   - samples: How many latents were judged.
  ///   - seed: The seed of those latents.
  ///   - snapshot: The file that was measured.
  ///   - iteration: Its iteration, where it has one.
  ///   - elapsedSeconds: The time the run took so far.
  ///   - date: The time of the measurement.
  /// - Throws: ``RunError/cannotWrite(path:reason:)``.
  public func writeMetrics(
    _ metrics: JSON.Object, samples: Int, seed: UInt64, snapshot: URL?, iteration: Int?,
    elapsedSeconds: Double, date: Date = Date()
  ) throws(RunError) {
    var record = metrics
    record["samples"] = .integer(samples)
    record["seed"] = JSON(seed)
    record["snapshot"] = JSON(snapshot.map(pathInside))
    record["iteration"] = JSON(iteration)
    record["elapsed_seconds"] = .number(elapsedSeconds)
    record["date"] = .string(date.formatted(.iso8601))
    try JSON.object(record).write(to: metricsFile)
  }

  /// Reads metrics.json.
  ///
  /// - Returns: its content; empty when nothing was measured yet.
  /// - Throws: ``RunError`` when it is damaged.
  public func readMetrics() throws(RunError) -> JSON.Object {
    guard FileManager.default.fileExists(atPath: metricsFile.path) else { return [:] }
    return try readObject(metricsFile)
  }

  /// Deletes metrics.json, of which nothing holds any more.
  ///
  /// - Throws: ``RunError/cannotWrite(path:reason:)``.
  public func removeMetrics() throws(RunError) {
    guard unlink(metricsFile.path) != 0, errno != ENOENT else { return }
    throw .cannotWrite(path: metricsFile.path, reason: "not deleted, \(systemReason())")
  }

  /// A path relative to the run, so that a run can move as a whole; one outside stays absolute.
  ///
  /// - Parameter file: in the run, or elsewhere.
  /// - Returns: the path as records of the run hold it.
  public func pathInside(_ file: URL) -> String {
    let path = file.standardizedFileURL.path
    return path.hasPrefix(root.path + "/") ? String(path.dropFirst(root.path.count + 1)) : path
  }

  private func readObject(_ file: URL) throws(RunError) -> JSON.Object {
    guard let object = try JSON(contentsOf: file).object else {
      throw .malformedJSON(path: file.path, line: 1, column: 1, expected: "an object")
    }
    return object
  }
}

extension JSON {
  /// The value a JSON file holds.
  ///
  /// - Parameter file: A file in UTF-8.
  /// - Throws: ``RunError`` when it cannot be read or is not JSON.
  public init(contentsOf file: URL) throws(RunError) {
    self = try JSON(parsing: String(decoding: readData(file), as: UTF8.self), path: file.path)
  }

  /// Writes the value as an indented file, whole or not at all.
  ///
  /// - Parameter file: Where it goes; the folder must exist.
  /// - Throws: ``RunError/cannotWrite(path:reason:)``.
  public func write(to file: URL) throws(RunError) {
    do {
      try AtomicFile.write(encoded() + "\n", to: file)
    } catch {
      throw RunError(error)
    }
  }
}

/// The bytes of a small file.
func readData(_ file: URL) throws(RunError) -> Data {
  let opened = try OpenFile(reading: file)
  return Data(try opened.bytes(at: 0, count: opened.count))
}
