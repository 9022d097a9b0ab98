import Datasets
import Evaluation
import Experiments
import Foundation
import GANs
import Records
import Reports
import Runs
import TestNetworks
import TestSupport
import Testing
import Torch
import Unlearning

/// A run can always go on: after a kill, a request to stop, a damaged snapshot, or no start at all.
@Suite struct GoingOnTests {
  private let world: World

  init() throws { world = try World() }

  private func folder(_ name: String) -> URL { world.folder.url.appending(path: name) }

  private func run(_ name: String) throws -> RunDirectory {
    try RunDirectory.open(at: folder(name))
  }

  /// What must not depend on how often a run was stopped, without the times it took.
  private func statistics(_ run: RunDirectory) throws -> [StatsRecord] {
    try StatsReader.records(in: run.statsFile).map { record in
      var record = record
      record.seconds = 0
      return record
    }
  }

  private func metrics(_ run: RunDirectory) throws -> JSON.Object {
    var metrics = try run.readMetrics()
    for time in ["date", "elapsed_seconds"] { metrics[time] = nil }
    return metrics
  }

  private func names(_ run: RunDirectory) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: run.root.path).sorted()
  }

  private func expectSame(
    _ one: RunDirectory, as other: RunDirectory, kinds: [String] = ["snapshot"],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    for kind in kinds {
      #expect(
        try tensors(one, kind: kind) == tensors(other, kind: kind), sourceLocation: sourceLocation)
    }
    #expect(try statistics(one) == statistics(other), sourceLocation: sourceLocation)
    #expect(try metrics(one) == metrics(other), sourceLocation: sourceLocation)
    #expect(try names(one) == names(other), sourceLocation: sourceLocation)
    let image = one.image("samples").lastPathComponent
    #expect(
      try Data(contentsOf: one.imagesFolder.appending(path: image))
        == Data(contentsOf: other.imagesFolder.appending(path: image)),
      sourceLocation: sourceLocation)
  }

  /// Copies a folder as a killed process would leave it: files that go meanwhile are passed over.
  private func photograph(_ source: URL, as copy: URL) {
    let files = FileManager.default
    for path in (try? files.subpathsOfDirectory(atPath: source.path)) ?? [] {
      let target = copy.appending(path: path)
      try? files.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      try? files.copyItem(at: source.appending(path: path), to: target)
    }
  }

  // MARK: - F06

  @Test func `F06 a run that is not there yet is started by going on with it`() throws {
    _ = try world.adapt("adapted", Listener())
    let whole = try world.unlearn("whole", adapted: "adapted", Listener()).run
    let listener = Listener()
    let fresh = try world.unlearn("fresh", adapted: "adapted", listener, resume: true).run
    #expect(listener.notes == ["\(folder("fresh").path) holds no run yet: it starts"])
    try expectSame(fresh, as: whole)
    try FileManager.default.createDirectory(
      at: folder("empty/snapshots"), withIntermediateDirectories: true)
    try Data().write(to: folder("empty/.options.json.7-AB.partial"))
    try expectSame(
      try world.unlearn("empty", adapted: "adapted", Listener(), resume: true).run, as: whole)
  }

  @Test func `F06 a run that was killed before its first snapshot starts again`() throws {
    _ = try world.adapt("adapted", Listener())
    let whole = try world.unlearn("whole", adapted: "adapted", Listener()).run
    let listener = Listener(stopsAfter: 3)
    listener.afterEach = { [self] in
      if listener.iterations.count == 2 { photograph(folder("run"), as: folder("killed")) }
    }
    #expect(throws: Cancelled.self) {
      try world.unlearn("run", adapted: "adapted", listener)
    }
    #expect(try run("killed").snapshots().isEmpty)
    #expect(try StatsReader.records(in: run("killed").statsFile).count == 2)
    let again = Listener()
    let killed = try world.unlearn("killed", adapted: "adapted", again, resume: true).run
    #expect(again.notes == ["\(killed.root.path) has nothing to go on from yet: it starts again"])
    try expectSame(killed, as: whole)
  }

  @Test func `F06 a demo that is killed anywhere goes on to the same bits`() throws {
    let listener = Listener()
    var calls = 0
    var pictures: [String] = []
    listener.afterEach = { [self] in
      calls += 1
      guard calls % 7 == 0 else { return }
      pictures.append("killed \(calls)")
      photograph(folder("whole"), as: folder("killed \(calls)"))
    }
    let whole = try world.demonstrate("whole", listener)
    #expect(pictures.count > 4)
    for name in pictures {
      let parts = try world.demonstrate(name, Listener(), resume: true)
      #expect(parts.evaluation == whole.evaluation)
      try expectSame(parts.run, as: whole.run, kinds: ["adapted1", "adapted2", "snapshot"])
      #expect(try parts.run.readStatus()?.outcome == .finished)
    }
  }

  @Test func `F06 a complete run is left as it is`() throws {
    let whole = try world.demonstrate("whole", Listener())
    let before = try FileManager.default.subpathsOfDirectory(atPath: whole.run.root.path)
      .map { try? Data(contentsOf: whole.run.root.appending(path: $0)) }
    let listener = Listener()
    let again = try world.demonstrate("whole", listener, resume: true)
    #expect(again.evaluation == whole.evaluation && again.metrics == whole.metrics)
    #expect(listener.tasks.isEmpty)
    #expect(listener.notes == ["\(whole.run.root.path) is complete: nothing was left to do"])
    let after = try FileManager.default.subpathsOfDirectory(atPath: whole.run.root.path)
      .map { try? Data(contentsOf: whole.run.root.appending(path: $0)) }
    #expect(after == before)
  }

  @Test func `F06 a complete run of an earlier version stays complete without newer numbers`()
    throws
  {
    let whole = try world.demonstrate("whole", Listener())
    var metrics = try whole.run.readMetrics()
    var methods = try #require(metrics[JSON.Object.methodsField]?.object)
    for key in [
      MetricKey.sameClass, .sameClassPerClass, .pictureChange, .pictureChangeOfForgotten,
    ] {
      #expect(metrics[key.name] != nil && methods[key.name] != nil)
      (metrics[key.name], methods[key.name]) = (nil, nil)
    }
    metrics[JSON.Object.methodsField] = .object(methods)
    try JSON.object(metrics).encoded().write(
      to: whole.run.metricsFile, atomically: true, encoding: .utf8)
    let listener = Listener()
    let again = try world.demonstrate("whole", listener, resume: true)
    #expect(listener.tasks.isEmpty)
    #expect(again.evaluation.number(.pul) == whole.evaluation.number(.pul))
    #expect(again.evaluation.number(.sameClass) == nil)
    let page = try String(contentsOf: RunReport.write(into: again.run), encoding: .utf8)
    #expect(page.contains("smallest kept share") && !page.contains("the same class as before"))
  }

  @Test(arguments: ["metrics.json", "report.html", "images/samples.png", "status.json"])
  func `F06 what a process did not come to write at the end is made`(_ name: String) throws {
    let whole = try world.demonstrate("whole", Listener())
    photograph(whole.run.root, as: folder("killed"))
    try FileManager.default.removeItem(at: folder("killed/\(name)"))
    let killed = try world.demonstrate("killed", Listener(), resume: true)
    #expect(killed.evaluation == whole.evaluation)
    try expectSame(killed.run, as: whole.run, kinds: ["adapted1", "adapted2", "snapshot"])
    #expect(try killed.run.readStatus()?.outcome == .finished)
  }

  @Test func `demo refuses before its folder is there`() throws {
    let listener = Listener()
    var demo = DemoExperiment(
      try world.subject(), samples: 64, destination: world.destination("demo"),
      context: listener.context)
    demo.adaptation.negativeCount = 1000
    demo.adaptation.lookFactor = 1
    #expect(throws: UnlearningError.self) { try demo.run() }
    demo.adaptation = AdaptationOptions()
    demo.unlearning.iterations = -1
    #expect(throws: (any Error).self) { try demo.run() }
    #expect(!FileManager.default.fileExists(atPath: folder("demo").path))
  }

  // MARK: - F07

  /// How a file may be damaged.
  enum Damage: CaseIterable { case cut, emptied, overwritten }

  private func damage(_ file: URL, _ damage: Damage) throws {
    let bytes = try Data(contentsOf: file)
    switch damage {
    case .cut: try bytes.prefix(bytes.count / 2).write(to: file)
    case .emptied: try Data().write(to: file)
    case .overwritten: try Data(repeating: 0, count: bytes.count).write(to: file)
    }
  }

  private func stopped(_ name: String) throws -> RunDirectory {
    _ = try world.adapt("adapted", Listener())
    #expect(throws: Cancelled.self) {
      try world.unlearn(name, adapted: "adapted", Listener(stopsAfter: 7), keep: 2)
    }
    return try run(name)
  }

  @Test(arguments: Damage.allCases)
  func `F07 a run goes on from the newest snapshot that is whole`(_ kind: Damage) throws {
    let parts = try stopped("parts")
    let whole = try world.unlearn("whole", adapted: "adapted", Listener(), keep: 2).run
    #expect(parts.snapshots().map(\.iteration) == [5, 7])
    try damage(parts.snapshotFile(iteration: 7), kind)
    let listener = Listener()
    _ = try world.unlearn("parts", adapted: "adapted", listener, resume: true, keep: 2)
    #expect(listener.iterations == Array(6...12))
    try #require(listener.notes.count == 2)
    #expect(listener.notes[0].hasPrefix(parts.snapshotFile(iteration: 7).path))
    #expect(listener.notes[0].hasSuffix("; \(parts.root.path) goes on without this snapshot"))
    #expect(listener.notes[1] == "\(parts.root.path) goes on from iteration 5")
    try expectSame(parts, as: whole)
  }

  @Test
  func `F07 without a whole snapshot a run starts again, and what is damaged stays until then`()
    throws
  {
    let parts = try stopped("parts")
    let whole = try world.unlearn("whole", adapted: "adapted", Listener(), keep: 2).run
    for snapshot in parts.snapshots() { try damage(snapshot.file, .cut) }
    #expect(throws: Cancelled.self) {
      try world.unlearn("parts", adapted: "adapted", Listener(stopsAfter: 2), resume: true, keep: 2)
    }
    #expect(
      try names(parts).filter { $0.hasSuffix(".damaged") } == [
        "snapshots/snapshot-000005.safetensors.damaged",
        "snapshots/snapshot-000007.safetensors.damaged",
      ])
    _ = try world.unlearn("parts", adapted: "adapted", Listener(), resume: true, keep: 2)
    try expectSame(parts, as: whole)
  }

  @Test func `F07 an adapted model that is damaged is adapted again`() throws {
    let whole = try world.adapt("whole", Listener()).run
    photograph(whole.root, as: folder("parts"))
    let parts = try run("parts")
    try damage(parts.snapshotFile(iteration: 6, kind: "adapted2"), .cut)
    _ = try world.adapt("parts", Listener(), resume: true)
    try expectSame(parts, as: whole, kinds: ["adapted1", "adapted2"])
    // The first model again: the statistics of the second are older than its snapshot, and go.
    try damage(parts.snapshotFile(iteration: 6, kind: "adapted1"), .cut)
    let listener = Listener()
    _ = try world.adapt("parts", listener, resume: true)
    #expect(listener.iterations == Array(1...6))
    for kind in ["adapted1", "adapted2"] {
      #expect(try tensors(parts, kind: kind) == tensors(whole, kind: kind))
    }
  }

  @Test func `F07 a demo whose adapted models are trained again trains all that follows again`()
    throws
  {
    let whole = try world.demonstrate("whole").run
    photograph(whole.root, as: folder("parts"))
    let parts = try run("parts")
    try damage(parts.snapshotFile(iteration: 6, kind: "adapted2"), .cut)
    // It stops within stage two, whose former snapshots are further than it has come again.
    let listener = Listener(stopsAfter: 6 + 5)
    #expect(throws: Cancelled.self) { try world.demonstrate("parts", listener, resume: true) }
    #expect(parts.snapshots().map(\.iteration) == [5])
    #expect(try names(parts).contains("snapshots/snapshot-000010.safetensors.damaged"))
    #expect(
      listener.notes.contains(
        "\(parts.snapshotFile(iteration: 10).path) follows from adapted models that are trained "
          + "again; \(parts.root.path) goes on without this snapshot"))
    try world.demonstrate("parts", resume: true)
    try expectSame(parts, as: whole, kinds: ["adapted1", "adapted2", "snapshot"])
  }

  @Test func `F07 a file of another network is an error, and stays where it is`() throws {
    let parts = try stopped("parts")
    let other = GANModel(
      TinyNetworks.configuration(size: 16), pixelRange: .minusOneToOne,
      options: TrainingOptions())
    other.initialise(using: RandomGenerator(seed: 1))
    try other.write(to: parts.snapshotFile(iteration: 7), replacing: true)
    let before = try names(parts)
    #expect(throws: (any Error).self) {
      try world.unlearn("parts", adapted: "adapted", Listener(), resume: true)
    }
    #expect(try names(parts) == before)
  }

  // MARK: - R07

  @Test func `R07 a run in progress is not gone on with by another`() throws {
    let listener = Listener()
    var refusals: [String] = []
    listener.afterEach = { [self] in
      guard listener.iterations.count == 8 else { return }
      do {
        _ = try world.adapt("run", Listener(), resume: true)
      } catch {
        refusals.append("\(error)")
      }
    }
    _ = try world.adapt("run", listener)
    let path = folder("run").path
    #expect(!refusals.isEmpty)
    #expect(
      refusals.allSatisfy { $0.hasPrefix("\(path) is in use by process \(getpid()) on ") })
    #expect(!FileManager.default.fileExists(atPath: path + "/.lock"))
  }

  // MARK: - F18

  @Test(arguments: ["judging original", "negatives 2", "feedback", "judging unlearned"])
  func `F18 a demo stops in every task, and goes on with it`(_ task: String) throws {
    let whole = try world.demonstrate("whole", Listener())
    let listener = Listener(stopsIn: task)
    let error = #expect(throws: Cancelled.self) {
      try world.demonstrate("parts", listener)
    }
    let path = folder("parts").path
    #expect(error?.task?.label == task)
    #expect(listener.tasks.last?.label == task, "nothing else began")
    if task == "judging original" {
      // What could not be measured in the end is refused before the folder exists.
      #expect(error?.run == nil && !FileManager.default.fileExists(atPath: path))
    } else {
      #expect(
        error?.description.hasSuffix(
          "; the run \(path) keeps what it has trained"
            + (task == "judging unlearned" ? ", and is measured when it goes on" : "")) == true)
      #expect(error?.run == path)
      #expect(try run("parts").readStatus()?.outcome == .stopped)
    }
    let parts = try world.demonstrate("parts", Listener(), resume: true)
    try expectSame(parts.run, as: whole.run, kinds: ["adapted1", "adapted2", "snapshot"])
    #expect(parts.evaluation == whole.evaluation)
  }

  @Test func `F18 nothing is kept of a run that stops before it has a folder`() throws {
    let listener = Listener(stopsIn: "negatives 1")
    let error = #expect(throws: Cancelled.self) { try world.adapt("parts", listener) }
    #expect(error?.description.hasSuffix("; nothing was kept") == true)
    #expect(!FileManager.default.fileExists(atPath: folder("parts").path))
  }

  @Test func `F18 a sweep stops, and goes on`() throws {
    let models = try world.adapt("adapted", Listener()).adapted.map {
      try GANFile.read($0, as: .known)
    }
    func sweep(_ name: String, _ listener: Listener, resume: Bool) throws -> RunDirectory {
      let subject = try world.subject()
      return try ExtrapolationExperiment(
        subject.file, adapted: models, gammas: [0, 1, 1.5], subject: subject, samples: 64,
        destination: world.destination(name, resume: resume), context: listener.context
      ).run().run
    }
    let whole = try sweep("whole", Listener(), resume: true)
    let error = #expect(throws: Cancelled.self) {
      _ = try sweep("parts", Listener(stopsIn: "judging gamma 1.0"), resume: false)
    }
    #expect(error?.task?.label == "judging gamma 1.0")
    let parts = try sweep("parts", Listener(), resume: true)
    #expect(try metrics(parts) == metrics(whole) && names(parts) == names(whole))
  }

  @Test func `F18 judging is asked after every batch`() throws {
    let subject = try world.subject()
    let listener = Listener()
    listener.afterEach = { listener.flag.raise() }
    var experiment = EvaluationExperiment(
      subject.file, original: subject.file, judge: subject.judge, forgotten: [world.className],
      samples: 5000, context: listener.context)
    experiment.context.observer = listener
    let error = #expect(throws: Cancelled.self) { try experiment.run() }
    #expect((error?.iteration ?? .max) < 5000 && error?.run == nil)
  }
}
