import Auditing
import Evaluation
import Judging
import Records
import TestNetworks
import Testing
import Torch

@Suite struct SecondOpinionTests {
  private let world = AuditWorld()

  @Test func `counts are those of each judge alone, and so is the disagreement`() throws {
    let subject = world.subject(secondJudge: world.secondJudge)
    let generator = subject.generators[0]
    let finding = try SecondOpinion().examine(generator, in: subject) { _ in }
    func share(_ judge: Judge) throws -> (shows: [Bool], percent: Double) {
      let run = SampleRun(of: generator.network, latents: subject.latents)
      let shows = try JudgedSample(of: run, judge: judge, extractors: []).judgement
        .shows(anyOf: [world.concept])
      return (shows, 100 * Double(shows.count { $0 }) / Double(shows.count))
    }
    let (first, second) = (try share(world.judge), try share(world.secondJudge))
    #expect(first.shows != second.shows, "judges that always agree test nothing")
    let different = zip(first.shows, second.shows).count { $0 != $1 }
    func value(_ key: MetricKey) -> MetricMeasurement.Value? {
      finding.measurements.first { $0.key == key }?.value
    }
    #expect(value(.auditedShare) == .number(first.percent))
    #expect(value(.auditedShareBySecond) == .number(second.percent))
    #expect(
      value(.disagreement) == .number(100 * Double(different) / Double(first.shows.count)))
    #expect(finding.pictures.first?.pictures.shape == [min(32, different), 3, 8, 8])
  }

  @Test func `without a second judge the audit says what is missing`() {
    let subject = world.subject()
    #expect(
      SecondOpinion().obstacle(for: subject.generators[0], in: subject)
        == "there is no second judge")
  }

  @Test func `the original has no percentage of its own`() throws {
    let subject = world.subject(secondJudge: world.secondJudge)
    let finding = try SecondOpinion().examine(subject.generators[1], in: subject) { _ in }
    #expect(!finding.measurements.contains { $0.key == .pulBySecond })
  }
}
