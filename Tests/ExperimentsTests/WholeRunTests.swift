import Datasets
import Evaluation
import Experiments
import Foundation
import GANs
import Judging
import Records
import Reports
import Runs
import Synchronization
import TestNetworks
import TestSupport
import Testing
import Torch
import Unlearning

/// Adapt, unlearn and evaluate in this process, as a page or a notebook would.
@Suite struct WholeRunTests {
  @Test func `a run tells its observer, and leaves records that can be read`() throws {
    let world = try World()
    let listener = Listener()
    let adapted = try world.adapt("adapted", listener, models: 1)
    let run = adapted.run
    #expect(adapted.adapted.count == 1 && listener.iterations == Array(1...6))
    #expect(listener.snapshots == [4, 6])
    #expect(listener.tasks.map(\.label) == ["negatives 1", "adapt 1 of 1"])
    #expect(listener.tasks.map(\.phase) == [.collectingFeedback, .training])
    #expect(listener.openTasks == 0)
    let options = OptionsRecord.read(try run.readOptions()).flattened
    #expect(options["adaptation.model_count"] == 1)
    #expect(options["forget"]?.string == world.className)
    #expect(options.keys.allSatisfy { $0 == $0.lowercased() })

    let second = Listener()
    let result = try world.unlearn("unlearned", adapted: "adapted", second)
    #expect(
      second.tasks.map(\.phase) == [.evaluating, .collectingFeedback, .training, .evaluating])
    let status = try #require(try result.run.readStatus())
    #expect(status.outcome == .finished && status.phase == .evaluating && status.reason == nil)
    #expect(status.process == ProcessInfo.processInfo.processIdentifier)
    #expect(try result.run.readMetrics()["pul"]?.number == result.evaluation.number(.pul))
    #expect(try StatsReader.records(in: result.run.statsFile).count == 12)
    #expect(FileManager.default.fileExists(atPath: result.run.reportFile.path))
  }

  @Test func `a sweep measures every gamma, against real data where there are some`() throws {
    let world = try World()
    _ = try world.adapt("adapted", Listener())
    let models = try ModelLocator.adapted(world.folder.url.appending(path: "adapted").path)
    let subject = try world.subject()
    let bytes = (0..<40 * 64).map { UInt8(truncatingIfNeeded: $0 &* $0 / 7) }
    let data = Dataset(
      images: Tensor(bytes, shape: [40, 1, 8, 8]),
      labels: .classes((0..<40).map { $0 % 3 }, names: ["zero", "one", "two"]), path: "real")
    func sweep(_ data: Dataset?, _ name: String) throws -> (RunDirectory, [ExtrapolatedPoint]) {
      let result = try ExtrapolationExperiment(
        subject.file, adapted: models, gammas: [0, 1], subject: subject, samples: 64, data: data,
        destination: world.destination(name), context: Listener().context
      ).run()
      let points = try #require(result.metrics["extrapolation"]?.array)
      #expect(
        try points.map { try #require($0.object.flatMap(ExtrapolatedPoint.init)) } == result.points)
      return (result.run, result.points)
    }
    let (run, without) = try sweep(nil, "plain")
    let (_, with) = try sweep(data, "real")
    #expect(without.map(\.frechetToData) == [nil, nil])
    #expect(with.map(\.frechet) == without.map(\.frechet) && with.map(\.pul) == without.map(\.pul))
    let distances = with.compactMap(\.frechetToData)
    #expect(distances.count == 2 && distances[0] != distances[1] && distances.allSatisfy { $0 > 0 })
    let roles = try run.readOptions()["inputs"]?.array?.compactMap { $0.object?["role"]?.string }
    #expect(roles == ["gan", "judge", "adapted", "adapted"])
  }

  @Test func `every statistic and metric of a run is on its page, with a title, and nothing else`()
    throws
  {
    let world = try World()
    let adaptation = try world.adapt("adapted", Listener()).run
    let unlearning = try world.unlearn("unlearned", adapted: "adapted", Listener()).run
    for run in [adaptation, unlearning] {
      let report = try RunReport.build(from: run)
      let course = try #require(report.sections.first { $0.heading == "Course of the run" })
      var (titles, curves, constants) = ([String](), [String](), "")
      for block in course.blocks {
        switch block {
        case .charts(let charts):
          for case .line(let chart) in charts {
            titles.append(chart.title)
            curves += chart.series.map(\.name)
          }
        case .paragraph(let text): constants += text
        default: Issue.record("\(block)")
        }
      }
      // Two adapted models are two curves of the same chart.
      let models = run == adaptation ? [", model 1", ", model 2"] : [""]
      let recorded = Set(
        try StatsReader.records(in: run.statsFile).flatMap { $0.values.map(\.key) })
      #expect(recorded.isSubset(of: StatisticKey.all), "a statistic without a title")
      #expect(recorded.contains(.lossD) && recorded.contains(.lossG))
      let constant = recorded.filter { constants.contains("\($0.title) ") }
      let titled = recorded.subtracting(constant).flatMap { key in models.map { key.title + $0 } }
      #expect(curves.sorted() == titled.sorted())
      #expect(Set(titles) == Set(recorded.subtracting(constant).map(\.group.title)))
    }
    let metrics = try unlearning.readMetrics()
    let page = try String(contentsOf: unlearning.reportFile, encoding: .utf8)
    #expect(metrics.metricKeys.count == Set(metrics.metricKeys).count)
    #expect(metrics.metricKeys.allSatisfy { $0.title != $0.name && !$0.title.isEmpty })
    for key in metrics.metricKeys where ![.keptRatios, .pul].contains(key) {
      let value = try #require(metrics[key.name])
      guard let number = value.number else { continue }
      #expect(page.contains(NumberText.short(number)), "\(key.title) \(number)")
    }
    for name in metrics.metricKeys.map(\.name) + StatisticKey.all.map(\.name) {
      // No key stands on the page as it is spelled on disk.
      #expect(!page.contains(">\(name)<"), "\(name)")
    }
  }

  @Test func `a cancelled run leaves a snapshot, and goes on to the same bits`() throws {
    let world = try World()
    _ = try world.adapt("adapted", Listener())
    let whole = try world.unlearn("whole", adapted: "adapted", Listener())
    let run = world.folder.url.appending(path: "parts")
    #expect(throws: Cancelled(run: run.path, iteration: 7, total: 12)) {
      try world.unlearn("parts", adapted: "adapted", Listener(stopsAfter: 7))
    }
    let stopped = try RunDirectory.open(at: run)
    #expect(try stopped.readStatus()?.outcome == .stopped)
    #expect(stopped.snapshots().map(\.iteration) == [7])
    #expect(try tensors(stopped) != tensors(whole.run), "the comparison can fail")
    let listener = Listener()
    let parts = try world.unlearn("parts", adapted: "adapted", listener, resume: true)
    #expect(listener.iterations == Array(8...12))
    #expect(try tensors(parts.run) == tensors(whole.run))
    #expect(parts.evaluation == whole.evaluation)
    #expect(try parts.run.readStatus()?.outcome == .finished)
  }

  @Test func `a run that fails says why in its status`() throws {
    let world = try World()
    _ = try world.adapt("adapted", Listener())
    let run = world.folder.url.appending(path: "failing")
    /// Takes the folder of snapshots away while the run goes on.
    final class Vandal: RunObserver {
      let folder: URL
      init(_ folder: URL) { self.folder = folder }
      func recorded(_ record: StatsRecord) {
        if record.iteration == 2 { try? FileManager.default.removeItem(at: folder) }
      }
    }
    var options = AdaptThenUnlearn.defaults
    options.iterations = 4
    options.feedbackSamples = 64
    options.training.batchSize = 4
    let models = try ModelLocator.adapted(world.folder.url.appending(path: "adapted").path)
    #expect(throws: (any Error).self) {
      try UnlearningExperiment(
        world.subject(),
        method: AdaptThenUnlearn(UnlearningRequest(options: options, adapted: models)),
        samples: 8, destination: .new(run),
        context: ExperimentContext(seed: 5, observer: Vandal(run.appending(path: "snapshots")))
      ).run()
    }
    let status = try #require(try RunDirectory.open(at: run).readStatus())
    #expect(status.outcome == .failed && status.phase == .training)
    #expect(status.reason?.contains("snapshots") == true, "\(status)")
  }
}
