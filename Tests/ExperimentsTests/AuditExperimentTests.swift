import Auditing
import Experiments
import Foundation
import GANs
import Records
import Runs
import TestNetworks
import Testing

@Suite struct AuditExperimentTests {
  private let world: World

  init() throws { world = try World() }

  @Test func `extrapolation is looked for with the controls, and kept from then on`() throws {
    try world.adapt("adapted", models: 1)
    let run = try world.unlearn("run", adapted: "adapted").run
    func ask(alone: Bool) throws -> AuditRecord {
      var experiment = AuditExperiment(
        try ModelLocator.gan(run.root.path), subject: try world.subject(),
        folder: run.auditFolder, audits: Audits.all.filter { $0.name == "weight-noise" },
        effort: .quick)
      experiment.adapted = try ModelLocator.adapted(world.path("adapted"))
      experiment.isAlone = alone
      return try experiment.ask().record
    }
    func gamma() throws -> Double? {
      let json = try JSON(contentsOf: run.auditFolder.appending(path: "audit.json"))
      return json["options"]?["extrapolation_gamma"]?.number
    }
    let alone = try ask(alone: true)
    #expect(try alone.generators.map(\.role) == [.unlearned] && gamma() == nil)
    let whole = try ask(alone: false)
    #expect(whole.generators.map(\.role) == [.unlearned, .original, .extrapolated])
    #expect(whole.entries[0].answers[0] == alone.entries[0].answers[0], "asked twice")
    let found = try #require(try gamma())
    #expect(try ask(alone: true) == whole && gamma() == found)
  }
}
