import Datasets
import Experiments
import Foundation
import GANs
import Runs
import Testing
import Torch

/// options.json says how a run was measured, and a run that goes on may be measured otherwise.
@Suite struct RecordedEvaluationTests {
  private let world: World
  private let data: Dataset

  init() throws {
    world = try World()
    let bytes = (0..<40 * 64).map { UInt8(truncatingIfNeeded: $0 &* $0 / 7) }
    data = Dataset(
      images: Tensor(bytes, shape: [40, 1, 8, 8]),
      labels: .classes((0..<40).map { $0 % 3 }, names: ["zero", "one", "two"]), path: "real")
  }

  private func evaluation(_ run: RunDirectory) throws -> JSON? {
    OptionsRecord.read(try run.readOptions()).values["evaluation"]
  }

  /// What every run records of how its result is chosen.
  private static let choice: [(String, JSON)] = [("candidates", 4), ("least_pul", 95)]

  private func recorded(_ fields: (String, JSON)...) -> JSON {
    .object(JSON.Object(fields[..<1] + Self.choice + fields[1...]))
  }

  private var digest: JSON { JSON(data.provenance.digest) }

  @Test func `X11 samples and real data of an unlearning are recorded, and may change`() throws {
    try world.adapt("adapted", models: 1, iterations: 2)
    func unlearn(samples: Int, data: Dataset?, resume: Bool) throws -> RunDirectory {
      var experiment = try world.unlearning("run", adapted: "adapted", resume: resume)
      experiment.samples = samples
      experiment.data = data
      return try experiment.run().run
    }
    let run = try unlearn(samples: 64, data: nil, resume: false)
    #expect(try evaluation(run) == recorded(("samples", 64)))
    _ = try unlearn(samples: 48, data: data, resume: true)
    #expect(
      try evaluation(run) == recorded(("samples", 48), ("data", "real"), ("data_digest", digest)))
    let metrics = try run.readMetrics()
    #expect(metrics["samples"] == 48 && metrics["data_digest"] == digest)
    #expect(
      try run.readOptions()["resumed"]?.array?.map { $0["changed"] } == [
        [
          "evaluation.samples": ["from": 64, "to": 48],
          "evaluation.data": ["from": nil, "to": "real"],
          "evaluation.data_digest": ["from": nil, "to": digest],
        ]
      ])
    _ = try unlearn(samples: 48, data: nil, resume: true)
    #expect(try evaluation(run) == recorded(("samples", 48)))
    let page = try String(contentsOf: run.reportFile, encoding: .utf8)
    #expect(page.contains("Settings of the evaluation"))
  }

  @Test func `X11 a demo records its samples`() throws {
    var demo = try world.demonstration("run")
    let result = try demo.run()
    #expect(try evaluation(result.run) == recorded(("samples", 64)))
    #expect(result.json["run"] == JSON(result.run.root.path) && result.json["pul"] != nil)
    demo.destination = world.destination("run", resume: true)
    demo.samples = 48
    #expect(try evaluation(demo.run().run) == recorded(("samples", 48)))
  }

  @Test func `X11 a sweep records its samples and real data`() throws {
    let models = try world.adapt("adapted", models: 1, iterations: 2).adapted.map {
      try GANFile.read($0, as: .known)
    }
    let subject = try world.subject()
    func sweep(_ subject: Subject?, _ data: Dataset?, samples: Int = 64, resume: Bool = false)
      throws -> RunDirectory
    {
      try ExtrapolationExperiment(
        world.subject().file, adapted: models, gammas: [1.5], subject: subject, samples: samples,
        data: data,
        destination: world.destination(subject == nil ? "plain" : "run", resume: resume)
      ).run().run
    }
    let run = try sweep(subject, data)
    #expect(try evaluation(run) == ["samples": 64, "data": "real", "data_digest": digest])
    #expect(try run.readMetrics()["data_digest"] == digest)
    _ = try sweep(subject, nil, samples: 48, resume: true)
    #expect(try evaluation(run) == ["samples": 48])
    #expect(try run.readMetrics()["data_digest"] == nil)
    // Where nothing is measured, there is nothing to record.
    #expect(try evaluation(sweep(nil, nil)) == nil)
  }
}
