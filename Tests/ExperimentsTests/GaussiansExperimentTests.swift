import Foundation
import Gaussians
import Records
import Runs
import TestSupport
import Testing

@testable import Experiments

@Suite struct GaussiansExperimentTests {
  private var tiny: ToyOptions {
    var options = ToyOptions()
    options.training.iterations = 30
    options.training.batchSize = 16
    options.adaptation.training.iterations = 30
    options.adaptation.negativeCount = 20
    options.adaptation.fisherSamples = 4
    options.unlearning.training.iterations = 30
    options.unlearning.training.batchSize = 16
    options.adaptation.training.batchSize = 16
    options.unlearning.feedbackSamples = 200
    options.forget = [0, 1, 2, 3]
    return options
  }

  private func experiment(_ destination: RunDestination, _ listener: Listener = Listener())
    -> GaussiansExperiment
  {
    GaussiansExperiment(
      tiny, samples: 300, destination: destination, context: listener.context)
  }

  @Test func `the toy leaves options, numbers, points and a page`() throws {
    let home = try TemporaryFolder()
    let listener = Listener()
    let result = try experiment(.new(home.url.appending(path: "run")), listener).run()
    let run = result.run
    #expect(
      listener.tasks.map(\.label) == ["original", "adapted", "unlearned", "without repulsion"])
    #expect(listener.openTasks == 0)
    #expect(try run.readStatus()?.outcome == .finished)
    let options = OptionsRecord.read(try run.readOptions()).flattened
    #expect(options["model"] == "gaussians" && options["standard_deviation"] == 0.15)
    #expect(options["unlearning.repulsion.loss"] == "EL2" && options["training.batch_size"] == 16)
    let metrics = try run.readMetrics()
    #expect(metrics["forget"] == ["0", "1", "2", "3"] && metrics["samples"] == 300)
    for generator in ["original", "adapted", "unlearned", "without_repulsion"] {
      let shares = metrics["generators"]?[generator]?["shares"]?.array?.compactMap(\.number) ?? []
      #expect(shares.count == 8 && abs(shares.reduce(0, +) - 100) < 1e-9)
    }
    #expect(try run.readMixture() == result.record)
    let page = try String(contentsOf: run.reportFile, encoding: .utf8)
    #expect(page.split(separator: "<svg").count - 1 == 9, "seven scatter charts, bars and curves")
    for title in ["Data", "Negatives", "Positives", "Samples of the unlearned GAN"] {
      #expect(page.contains(">\(title)</text>"))
    }
    #expect(result.json["report"] == .string(run.reportFile.path))
    let files = try FileManager.default.contentsOfDirectory(atPath: run.root.path)
    #expect(
      Set(files.filter { $0 != ".lock" }) == [
        "options.json", "status.json", "metrics.json", "mixture.json", "report.html",
      ])
  }

  @Test(arguments: ["original", "without repulsion"])
  func `a toy that is stopped leaves nothing, and can begin again`(task: String) throws {
    let home = try TemporaryFolder()
    let folder = home.url.appending(path: "above/run")
    let error = #expect(throws: Cancelled.self) {
      try experiment(.new(folder), Listener(stopsIn: task)).run()
    }
    #expect(error?.run == nil)
    #expect(try FileManager.default.contentsOfDirectory(atPath: home.url.path).isEmpty)
    #expect(try experiment(.resume(folder)).run().run.readStatus()?.outcome == .finished)
  }

  @Test func `a toy that was killed starts again, and ends with the same numbers`() throws {
    let home = try TemporaryFolder()
    let whole = try experiment(.new(home.url.appending(path: "whole"))).run()
    let killed = try experiment(.new(home.url.appending(path: "killed"))).run().run
    for file in [killed.metricsFile, killed.mixtureFile, killed.reportFile] {
      try FileManager.default.removeItem(at: file)
    }
    let listener = Listener()
    let again = try experiment(.resume(killed.root), listener).run()
    #expect(listener.notes.contains { $0.contains("starts again") })
    #expect(again.record == whole.record)
  }
}
