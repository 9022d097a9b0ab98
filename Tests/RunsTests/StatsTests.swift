import Foundation
import Records
import Runs
import TestSupport
import Testing

@Suite struct StatsTests {
  let folder: TemporaryFolder
  let run: RunDirectory

  init() throws {
    folder = try TemporaryFolder()
    run = try RunDirectory.create(at: folder.url.appending(path: "run"))
  }

  func record(_ iteration: Int, _ values: [String: Double] = ["push": 1]) -> StatsRecord {
    let count = Double(iteration)
    let statistics = values.map { (StatisticKey.named($0.key), $0.value) }
    return StatsRecord(
      iteration: iteration, kimg: count * 0.016, seconds: count,
      values: Statistics(uniqueKeysWithValues: statistics))
  }

  func text() throws -> String { try String(contentsOf: run.statsFile, encoding: .utf8) }

  @Test func `each record is on disk as soon as it is appended`() throws {
    let writer = try StatsWriter(appendingTo: run.statsFile)
    try writer.append(record(1, ["b": 0.1, "a": .infinity]))
    #expect(
      try text()
        == #"{"iteration":1,"kimg":0.016,"seconds":1.0,"a":null,"a_note":"infinity","b":0.1}"#
        + "\n")
    try writer.append(record(2))
    try writer.synchronize()
    #expect(
      try StatsReader.records(in: run.statsFile) == [
        record(1, ["a": .infinity, "b": 0.1]), record(2),
      ])
  }

  @Test func `not a number survives`() throws {
    try StatsWriter(appendingTo: run.statsFile).append(record(1, ["loss": .nan]))
    let loss = try #require(
      try StatsReader.records(in: run.statsFile).first?.values[.named("loss")])
    #expect(loss.isNaN)
  }

  @Test func `a resume drops what comes after its snapshot and a torn last line`() throws {
    let writer = try StatsWriter(appendingTo: run.statsFile)
    for iteration in 1...5 { try writer.append(record(iteration)) }
    let handle = try FileHandle(forWritingTo: run.statsFile)
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(#"{"iteration":6,"ki"#.utf8))
    #expect(try StatsReader.records(in: run.statsFile).count == 5)

    let leftover = run.root.appending(path: ".metrics.json.\(Int32.max)-3.partial")
    try Data().write(to: leftover)
    try FileManager.default.removeItem(at: run.imagesFolder)
    try run.prepareToResume(fromIteration: 3)
    #expect(try StatsReader.records(in: run.statsFile) == (1...3).map { record($0) })
    #expect(!FileManager.default.fileExists(atPath: leftover.path))
    #expect(FileManager.default.fileExists(atPath: run.imagesFolder.path))

    try StatsWriter(appendingTo: run.statsFile).append(record(4))
    #expect(try StatsReader.records(in: run.statsFile).map(\.iteration) == [1, 2, 3, 4])
  }

  @Test func `truncation leaves the kept lines as they were, byte for byte`() throws {
    let writer = try StatsWriter(appendingTo: run.statsFile)
    for iteration in 1...3 { try writer.append(record(iteration, ["x": 1 / Double(iteration)])) }
    let before = try text()
    try StatsWriter.truncate(run.statsFile, afterIteration: 3)
    #expect(try text() == before)
  }

  @Test func `lines of a training beside others follow theirs, once`() throws {
    let part = run.statsFile(beside: "adapted2")
    let writer = try StatsWriter(appendingTo: run.statsFile)
    for iteration in 1...4 { try writer.append(record(iteration)) }
    let beside = try StatsWriter(appendingTo: part)
    // The first of them is in the other file already, as a process leaves it that is killed here.
    for iteration in 4...6 { try beside.append(record(iteration)) }
    try run.prepareToResume(fromIteration: 4, besides: ["adapted2": 5])
    try StatsWriter.move(part, behind: run.statsFile)
    #expect(try StatsReader.records(in: run.statsFile) == (1...5).map { record($0) })
    #expect(!FileManager.default.fileExists(atPath: part.path))
    try StatsWriter.move(part, behind: run.statsFile)
    #expect(try StatsReader.records(in: run.statsFile).count == 5)
  }

  @Test func `damage in the middle is named with its line`() throws {
    try Data("{\"iteration\":1}\nrubbish\n{\"iteration\":3}\n".utf8).write(to: run.statsFile)
    #expect {
      try StatsReader.records(in: run.statsFile)
    } throws: {
      "\($0)"
        == "\(run.statsFile.path) is not JSON: line 2, column 1: expected a value; the file is "
        + "damaged, or another program wrote it"
    }
    try Data("{\"kimg\":1}\n".utf8).write(to: run.statsFile)
    #expect {
      try StatsReader.records(in: run.statsFile)
    } throws: {
      "\($0)" == "\(run.statsFile.path): field \"iteration\" should be a whole number; the file is "
        + "damaged, or another version of lethe wrote it"
    }
  }

  @Test func `no statistics yet is no error`() throws {
    #expect(try StatsReader.records(in: run.statsFile) == [])
    try run.prepareToResume(fromIteration: 0)
    #expect(!FileManager.default.fileExists(atPath: run.statsFile.path))
  }

  /// The number that the file system knows a file by, and when it was changed.
  private func identity() throws -> (number: Int, changed: Date) {
    let attributes = try FileManager.default.attributesOfItem(atPath: run.statsFile.path)
    return (
      try #require(attributes[.systemFileNumber] as? Int),
      try #require(attributes[.modificationDate] as? Date)
    )
  }

  @Test func `F21 a resume reads statistics from their end, and leaves the file where it is`()
    throws
  {
    // What comes first is no JSON: nobody looks at it.
    let start = String(repeating: "rubbish\n", count: 40_000)
    let lines = (1...3000).map { #"{"iteration":\#($0),"kimg":0.1,"seconds":\#($0).5}"# + "\n" }
    try Data((start + lines.joined()).utf8).write(to: run.statsFile)
    let before = try identity()
    #expect(try StatsWriter.truncate(run.statsFile, afterIteration: 3000)?.seconds == 3000.5)
    #expect(try identity() == before, "nothing was to be dropped")
    #expect(try StatsWriter.truncate(run.statsFile, afterIteration: 1200)?.iteration == 1200)
    #expect(try text() == start + lines[..<1200].joined())
    #expect(try identity().number == before.number)
  }

  @Test(arguments: [0, 1, 65_535, 65_536, 65_537, 200_000])
  func `F21 lines of any length end where they end`(_ length: Int) throws {
    let note = String(repeating: "x", count: length)
    let lines = (1...4).map { #"{"iteration":\#($0),"note":"\#(note)"}"# + "\n" }
    try Data((lines.joined() + "half").utf8).write(to: run.statsFile)
    #expect(try StatsReader.records(in: run.statsFile).map(\.iteration) == [1, 2, 3, 4])
    #expect(try StatsWriter.truncate(run.statsFile, afterIteration: 2)?.iteration == 2)
    #expect(try text() == lines[..<2].joined())
    #expect(try StatsWriter.truncate(run.statsFile, afterIteration: 0) == nil)
    #expect(try text().isEmpty)
  }

  @Test func `a loss of power may leave zeros, which a resume drops`() throws {
    let line = #"{"iteration":1}"# + "\n"
    try Data((line + "\0\0\0\n\0\0").utf8).write(to: run.statsFile)
    #expect(try StatsWriter.truncate(run.statsFile, afterIteration: 5)?.iteration == 1)
    #expect(try text() == line)
  }

  @Test func `F21 a page keeps few records of many`() throws {
    let writer = try StatsWriter(appendingTo: run.statsFile)
    for iteration in 1...21 {
      var values = ["x": Double(iteration), "constant": 0.1]
      if iteration % 4 == 1 { values["rare"] = 8 }
      if iteration == 2 { values["x"] = .infinity }
      try writer.append(record(iteration, values))
    }
    func thinned(_ limit: Int) throws -> [StatsRecord] {
      try StatsReader.records(in: run.statsFile, thinnedTo: limit)
    }
    #expect(try thinned(21) == StatsReader.records(in: run.statsFile))
    let few = try thinned(6)
    #expect(few.map(\.iteration) == [4, 8, 12, 16, 20, 21])
    // The second is infinite: the mean of 1, and of 3 and 4.
    #expect(few.map { $0.values[.named("x")] } == [2.25, 6.5, 10.5, 14.5, 18.5, 21])
    #expect(few.allSatisfy { $0.values[.named("constant")] == 0.1 })
    #expect(few.allSatisfy { $0.values[.named("rare")] == 8 })
    for limit in 2...20 {
      let records = try thinned(limit)
      #expect(records.count <= limit && records.last?.iteration == 21)
    }
  }
}
