import Checkpoints
import Foundation
import GANs
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch

/// NVIDIA's files in commands (Scripts/fixtures/make_nvidia.py).
@Suite struct NVIDIATests {
  private let lethe: CommandRunner

  init() throws {
    lethe = try CommandRunner()
    let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "StyleGAN2Tests/Fixtures")
    for name in ["nvidia.pkl", "nvidia-classes.pkl", "nvidia-groups.pkl"] {
      try FileManager.default.copyItem(
        at: fixtures.appending(path: name), to: lethe.file(name))
    }
    for name in ["nvidia", "nvidia-classes"] {
      try FileManager.default.copyItem(
        at: fixtures.appending(path: "\(name).expected.safetensors"),
        to: lethe.file("\(name).expected.safetensors"))
    }
  }

  private func tensors(_ name: String) throws -> StateDict {
    try SafetensorsFile.read(lethe.file(name)).tensors
  }

  /// Makes the pictures of PyTorch's latents, and compares.
  private func expectPictures(
    _ gan: String, _ expected: String, _ options: [String], _ key: String
  ) throws {
    let numbers = try tensors("\(expected).expected.safetensors")
    let z = lethe.file("z.safetensors")
    try SafetensorsFile(tensors: ["z": try #require(numbers["z"])]).write(to: z, replacing: true)
    let output = UUID().uuidString + ".safetensors"
    let outcome = try lethe.run(
      ["generate", "--gan", gan, "--latents", "z.safetensors", "--tensors", output] + options)
    #expect(outcome.exitCode == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    let pictures = try #require(tensors(output)["image"])
    #expect(pictures.largestDifference(from: try #require(numbers[key])) < 1e-4)
  }

  @Test func `pictures are PyTorch's, truncated ones too`() throws {
    try expectPictures("nvidia.pkl", "nvidia", [], "image")
    try expectPictures("nvidia.pkl", "nvidia", ["--truncation", "0.7"], "truncated")
    let outcome = try lethe.run(
      "generate", "--gan", "nvidia.pkl", "--latents", "z.safetensors", "--truncation", "0.7",
      "--seed", "3", "--output", "a.png")
    #expect(
      outcome.errors
        == "Error: --seed has no meaning here: the file records the mean style, the latents and "
        + "the noise: nothing is drawn\n")
  }

  @Test func `a class is chosen by its number, and can be handed on`() throws {
    for index in 0..<3 {
      let options = ["--class", "\(index)"]
      try expectPictures("nvidia-classes.pkl", "nvidia-classes", options, "\(index).image")
    }
    let outcome = try lethe.run(
      "export", "--gan", "nvidia-classes.pkl", "--class", "1", "--output", "one.safetensors")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    try expectPictures("one.safetensors", "nvidia-classes", [], "1.image")
    let refused = try lethe.run(
      "generate", "--gan", "nvidia-classes.pkl", "--output", "a.png")
    #expect(refused.exitCode == 1)
    #expect(refused.errors.contains("its networks are told one of 3 classes"))
  }

  @Test func `networks that are told a class are shown, and said to need one`() throws {
    let outcome = try lethe.run("inspect", "nvidia-classes.pkl")
    let lines = outcome.output.split(separator: "\n")
    #expect(
      lines.prefix(6) == [
        "file          FOLDER/nvidia-classes.pkl", "format        Python pickle",
        "content       GAN: 16x16, latent 16, depth 2, cap 8", "networks      g, g_ema, d",
        "pixel range   not recorded: -1..1 unless you say otherwise",
        "classes       3, one of which the networks are told; below are those of 0",
      ])
    #expect(lines[6] == "good for      nothing")
    #expect(lines[7].contains("`lethe generate --class` makes pictures of a class"))
  }

  @Test func `networks of NVIDIA's are adapted, and go on in lethe's files`() throws {
    let file = try GANFile.read(lethe.file("nvidia-groups.pkl"), as: [.styleGAN2])
    try TinyNetworks.judge(for: file.makeGenerator()).write(to: lethe.file("judge.pth"))
    let outcome = try lethe.run(
      "adapt", "--gan", "nvidia-groups.pkl", "--judge", "judge.pth", "--forget", "one",
      "--iterations", "1", "--negatives", "4", "--batch", "4", "--fisher-samples", "4",
      "--models", "1", "--output", "adapted")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("training starts with a new Adam"), "\(outcome.errors)")
  }
}
