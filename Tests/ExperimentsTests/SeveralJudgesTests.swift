import Classifiers
import Experiments
import Foundation
import GANs
import Judging
import Records
import Runs
import TestNetworks
import Testing
import Torch

/// Further judges take part in feedback, are recorded, and must know what shall be forgotten.
@Suite struct SeveralJudgesTests {
  @Test func `a further judge is recorded, and changes what is a negative`() throws {
    let world = try World()
    try Self.write(judge: "second", like: world)
    var subject = try world.subject()
    try subject.ask(judge: world.path("second"))
    #expect(subject.furtherJudges.count == 1)
    let run = try world.adapt("both", subject: subject, models: 1).run
    let options = OptionsRecord.read(try run.readOptions()).flattened
    #expect(options["further_judges"]?.array?.map(\.string) == [world.path("second")])
    let inputs = try run.readOptions()["inputs"]?.array ?? []
    #expect(inputs.compactMap { $0["role"]?.string } == ["gan", "judge", "further judge"])
    let alone = try world.adapt("alone", models: 1).run
    #expect(try tensors(run, kind: "adapted1") != tensors(alone, kind: "adapted1"))
  }

  @Test func `a further judge of other classes is refused by name`() throws {
    let world = try World()
    try Self.write(judge: "second", like: world, names: ["x", "y", "z"])
    var subject = try world.subject()
    let path = world.path("second")
    #expect {
      try subject.ask(judge: path)
    } throws: {
      "\($0)"
        == "the judge \(path) does not know '\(world.className)'; it knows x, y, z: all judges must know "
        + "what shall be forgotten, by the same name"
    }
    #expect(subject.furtherJudges.isEmpty && subject.provenance.count == 2)
  }

  @Test func `settings that come beside a judge keep a run from going on`() throws {
    let world = try World()
    let stopped = Listener(stopsAfter: 2)
    #expect(throws: Cancelled.self) { try world.adapt("run", stopped, models: 1) }
    let settings = JudgeSettings.place(of: URL(filePath: world.judge))
    try Data(#"{"preprocessing": {"range": "-1..1"}}"#.utf8).write(to: settings)
    #expect {
      try world.adapt("run", models: 1, resume: true)
    } throws: {
      "\($0)".contains("judge_settings")
    }
    let run = try world.adapt("other", models: 1).run
    let inputs = try run.readOptions()["inputs"]?.array ?? []
    #expect(inputs.compactMap { $0["role"]?.string } == ["gan", "judge", "judge settings"])
    try FileManager.default.removeItem(at: settings)
    #expect(throws: ResumeError.self) { try world.adapt("other", models: 1, resume: true) }
    // Without them, the first goes on.
    try world.adapt("run", models: 1, resume: true)
  }

  /// Writes a judge with the classes of the first, in another order.
  private static func write(judge name: String, like world: World, names: [String]? = nil) throws {
    let subject = try world.subject()
    let known = subject.judge.labels.names
    let judge = TinyNetworks.judge(
      for: try subject.file.makeGenerator(device: .cpu), names: names ?? known.reversed())
    try judge.write(to: URL(filePath: world.path(name)))
  }
}
