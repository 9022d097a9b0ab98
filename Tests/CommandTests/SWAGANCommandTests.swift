import Experiments
import Foundation
import GANs
import Judging
import TestNetworks
import Testing
import Torch

/// A second architecture goes the whole way that a StyleGAN2 goes.
@Suite struct SWAGANCommandTests {
  private let lethe: CommandRunner
  private let training = [
    "train", "gan", "--data", "data", "--architecture", "swagan", "--size", "16", "--latent", "8",
    "--mapping-depth", "2", "--channel-cap", "4", "--batch", "4", "--output", "run",
  ]

  init() throws {
    lethe = try CommandRunner()
    try TinyData.writeIDX(lethe.file("data"))
  }

  @discardableResult
  private func succeed(_ arguments: [String]) throws -> String {
    let outcome = try lethe.run(arguments)
    #expect(outcome.exitCode == 0, "\(arguments.prefix(2)) \(outcome.errors)")
    return outcome.output
  }

  @Test func `it is trained, resumed, looked into, shown and written`() throws {
    try succeed(training + ["--iterations", "1"])
    let other = try lethe.run(
      training.map { $0 == "swagan" ? "stylegan2" : $0 } + ["--iterations", "2", "--resume"])
    #expect(other.exitCode == 1)
    #expect(
      other.errors.contains("was started with architecture \"swagan\", not \"stylegan2\""),
      "\(other.errors)")
    try succeed(training + ["--iterations", "2", "--resume"])
    #expect(try lethe.contents.contains("run/snapshots/snapshot-000002.safetensors"))
    #expect(
      try succeed(["inspect", "run"]).contains(
        "content       GAN: SWAGAN of 16x16, latent 8, depth 2, cap 4\n"))
    #expect(try succeed(["inspect", "run", "--json"]).contains("\"architecture\": \"SWAGAN\""))
    try succeed(["generate", "--gan", "run", "--count", "4", "--output", "pictures.png"])
    // Its layers are those of a StyleGAN2.
    try succeed(["directions", "--gan", "run", "--output", "factor.safetensors"])
    try succeed([
      "grid", "directions", "--gan", "run", "--directions", "factor.safetensors", "--apply", "0-1",
      "--output", "directions/",
    ])
    #expect(try lethe.contents.contains("directions/direction-1.png"))
    let words = "SWAGAN of 16x16, latent 8, depth 2, cap 4\n"
    for (format, output) in [("public", "p.pt"), ("g_ema", "g.pt"), ("hub", "hub")] {
      #expect(
        try succeed(["convert", "--gan", "run", "--to", format, "--output", output])
          == "FOLDER/\(output): \(words)")
      let file = format == "hub" ? "hub/model.safetensors" : output
      #expect(
        try GANFile.read(lethe.file(file), as: .known).configuration.architecture.name == "SWAGAN")
    }
    let card = lethe.text(of: "hub/README.md")
    #expect(
      card.contains(
        #"k.endswith((".hh", ".hl", ".kernel", ".lh", ".ll")) for k in missing"#))
    #expect(card.contains("# A SWAGAN of 16x16 pictures"))
    try succeed(["export", "--gan", "run", "--half", "--output", "half.safetensors"])
    #expect(try succeed(["inspect", "half.safetensors"]).contains("GAN: SWAGAN of 16x16"))
  }

  @Test func `it forgets`() throws {
    let sizes = NetworkSizes(size: 16, latentSize: 8, mappingDepth: 2, channelCap: 4)
    let configuration = try #require(
      [any Architecture].trainable.named("SWAGAN")?.configuration(of: sizes))
    let model = GANModel(
      configuration, pixelRange: .minusOneToOne, options: TrainingOptions())
    model.initialise(using: RandomGenerator(seed: 1))
    try model.write(to: lethe.file("gan.safetensors"))
    let judge = TinyNetworks.judge(for: model.generatorEMA)
    try judge.write(to: lethe.file("judge.pth"))
    let name = try #require(judge.frequentClass(of: model.generatorEMA))
    let subject = ["--gan", "gan.safetensors", "--judge", "judge.pth", "--forget", name]
    try succeed(
      ["adapt"] + subject + [
        "--iterations", "1", "--models", "1", "--negatives", "4", "--batch", "4", "--output",
        "adapted",
      ])
    try succeed(
      ["unlearn"] + subject + [
        "--method", "adapt-then-unlearn", "--adapted", "adapted", "--iterations", "2", "--batch",
        "4", "--feedback-samples", "64", "--samples", "16", "--output", "unlearned",
      ])
    #expect(try succeed(["inspect", "unlearned"]).contains("GAN: SWAGAN of 16x16"))
  }

  @Test func `pictures too small for wavelets, and names of no family, are refused`() throws {
    let small = try lethe.run(training.map { $0 == "16" ? "8" : $0 } + ["--iterations", "1"])
    #expect(small.exitCode != 0)
    #expect(
      small.errors.contains("size is 8, expected a power of two from 16 to 1024 for a SWAGAN"),
      "\(small.errors)")
    let stranger = try lethe.run(training.map { $0 == "swagan" ? "swan" : $0 })
    #expect(stranger.exitCode == 64)
    #expect(
      stranger.errors.contains("Please provide one of 'stylegan2' and 'swagan'"),
      "\(stranger.errors)")
    #expect(try !lethe.contents.contains { $0.hasPrefix("run") })
  }
}
