import Auditing
import Checkpoints
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

@Suite struct ConversionTests {
  private let world: World

  init() throws { world = try World() }

  private func url(_ name: String) -> URL { URL(filePath: world.path(name)) }

  private func file(_ name: String) throws -> GANFile {
    try GANFile.read(url(name), as: .known)
  }

  /// The text of a file below the folder.
  private func text(_ name: String) throws -> String {
    try String(contentsOf: url(name), encoding: .utf8)
  }

  /// The GAN with other words and without some tensors.
  private func changed(
    _ metadata: [String: String] = [:], without prefixes: [String] = []
  ) throws -> GANFile {
    var content = try SafetensorsFile.read(URL(filePath: world.gan))
    content.metadata.merge(metadata) { $1 }
    for key in content.tensors.keys where prefixes.contains(where: key.hasPrefix) {
      content.tensors[key] = nil
    }
    for prefix in prefixes {
      content.metadata["lethe.optimiser.\(prefix.dropLast())"] = nil
    }
    try content.write(to: url("changed.safetensors"))
    return try file("changed.safetensors")
  }

  private static let lineage =
    #"{"forgotten":[{"concept":"a|b\n<i>","judge":"abc","origin":"def"}]}"#

  private static let metrics: JSON.Object = {
    var record: JSON.Object = ["judged_by": ["network": "LeNet5"], "warnings": ["few *samples*"]]
    record.add([
      MetricMeasurement(
        .pul, .number(98.25), method: "judged | once", sampleCount: 5056, seed: 7,
        interval: 97...99.5),
      MetricMeasurement(.negativesAfter, .count(3), method: "counted", sampleCount: 5056, seed: 7),
      MetricMeasurement(
        .frechetToOriginalPositives, .number(1.5), method: "features", sampleCount: 5000, seed: 7),
    ])
    return record
  }()

