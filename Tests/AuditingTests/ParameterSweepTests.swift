import Auditing
import Evaluation
import GANs
import Records
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

@Suite struct ParameterSweepTests {
  private let world = AuditWorld()
  private static let sweeping = ["weight-noise", "compression", "interpolation", "step-back"]

  private func audit(_ name: String) throws -> any Audit {
    try #require(Audits.all.first { $0.name == name })
  }

  private func curve(_ points: (Double, Double)...) -> AuditRecord.Curve {
    AuditRecord.Curve(
      "", title: "", xTitle: "", yTitle: "", points: points.map { AuditRecord.Point($0.0, $0.1) })
  }

  @Test func `a level lies between the points that enclose it first`() {
    let curve = curve((0, 0), (1, 2), (2, 10), (4, 4), (8, 20))
    #expect(curve.firstX(reaching: 1) == 0.5)
    #expect(curve.firstX(reaching: 2) == 1)
    #expect(curve.firstX(reaching: 6) == 1.5)
    #expect(curve.firstX(reaching: 12) == 6)
  }

  @Test func `a level that is there at once is at the start, and one that never is is nowhere`() {
    #expect(curve((0, 5), (1, 2)).firstX(reaching: 3) == 0)
    #expect(curve((0, 5), (1, 2)).firstX(reaching: 6) == nil)
  }

  @Test(arguments: sweeping)
  func `no generator is changed, and the same seed gives the same numbers`(
    name: String
  ) throws {
    let audit = try audit(name)
    func finding() throws -> AuditFinding {
      let subject = world.subject(adapted: [TinyNetworks.neighbour(of: world.unlearned)])
      return try audit.examine(subject.unlearned, in: subject) { _ in }
    }
    func bits() -> [[Float]] {
      [world.unlearned, world.original].map { $0.parameters.values.array(of: Float.self) }
    }
    let before = bits()
    let (first, second) = (try finding(), try finding())
    #expect(bits() == before)
    #expect(first.measurements == second.measurements)
    #expect(first.curves == second.curves)
    #expect(first.measurements.allSatisfy { $0.warning == nil })
  }

  @Test(arguments: sweeping)
  func `progress rises to 1 and may stop the audit`(name: String) throws {
    struct Stopped: Error {}
    let audit = try audit(name)
    let subject = world.subject(adapted: [world.original])
    var last = 0.0
    #expect(throws: Stopped.self) {
      _ = try audit.examine(subject.unlearned, in: subject) { done in
        #expect(done >= last && done <= 1)
        last = done
        if done == 1 { throw Stopped() }
      }
    }
  }

  @Test(arguments: sweeping)
  func `pictures that are not finite show nothing, and are said to be ruined`(
    name: String
  ) throws {
    let broken = TinyNetworks.generator(seed: 1)
    broken.parameters.values.fillInPlace(.infinity)
    let subject = world.subject(
      [AuditedGenerator(.extrapolated, network: broken)], adapted: [broken])
    let finding = try audit(name).examine(subject.controls[0], in: subject) { _ in }
    #expect(finding.measurements.contains { $0.warning?.contains("not finite") == true })
    for curve in finding.curves {
      #expect(curve.points.first?.y == 0, "\(curve.name)")
    }
  }
}
