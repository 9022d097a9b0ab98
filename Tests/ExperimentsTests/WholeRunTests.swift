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
  /// A tiny GAN, a judge, and a class that the judge often sees among its pictures.
  private struct World {
    let folder: TemporaryFolder
    let gan: String
    let judge: String
    let className: String

    init() throws {
      folder = try TemporaryFolder()
      gan = folder.url.appending(path: "gan.safetensors").path
      judge = folder.url.appending(path: "judge.safetensors").path
      let model = GANModel(
        TinyNetworks.configuration(), pixelRange: .minusOneToOne, options: TrainingOptions())
      model.initialise(using: RandomGenerator(seed: 1))
      try model.write(to: URL(filePath: gan))
      let network = TinyNetworks.judge(for: model.generatorEMA)
      try network.write(to: URL(filePath: judge))
      let classes = network.judge(
        withoutGradients {
          model.generatorEMA(RandomGenerator(seed: 8).normal([200, 8]), noise: .fixed)
        }, in: .minusOneToOne
      ).classes
      let index = try #require(
        (0..<3).first { index in (20...180).contains(classes.count { $0 == index }) })
      className = network.labels.names[index]
    }

    func subject() throws -> Subject {
      try Subject(gan: gan, judge: judge, forgetting: className)
    }

    func destination(_ name: String, resume: Bool = false) -> RunDestination {
      let url = folder.url.appending(path: name)
      return resume ? .resume(url) : .new(url)
    }
  }

  /// Writes down what it is told; asks to stop after some iterations.
  private final class Listener: RunObserver {
    var tasks: [RunTask] = []
    var iterations: [Int] = []
    var snapshots: [Int] = []
    var openTasks = 0
    private let stopsAfter: Int
    private let flag = Flag()

    init(stopsAfter: Int = .max) { self.stopsAfter = stopsAfter }

    func began(_ task: RunTask) {
      tasks.append(task)
      openTasks += 1
    }
    func ended() { openTasks -= 1 }
    func recorded(_ record: StatsRecord) {
      iterations.append(record.iteration)
      if iterations.count >= stopsAfter { flag.raise() }
    }
    func wroteSnapshot(_ file: URL, iteration: Int) { snapshots.append(iteration) }

    var context: ExperimentContext {
      ExperimentContext(
        seed: 5, observer: self, cancellation: Cancellation { [flag] in flag.isRaised })
    }
  }

  /// A wish to stop, which any thread may ask for.
  private final class Flag: Sendable {
    private let state = Mutex(false)
    var isRaised: Bool { state.withLock { $0 } }
    func raise() { state.withLock { $0 = true } }
  }

  private func adapt(
    _ world: World, _ name: String, _ listener: Listener, resume: Bool = false
  ) throws -> (run: RunDirectory, adapted: [URL]) {
    var options = AdaptationOptions()
    options.iterations = 6
    options.negativeCount = 8
    options.fisherSamples = 4
    options.training.batchSize = 4
    return try AdaptationExperiment(
      world.subject(), options: options, destination: world.destination(name, resume: resume),
      snapshots: SnapshotPolicy(every: 4, keep: 1), context: listener.context
    ).run()
  }

  private func unlearn(
    _ world: World, adapted: String, _ name: String, _ listener: Listener, resume: Bool = false
  ) throws -> UnlearningResult {
    var options = UnlearningOptions()
    options.iterations = 12
    options.feedbackSamples = 64
    options.training.batchSize = 4
    let models = try ModelLocator.adapted(world.folder.url.appending(path: adapted).path)
    return try UnlearningExperiment(
      world.subject(),
      method: AdaptThenUnlearn(UnlearningRequest(options: options, adapted: models)), samples: 64,
      destination: world.destination(name, resume: resume),
      snapshots: SnapshotPolicy(every: 5, keep: 1), context: listener.context
    ).run()
  }

  private func tensors(_ run: RunDirectory, kind: String = "snapshot") throws -> [String: Data] {
    let file = try #require(run.snapshots(kind: kind).last?.file)
    var result: [String: Data] = [:]
    for (name, tensor) in try GANFile.read(file, as: .known).generator ?? [:] {
      result[name] = tensor.withUnsafeBytes { Data($0) }
    }
    return result
  }

  @Test func `a run tells its observer, and leaves records that can be read`() throws {
    let world = try World()
    let listener = Listener()
    let (run, files) = try adapt(world, "adapted", listener)
    #expect(files.count == 2 && listener.iterations == Array(1...12))
    #expect(listener.snapshots == [4, 6, 4, 6])
    #expect(
      listener.tasks.map(\.label) == [
        "negatives 1", "adapt 1 of 2", "negatives 2", "adapt 2 of 2",
      ])
    #expect(
      listener.tasks.map(\.phase) == [
        .collectingFeedback, .training, .collectingFeedback, .training,
      ])
    #expect(listener.openTasks == 0)
    let options = OptionsRecord.read(try run.readOptions()).flattened
    #expect(options["adaptation.model_count"] == 2)
    #expect(options["forget"]?.string == world.className)
    #expect(options.keys.allSatisfy { $0 == $0.lowercased() })

    let second = Listener()
    let result = try unlearn(world, adapted: "adapted", "unlearned", second)
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
    _ = try adapt(world, "adapted", Listener())
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
    let (adaptation, _) = try adapt(world, "adapted", Listener())
    let unlearning = try unlearn(world, adapted: "adapted", "unlearned", Listener()).run
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
    _ = try adapt(world, "adapted", Listener())
    let whole = try unlearn(world, adapted: "adapted", "whole", Listener())
    let run = world.folder.url.appending(path: "parts")
    #expect(throws: Cancelled(run: run.path, iteration: 7, total: 12)) {
      try unlearn(world, adapted: "adapted", "parts", Listener(stopsAfter: 7))
    }
    let stopped = try RunDirectory.open(at: run)
    #expect(try stopped.readStatus()?.outcome == .stopped)
    #expect(stopped.snapshots().map(\.iteration) == [7])
    #expect(try tensors(stopped) != tensors(whole.run), "the comparison can fail")
    let listener = Listener()
    let parts = try unlearn(world, adapted: "adapted", "parts", listener, resume: true)
    #expect(listener.iterations == Array(8...12))
    #expect(try tensors(parts.run) == tensors(whole.run))
    #expect(parts.evaluation == whole.evaluation)
    #expect(try parts.run.readStatus()?.outcome == .finished)
  }

  @Test func `a run that fails says why in its status`() throws {
    let world = try World()
    _ = try adapt(world, "adapted", Listener())
    let run = world.folder.url.appending(path: "failing")
    /// Takes the folder of snapshots away while the run goes on.
    final class Vandal: RunObserver {
      let folder: URL
      init(_ folder: URL) { self.folder = folder }
      func recorded(_ record: StatsRecord) {
        if record.iteration == 2 { try? FileManager.default.removeItem(at: folder) }
      }
    }
    var options = UnlearningOptions()
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
