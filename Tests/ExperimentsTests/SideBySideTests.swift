import Experiments
import Foundation
import Records
import Runs
import TestSupport
import Testing
import Torch

/// As many adapted models as there are threads: each has one, and they look like one training.
@Suite(.enabled(if: Torch.threadCount > 1, "one thread trains one model after another"))
struct SideBySideTests {
  private let models = Torch.threadCount
  private let world: World

  init() throws { world = try World() }

  private func files(beside run: RunDirectory) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: run.root.path)
      .filter { $0.hasPrefix("stats-") }.sorted()
  }

  @Test func `they are one task, and their statistics end in the order of the models`() throws {
    let listener = Listener()
    let run = try world.adapt("adapted", listener, models: models).run
    let training = listener.tasks.filter { $0.phase == .training }
    #expect(
      training == [
        RunTask(
          .training,
          label: "adapt \((1...models).map(String.init).joined(separator: "+")) of \(models)",
          total: 6 * models)
      ])
    #expect(listener.openTasks == 0)
    #expect(listener.iterations.sorted() == Array(1...6 * models))
    #expect(
      try StatsReader.records(in: run.statsFile).map(\.iteration) == Array(1...6 * models))
    #expect(try files(beside: run).isEmpty)
  }

  @Test func `stopped, each keeps its snapshot and statistics, and goes on to the same bits`()
    throws
  {
    let whole = try world.adapt("whole", models: models).run
    let listener = Listener(stopsAfter: 2 * models)
    let stop = #expect(throws: Cancelled.self) {
      try world.adapt("parts", listener, models: models)
    }
    let parts = try RunDirectory.open(at: URL(filePath: world.path("parts")))
    #expect(stop?.iteration == listener.iterations.count && stop?.total == 6 * models)
    #expect(try files(beside: parts) == (2...models).map { "stats-adapted\($0).jsonl" }.sorted())
    try world.adapt("parts", models: models, resume: true)
    for model in 1...models {
      #expect(
        try tensors(parts, kind: "adapted\(model)") == tensors(whole, kind: "adapted\(model)"))
    }
    #expect(
      try StatsReader.records(in: parts.statsFile).map(\.values)
        == StatsReader.records(in: whole.statsFile).map(\.values))
    #expect(try files(beside: parts).isEmpty)
  }

  @Test func `one that fails stops the others, and its error is the run's`() throws {
    let folder = URL(filePath: world.path("failing"))
    /// Takes the folder of snapshots away while the run goes on.
    final class Vandal: RunObserver {
      let folder: URL
      var count = 0
      init(_ folder: URL) { self.folder = folder }
      func recorded(_ record: StatsRecord) {
        count += 1
        if count == 2 { try? FileManager.default.removeItem(at: folder) }
      }
    }
    #expect(throws: (any Error).self) {
      try world.adapt(
        "failing", models: models, observer: Vandal(folder.appending(path: "snapshots")))
    }
    let status = try #require(try RunDirectory.open(at: folder).readStatus())
    #expect(status.outcome == .failed && status.reason?.contains("snapshots") == true)
  }
}
