import Datasets
import Evaluation
import Experiments
import Foundation
import GANs
import Judging
import Records
import Reports
import Runs
import TestNetworks
import TestSupport
import Testing
import Torch

/// A GAN's training that is judged at its snapshots.
@Suite struct QualityTests {
  private let world: World

  init() throws { world = try World() }

  private func folder(_ name: String) -> URL { world.folder.url.appending(path: name) }

  /// Pictures of nothing in particular.
  private func pictures(_ count: Int = 100) -> Dataset {
    let bytes = (0..<count * 64).map { UInt8(truncatingIfNeeded: $0 &* $0 / 7) }
    return Dataset(
      images: Tensor(bytes, shape: [count, 1, 8, 8]).withPictureChannels(3), path: "real")
  }

  private func training(
    _ name: String, _ listener: Listener, iterations: Int = 10, samples: Int? = 96,
    resume: Bool = false, data: Dataset? = nil
  ) throws -> GANTrainingResult {
    var options = TrainingOptions()
    options.batchSize = 4
    var experiment = GANTrainingExperiment(
      data ?? pictures(), dataPath: "real", configuration: TinyNetworks.configuration(),
      iterations: iterations, options: options,
      destination: world.destination(name, resume: resume),
      snapshots: SnapshotPolicy(every: 4, keep: 1), context: listener.context)
    experiment.judging = try samples.map { try SnapshotJudging(byFile: world.judge, samples: $0) }
    return try experiment.run()
  }

  private func metrics(_ name: String) throws -> JSON.Object {
    var metrics = try RunDirectory.open(at: folder(name)).readMetrics()
    for time in ["date", "elapsed_seconds"] { metrics[time] = nil }
    return metrics
  }

  private func grids(_ name: String) throws -> [String: Data] {
    var result: [String: Data] = [:]
    let images = folder(name).appending(path: "images")
    for file in try FileManager.default.contentsOfDirectory(atPath: images.path) {
      result[file] = try Data(contentsOf: images.appending(path: file))
    }
    return result
  }

  private func expectSame(
    _ name: String, as other: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    #expect(try metrics(name) == metrics(other), sourceLocation: sourceLocation)
    #expect(try grids(name) == grids(other), sourceLocation: sourceLocation)
    let runs = try [name, other].map { try RunDirectory.open(at: folder($0)) }
    #expect(try tensors(runs[0]) == tensors(runs[1]), sourceLocation: sourceLocation)
  }