  @Test func `a folder for hubs holds weights, sizes and a card`() throws {
    let gan = try changed(["lethe.lineage": Self.lineage])
    let conversion = GANConversion(
      gan, to: .hub, metrics: Self.metrics, baseModel: "me/faces: \"new\"")
    try conversion.write(to: url("hub"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: url("hub").path).sorted()
        == ["README.md", "config.json", "model.safetensors"])
    let model = try file("hub/model.safetensors")
    #expect(model.discriminator != nil && model.generatorOptimiser == nil)
    #expect(try model.parametersDigest() == gan.parametersDigest())
    #expect(model.lineage == gan.lineage)
    let configuration = try JSON(parsing: text("hub/config.json"))
    #expect(configuration["architecture"] == "StyleGAN2" && configuration["size"] == 8)
    #expect(configuration["latent_size"] == 8 && configuration["pixel_range"] == "-1..1")
    #expect(configuration["networks"] == ["g_ema", "d"])
    #expect(configuration["parameters_sha256"] == JSON(try gan.parametersDigest()))
    #expect(configuration["lineage"]?["forgotten"]?.array?.first?["judge"] == "abc")
    let card = try text("hub/README.md")
    #expect(
      card.hasPrefix(
        """
        ---
        library_name: lethe
        tags:
        - gan
        - stylegan2
        - unlearning
        base_model: "me/faces: \\"new\\""
        ---

        # A StyleGAN2 of 8x8 pictures
        """))
    #expect(
      card.contains("- It was trained to forget **a\\|b\u{fffd}\\<i\\>** (judge: SHA-256 `abc`)."))
    #expect(
      card.contains(
        "| PUL | 98.25 % (95 %: 97.00 % to 99.50 %) | 5056 | 7 | judged \\| once |\n"
          + "| Fréchet distance to the original's positives | 1.50 | 5000 | 7 | features |\n"))
    #expect(card.contains("The judge is a LeNet5.") && card.contains("- few \\*samples\\*"))
    #expect(!card.contains("Negatives after"))
    #expect(conversion.notes.isEmpty)
  }

  @Test func `halved weights are said, and their digest is that of the file`() throws {
    var conversion = GANConversion(try file(world.gan), to: .hub, metrics: Self.metrics)
    conversion.isHalfPrecision = true
    try conversion.write(to: url("hub"))
    let config = try JSON(parsing: text("hub/config.json"))
    let written = try GANFile.read(url("hub/model.safetensors"), as: .known)
    #expect(config["weights"] == "float16")
    #expect(config["parameters_sha256"]?.string == (try written.parametersDigest()))
    let former = try #require(config["parameters_sha256_before_rounding"]?.string)
    #expect(
      try former == file(world.gan).parametersDigest() && former != written.parametersDigest())
    #expect(config["figures"]?["pul"] == 98.25)
    let card = try text("hub/README.md")
    #expect(card.contains("; rounded to float16\n"))
    #expect(card.contains("Measured by the run that made it, before its weights were rounded."))
  }

  @Test func `a card has verdict, audits and commands, but no audit of other weights`() throws {
    try world.adapt("adapted", models: 1)
    let run = try world.unlearn("run", adapted: "adapted").run
    var audit = AuditExperiment(
      try ModelLocator.gan(run.root.path), subject: try world.subject(), folder: run.auditFolder,
      audits: Audits.all.filter { $0.name == "weight-noise" }, effort: .quick)
    audit.isAlone = true
    _ = try audit.ask()
    let sections = try CardSections.markdown(of: run)
    let headings = sections.compactMap { $0.split(separator: "\n").first }
    #expect(headings.prefix(2) == ["## Verdict", "## Is it really gone?"])
    #expect(sections[0].hasPrefix("## Verdict\n\n1. **"))
    #expect(sections[1].contains("| Weight noise |"))
    // Another generator takes the run's place.
    var metrics = try run.readMetrics()
    metrics["parameters_sha256"] = "other"
    try JSON.object(metrics).write(to: run.metricsFile)
    #expect(try !CardSections.markdown(of: run).contains { $0.contains("Is it really gone?") })
  }

  @Test func `a card without a run has no figures, and says that nothing is recorded`() throws {
    try GANConversion(try file(world.gan), to: .hub).write(to: url("hub"))
    let card = try text("hub/README.md")
    #expect(card.contains("Nothing records that it was to forget anything."))
    #expect(!card.contains("## Figures") && !card.contains("base_model"))
    #expect(try JSON(parsing: text("hub/config.json"))["lineage"] == nil)
  }

  @Test func `figures are those of the snapshot that is taken`() throws {
    try world.adapt("adapted", models: 1)
    let run = try world.unlearn("run", adapted: "adapted").run
    let measured = try #require(try ModelLocator.measuredRun(run.root.path))
    let metrics = try measured.readMetrics()
    #expect(metrics["pul"] != nil && metrics["seed"] != nil)
    try GANConversion(ModelLocator.gan(run.root.path), to: .hub, metrics: metrics)
      .write(to: url("hub"))
    let card = try text("hub/README.md")
    #expect(card.contains("| PUL | ") && card.contains("| Same class as before | "))
    let seed = try #require(metrics["seed"]?.integer)
    #expect(card.contains("| 64 | \(seed) | "))
    #expect(card.contains("trained to forget **\(world.className)**"))
    #expect(try ModelLocator.measuredRun(world.gan) == nil)
    // A later snapshot was never measured.
    let later = run.snapshotsFolder.appending(path: "snapshot-000099.safetensors")
    try FileManager.default.copyItem(at: ModelLocator.ganFile(run.root.path), to: later)
    #expect(try ModelLocator.measuredRun(run.root.path) == nil)
  }

  @Test func `what is missing, replaced or left out is said`() throws {
    let path = url("changed.safetensors").path
    let bare = try changed(
      ["lethe.lineage": Self.lineage, "lethe.pixel_range": "0..1"],
      without: ["g.", "d.", "g_optim.", "d_optim."])
    #expect(
      GANConversion(bare, to: .public).notes == [
        "\(path) holds no generator g: its average g_ema stands in for it",
        "\(path) holds no d, g_optim, d_optim, and so does the file written: public scripts make "
          + "pictures with it, and cannot go on with its training",
        "\(path): the format has no place for the range of its pictures, 0..1: say so wherever it is "
          + "read",
        "\(path): the format has no place for its lineage, what it was to forget",
      ])
    #expect(
      GANConversion(bare, to: .hub).notes
        == ["\(path) holds no discriminator: nobody can unlearn with the folder's model"])
    #expect(GANConversion(bare, to: .lethe).notes.isEmpty)
    try GANConversion(bare, to: .public).write(to: url("bare.pt"))
    let tensors = try Checkpoint.read(url("bare.pt")).tensors
    #expect(Set(tensors.keys.map { $0.prefix { $0 != "." } }) == ["g", "g_ema"])
    let raw = try changed(without: ["g_ema."])
    #expect(
      GANConversion(raw, to: .generator).notes
        == ["\(path) holds no average g_ema: the generator g stands in for it"])
  }

  @Test func `a value that is not finite is refused, and nothing is left`() throws {
    var content = try SafetensorsFile.read(URL(filePath: world.gan))
    content.tensors["d.final_conv.1.bias"] = Tensor([Float.nan, 0, 0, 0])
    try content.write(to: url("broken.safetensors"))
    let broken = try file("broken.safetensors")
    let before = try world.folder.contents
    for format in [GANFormat.lethe, .public, .hub] {
      #expect(throws: (any Error).self) {
        try GANConversion(broken, to: format).write(to: url("out.\(format)"))
      }
    }
    #expect(try world.folder.contents == before)
  }
}
