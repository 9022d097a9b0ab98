import ArgumentParser
import Benchmarking
import Evaluation
import Experiments
import GANs
import Runs
import Torch
import TorchNN

/// Timing a whole evaluation.
struct BenchEvaluation: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluation",
    abstract: "Times a whole evaluation: two generators judged, PUL and distances.",
    discussion: """
      The generator and the judge are those that ship with lethe; the second generator is the \
      first with a little noise in its weights.
      """ + HelpText.examples("lethe bench evaluation --samples 5056 --rounds 3 --json"))

  @Option(parsing: .unconditional, help: "Pictures of each generator.")
  var samples = LatentList.defaultCount

  @OptionGroup(title: "Measuring") var bench: BenchArguments
  @OptionGroup(title: "Machine") var compute: ComputeOptions

  func validate() throws {
    guard samples >= 100 else {
      throw ValidationError(
        "--samples is \(samples), expected at least 100, so that every class is among them")
    }
  }

  func run() throws {
    try compute.apply()
    let subject = try EmbeddedModels.subject(forgetting: "7", device: compute.device)
    let original = try subject.file.makeGenerator(device: compute.device)
    let unlearned = original.copy()
    unlearned.parameters.requiresGradient = false
    unlearned.parameters.values.addInPlace(
      compute.random.split("unlearned").normal([unlearned.parameters.length]), times: 0.01)
    let latents = LatentList(count: samples, seed: compute.seed)
    func judged(_ generator: any GeneratorNetwork) throws -> JudgedSample {
      try JudgedSample(
        of: SampleRun(of: generator, latents: latents),
        judge: subject.judge)
    }
    // The judged samples go on to the numbers of the same round.
    var (before, after): (JudgedSample?, JudgedSample?)
    let parts: [(name: String, body: () throws -> Void)] = [
      ("original judged", { before = try judged(original) }),
      ("unlearned judged", { after = try judged(unlearned) }),
      (
        "numbers",
        {
          guard let before, let after else { return }
          _ = try UnlearningEvaluation(
            of: Comparison(
              original: before, unlearned: after, latents: latents,
              forgotten: subject.concepts))
        }
      ),
    ]
    let rounds = try (-1..<bench.rounds).map { _ in
      try parts.map { try Stopwatch.milliseconds($0.body) }
    }.dropFirst()
    var report = BenchmarkReport()
    let total = Spread(rounds.map { $0.reduce(0, +) })
    report.facts["evaluation_ms"] = total.json
    report.facts["evaluation_ms_range"] = total.range
    report.facts["samples"] = JSON(samples)
    report.facts["network"] = JSON("\(original.configuration)")
    report.addMachine()
    for (index, part) in parts.enumerated() {
      let timing = Spread(rounds.map { $0[index] })
      report.addRow(part.name, ["ms": timing.json, "ms_range": timing.range])
    }
    try report.print(asJSON: bench.json)
  }
}