  @Test func `U07 every snapshot is measured, and training has the same bits`() throws {
    let listener = Listener()
    let judged = try training("judged", listener)
    _ = try training("plain", Listener(), samples: nil)
    #expect(judged.course.map(\.iteration) == [4, 8, 10])
    #expect(judged.course.allSatisfy { $0.histogram.map(\.value).reduce(0, +) == 96 })
    #expect(Set(judged.course.compactMap(\.frechetToTrainingData)).count == 3)
    #expect(
      listener.tasks.map(\.label) == [
        "judging training pictures", "train gan", "judging iteration 4", "train gan",
        "judging iteration 8", "train gan", "judging iteration 10",
      ])
    #expect(listener.openTasks == 0)
    let plain = try RunDirectory.open(at: folder("plain"))
    #expect(try tensors(judged.run) == tensors(plain))
    #expect(try grids("judged") == grids("plain"))
    #expect(try plain.readMetrics().isEmpty)
  }

  @Test func `U07 a course's last point is what the same judge says of the snapshot`() throws {
    let result = try training("run", Listener())
    let last = try #require(result.course.last)
    let judge = try ModelLocator.judge(world.judge, device: .cpu)
    let latents = LatentList(count: 96, seed: 5)
    let sample = try JudgedSample(
      of: SampleRun(
        of: GANFile.read(result.snapshot, as: .known).makeGenerator(), latents: latents),
      judge: judge)
    // Of 100 pictures 96 are compared with: those that the seed draws.
    let random = RandomGenerator(seed: 5).split("training pictures to judge")
    let data = try JudgedSample(
      of: SampleRun(of: pictures().drawn(atMost: 96, using: random)), judge: judge)
    #expect(
      try sample.statistics().distance(to: data.statistics()) == last.frechetToTrainingData)
    #expect(last[.trainingPictures] == .count(96))
    #expect(sample.conceptCounts.counts == last.histogram.map(\.value))
    #expect(last.histogram.map(\.className) == judge.labels.names)
    let record = try result.run.readMetrics()
    #expect(record["frechet_to_training_data"]?.number == last.frechetToTrainingData)
    #expect(record["iteration"]?.integer == 10 && record["samples"]?.integer == 96)
    #expect(record["snapshot"]?.string == "snapshots/snapshot-000010.safetensors")
  }

  @Test(arguments: ["judging iteration 4", "judging iteration 8", "judging iteration 10"])
  func `U07 a training that is stopped or killed while it is judged ends with the same course`(
    _ task: String
  ) throws {
    let whole = Listener()
    whole.afterEach = { [self] in
      guard whole.tasks.last?.label == task, whole.openTasks == 1 else { return }
      try? FileManager.default.copyItem(at: folder("whole"), to: folder("killed"))
    }
    _ = try training("whole", whole)
    let again = Listener()
    _ = try training("killed", again, resume: true)
    #expect(again.tasks.first { $0.phase == .training || $0.label == task } != nil)
    try expectSame("killed", as: "whole")

    let error = #expect(throws: Cancelled.self) {
      try training("stopped", Listener(stopsIn: task))
    }
    #expect((error?.iteration ?? .max) <= 96 && error?.run == folder("stopped").path)
    _ = try training("stopped", Listener(), resume: true)
    try expectSame("stopped", as: "whole")
  }

  @Test func `U07 a training that is stopped between snapshots leaves no point or grid of that`()
    throws
  {
    _ = try training("whole", Listener())
    #expect(throws: Cancelled.self) { try training("parts", Listener(stopsAfter: 6)) }
    #expect(try grids("parts").keys.sorted() == ["samples-000004.png", "samples.png"])
    _ = try training("parts", Listener(), resume: true)
    try expectSame("parts", as: "whole")
    // A complete run is left as it is.
    let listener = Listener()
    let again = try training("parts", listener, resume: true)
    #expect(again.course.map(\.iteration) == [4, 8, 10])
    #expect(listener.notes == ["\(folder("parts").path) is complete: nothing was left to do"])
  }

  @Test func `U07 points and grids after the snapshot that a run goes on from are made again`()
    throws
  {
    _ = try training("whole", Listener(), iterations: 8)
    _ = try training("parts", Listener(), iterations: 8)
    // As if a later snapshot had been lost: of a run that went on to 8 only 4 is left.
    let listener = Listener()
    listener.afterEach = { [self] in
      guard listener.tasks.last?.label == "judging iteration 4" else { return }
      try? FileManager.default.copyItem(at: folder("early"), to: folder("snapshot"))
    }
    _ = try training("early", listener, iterations: 8)
    let snapshots = folder("parts/snapshots")
    try FileManager.default.removeItem(at: snapshots)
    try FileManager.default.copyItem(at: folder("snapshot/snapshots"), to: snapshots)
    try Data().write(to: folder("parts/images/samples-000012.png"))
    _ = try training("parts", Listener(), iterations: 8, resume: true)
    try expectSame("parts", as: "whole")
  }

  @Test func `U07 what could not be measured is refused before there is a run`() throws {
    #expect(throws: EvaluationError.self) {
      try training("run", Listener(), data: pictures(1))
    }
    #expect(!FileManager.default.fileExists(atPath: folder("run").path))
  }

  @Test func `U07 the page of a training shows its course, its grids, and how to measure`() throws {
    let judged = try training("judged", Listener())
    let page = try RunReport.build(from: judged.run)
    let quality = try #require(page.sections.first { $0.heading == "Quality while it trained" })
    guard case .charts(let charts) = quality.blocks.first else {
      Issue.record("no charts")
      return
    }
    #expect(charts.count == 2)
    let samples = try #require(page.sections.first { $0.heading == "Samples while it trained" })
    guard case .pictures(let pictures) = samples.blocks.first else {
      Issue.record("no pictures")
      return
    }
    #expect(pictures.map(\.caption) == ["The last snapshot", "Iteration 4", "Iteration 8"])
    #expect(try String(contentsOf: judged.run.reportFile, encoding: .utf8) == page.html())
    let plain = try training("plain", Listener(), samples: nil)
    let other = try RunReport.build(from: plain.run)
    #expect(other.html().contains("lethe train gan --judge JUDGE"))
    #expect(FileManager.default.fileExists(atPath: plain.run.reportFile.path))
  }
}
