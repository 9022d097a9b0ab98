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
}
