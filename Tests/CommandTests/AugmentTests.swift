import Experiments
import Foundation
import GANs
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch

/// Adaptive augmentation as the commands offer it.
@Suite struct AugmentTests {
  private let lethe: CommandRunner

  init() throws { lethe = try CommandRunner() }

  private func statistics(_ run: String, _ key: String) throws -> [Double?] {
    try lethe.text(of: "\(run)/stats.jsonl").split(separator: "\n").map {
      let record = try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
      return record?[key] as? Double
    }
  }

  private func trainGAN(_ iterations: Int, _ output: String, _ further: String...) -> [String] {
    [
      "train", "gan", "--data", "data", "--size", "8", "--latent", "8", "--mapping-depth", "2",
      "--channel-cap", "4", "--batch", "4", "--iterations", "\(iterations)", "--output", output,
      "--augment", "bgcfnc",
    ] + further
  }

  @Test
  func `an augmented training in parts is one in one go, and a GAN goes on at its probability`()
    throws
  {
    try TinyData.writeIDX(lethe.file("data"))
    // Each adjustment, of 16 pictures, is a quarter of the way: the target is always exceeded.
    let adaptive = ["--augment-length", "64", "--augment-target=-1"]
    try lethe.succeed(trainGAN(10, "whole") + adaptive)
    try lethe.succeed(trainGAN(6, "parts") + adaptive)
    try lethe.succeed(trainGAN(10, "parts") + adaptive + ["--resume"])
    let course = try statistics("whole", "augment_p")
    #expect(course.count == 10 && course.first == 0 && course.last.flatMap(\.self) ?? 0 > 0)
    for key in ["augment_p", "loss_d", "loss_g"] {
      #expect(try statistics("parts", key) == statistics("whole", key), "\(key)")
    }
    let end = "snapshots/snapshot-000010.safetensors"
    let tensors = try ["whole", "parts"].map {
      try GANFile.read(lethe.file("\($0)/\(end)"), as: [.styleGAN2])
    }
    for part in [\GANFile.generator, \.generatorEMA, \.discriminator] {
      let (whole, parts) = (try #require(tensors[0][keyPath: part]), tensors[1][keyPath: part])
      for (key, tensor) in whole {
        #expect(parts?[key]?.hasSameBits(as: tensor) == true, "\(key)")
      }
    }
    #expect(lethe.text(of: "whole/report.html").contains("Augmentation"))
    try lethe.succeed(
      [
        "train", "gan", "--data", "data", "--gan", "whole", "--batch", "4", "--iterations", "1",
        "--augment", "bgc", "--output", "further",
      ])
    let probability = try tensors[0].recordedAugmentationProbability
    #expect(try statistics("further", "augment_p") == [probability])
    #expect(probability ?? 0 > 0)
    // Whoever goes on from a file to hand on begins there as well.
    try lethe.succeed(["export", "--gan", "further", "--output", "handed.safetensors"])
    try lethe.succeed(["convert", "--gan", "further", "--to", "public", "--output", "public.pt"])
    for name in ["handed.safetensors", "public.pt"] {
      let file = try GANFile.read(lethe.file(name), as: .known)
      #expect(try file.recordedAugmentationProbability == probability, "\(name)")
    }
  }

  @Test func `both stages change pictures as they are told, and record how`() throws {
    let subject = try TinyModels.writeSubject(in: lethe.folder)
    let common = subject + ["--iterations", "2", "--batch", "4", "--augment", "bgc"]
    try lethe.succeed(
      ["adapt", "--models", "1", "--negatives", "8", "--fisher-samples", "4", "--augment-p", "0.2"]
        + common + ["--output", "adapted"])
    #expect(try statistics("adapted", "augment_p") == [0.2, 0.2])
    #expect(lethe.text(of: "adapted/options.json").contains("\"preset\": \"bgc\""))
    try lethe.succeed(
      [
        "unlearn", "--adapted", "adapted.pt", "--method", "adapt-then-unlearn",
        "--feedback-samples", "64", "--largest-doubt", "1", "--samples", "64",
      ] + common + ["--output", "unlearned"])
    #expect(try statistics("unlearned", "augment_p") == [0, 0])
    // Nothing of it where nobody asks.
    try lethe.succeed(
      ["adapt", "--models", "1", "--negatives", "8", "--fisher-samples", "4"] + subject
        + ["--iterations", "1", "--batch", "4", "--output", "plain"])
    #expect(try statistics("plain", "augment_p") == [nil])
    #expect(!lethe.text(of: "plain/options.json").contains("augmentation"))
  }

  @Test(arguments: [
    ("--augment bgx", "The value 'bgx' is invalid for '--augment <preset>'"),
    ("--augment bgc --augment-p 1.5", "--augment-p is 1.5, expected more than 0, up to 1; none"),
    // The public scripts' 0 means adaptive.
    ("--augment bgc --augment-p 0", "--augment-p is 0.0, expected more than 0, up to 1"),
    ("--augment bgc --augment-p -0.5", "--augment-p is -0.5, expected more than 0, up to 1; none"),
    (
      "--augment bgc --augment-target 2",
      "--augment-target is 2.0, expected -1 to 1 (it is a mean of signs)"
    ),
    ("--augment bgc --augment-length 0", "--augment-length is 0, expected at least 1"),
    (
      "--augment-p 0.5",
      "--augment-p has no meaning without --augment: pictures stay as they are then"
    ),
    (
      "--augment bgc --augment-p 0.5 --augment-length 9",
      "--augment-length has no meaning with --augment-p: a fixed probability adapts to nothing"
    ),
  ])
  func `what makes no sense is refused in a sentence`(words: String, sentence: String) throws {
    let outcome = try lethe.run(
      ["train", "gan", "--data", "nowhere", "--output", "run"]
        + words.split(separator: " ").map(String.init))
    #expect(outcome.exitCode != 0 && outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("Error: \(sentence)"), "\(outcome.errors)")
    #expect(try lethe.contents.isEmpty)
  }
}
