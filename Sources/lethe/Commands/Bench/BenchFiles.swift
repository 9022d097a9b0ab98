import ArgumentParser
import Benchmarking
import Experiments
import Foundation
import GANs
import Runs
import StyleGAN2
import Torch

/// Timing snapshots.
struct BenchFiles: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "files",
    abstract: "Times copying, writing and loading a snapshot, and reading its bytes.",
    discussion: """
      The snapshot is complete: both networks, the moving average, both Adam states. 'pause' is \
      the copy in memory for which training waits; it is written while training continues. 'load' \
      ends with a model that could continue training; 'read' only reads the file into memory. All \
      reads come from the system's cache, so the disk is not measured. The file is made in a \
      temporary folder and removed.
      """
        + HelpText.examples(
          "lethe bench files --size 256 --latent 512 --channel-cap 512 --json"))

  @OptionGroup(title: "Network") var network: NetworkOptions
  @OptionGroup(title: "Measuring") var bench: BenchArguments
  @OptionGroup(title: "Machine") var compute: ComputeOptions

  func run() throws {
    try compute.apply()
    try network.configuration.validate()
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "lethe-bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "snapshot.safetensors")
    let options = TrainingOptions()
    let model = GANModel(forTiming: network.configuration, options: options, random: compute.random)
    try model.write(to: file, options: options)
    let byteCount = try Data(contentsOf: file, options: .alwaysMapped).count
    let contenders: [(name: String, body: () throws -> Void)] = [
      ("pause", { _ = try model.snapshot(options: options) }),
      ("write", { try model.write(to: file, options: options, replacing: true) }),
      ("read", { _ = try Data(contentsOf: file) }),
      (
        "load",
        {
          _ = try GANModel(
            GANFile.read(file, as: .known), options: options,
            start: .raw,
            device: compute.device)
        }
      ),
    ]
    let times = try Stopwatch.inTurns(
      bench.rounds, contenders.map { part in { try Stopwatch.milliseconds(part.body) } })
    var report = BenchmarkReport()
    let megabytes = Double(byteCount) / 1e6
    let ratio = Spread.ratios(times[3], to: times[2])
    report.facts["file_mb"] = JSON(megabytes.rounded(toDigits: 4))
    report.facts["load_to_read"] = ratio.json
    report.facts["load_to_read_range"] = ratio.range
    report.facts["network"] = JSON("\(network.configuration)")
    report.addMachine()
    for (part, own) in zip(contenders, times) {
      let timing = Spread(own)
      report.addRow(
        part.name,
        [
          "ms": timing.json, "ms_range": timing.range,
          "mb_per_second": JSON((megabytes / timing.median * 1000).rounded(toDigits: 3)),
        ])
    }
    try report.print(asJSON: bench.json)
  }
}
