import Foundation
import GANs
import Judging
import Records
import Runs
import TestNetworks
import Testing
import Torch
import Unlearning

@testable import Experiments

/// Several concepts that are forgotten at once, or one after another.
@Suite struct SeveralConceptsTests {
  private let world: World
  private let names: [String]

  init() throws {
    world = try World()
    names = [world.otherClass, world.className]
  }

  private func both() throws -> Subject {
    try world.subject(forgetting: names.joined(separator: ", "))
  }

  @Test func `a subject has several concepts by commas or by several names`() throws {
    let subject = try both()
    #expect(subject.concepts == names.map { .class($0) })
    #expect(subject.conceptNames == names.joined(separator: ", "))
    let other = try Subject(
      subject.file, judge: subject.judge, forgetting: names + [names[0]])
    #expect(other.concepts == subject.concepts)
    #expect(try world.subject().options.flattened["forget"]?.string == world.className)
    #expect(
      try subject.options.values["forget"]?.array?.compactMap(\.string) == names)
    #expect(throws: JudgingError.self) {
      try world.subject(forgetting: "\(names[0]),nothing")
    }
  }

  @Test func `as many models as asked are adapted to each concept, and unlearning needs all`()
    throws
  {
    let adapted = try world.adapt("adapted", subject: both(), models: 2, iterations: 2)
    #expect(adapted.adapted.count == 4)
    let lineages = try adapted.adapted.map { try Lineage(of: GANFile.read($0, as: .known)) }
    #expect(lineages.map(\.adapted?.concept) == [names[0], names[0], names[1], names[1]])

    let course = try String(contentsOf: adapted.run.reportFile, encoding: .utf8)
    #expect(course.contains("model 4") && !course.contains("model 5"))

    let result = try world.unlearning(
      "unlearned", adapted: "adapted", subject: both(), iterations: 3
    ).run()
    let record = OptionsRecord.read(try result.run.readOptions())
    #expect(record.values["forget"]?.array?.compactMap(\.string) == names)
    #expect(record.values["adapted"]?.array?.count == 4)
    let metrics = try result.run.readMetrics()
    #expect(metrics["forget"]?.array?.compactMap(\.string) == names)
    #expect(metrics["pul"]?.number != nil)
    let each = try #require(metrics["pul_per_class"]?.object)
    #expect(Set(each.keys) == Set(names))
    #expect(
      try Lineage(of: ModelLocator.gan(result.run.root.path)).forgotten.map(\.concept) == names)
    let page = try String(contentsOf: result.run.reportFile, encoding: .utf8)
    #expect(names.allSatisfy { page.contains($0) })
  }

  @Test func `a concept to which no model is adapted is named before any work`() throws {
    try world.adapt("adapted", models: 1, iterations: 2)
    let subject = try both()
    let experiment = try world.unlearning("new", adapted: "adapted", subject: subject)
    #expect(throws: LineageError.noneAdapted(concept: world.otherClass)) { try experiment.run() }
    #expect(!FileManager.default.fileExists(atPath: world.path("new")))
    var accepting = try world.unlearning(
      "accepted", adapted: "adapted", subject: subject, iterations: 2)
    accepting.acceptsMismatch = true
    _ = try accepting.run()
  }

  @Test func `an adaptation to several concepts goes on to the same bits`() throws {
    let whole = try world.adapt("whole", subject: both(), models: 1)
    // In the second concept's model.
    #expect(throws: Cancelled.self) {
      try world.adapt("parts", Listener(stopsAfter: 9), subject: both(), models: 1)
    }
    let parts = try world.adapt("parts", subject: both(), models: 1, resume: true)
    for kind in ["adapted1", "adapted2"] {
      #expect(try tensors(parts.run, kind: kind) == tensors(whole.run, kind: kind))
    }
    #expect(try tensors(whole.run, kind: "adapted1") != tensors(whole.run, kind: "adapted2"))
  }

  @Test func `what was forgotten before counts as negative in the next feedback`() throws {
    try world.adapt("adapted", models: 1, iterations: 2)
    let first = try world.unlearn("first", adapted: "adapted", iterations: 2).run.root.path
    var options = UnlearningOptions.undistilled
    options.feedbackSamples = 128
    options.largestDoubt = 1
    func training(_ name: String) throws -> PositiveTraining {
      try PositiveTraining(
        world.subject(gan: first, forgetting: name), options: options,
        context: Listener().context)
    }
    let second = try training(world.otherClass)
    #expect(second.feedback.undesired == names.map { .class($0) })
    // What the average of that GAN shows of both, and not of one.
    let random = Listener().context.random.split("unlearning").split("feedback")
    let judge = try world.subject().judge
    let generator = second.model.generator
    var (shown, either) = (0, 0)
    for _ in 0..<2 {
      let draw = generator.draw(
        64, mixingProbability: 0.9, latentsFrom: random, noiseFrom: random)
      let judgement = judge.judge(
        withoutGradients { generator.make(draw) }, in: .minusOneToOne)
      shown += judgement.shows(.class(world.otherClass)).count { $0 }
      either += judgement.shows(anyOf: names.map { .class($0) }).count { $0 }
    }
    #expect(second.originalShare == Double(either) / 128 && either > shown)
    // Asked for again, it is one concept.
    #expect(try training(world.className).feedback.undesired == [.class(world.className)])
  }
}
