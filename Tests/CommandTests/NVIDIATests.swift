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
    let converted = try lethe.run(
      "convert", "--gan", "nvidia-classes.pkl", "--to", "public", "--output", "all.pt")
    #expect(
      converted.errors.contains(
        "the public scripts know no classes: write a GAN of one class first (lethe export --class N)"
      ))
    let mixed = try lethe.run("generate", "--gan", "nvidia-classes.pkl", "--output", "a.png")
    #expect(mixed.exitCode == 0)
    #expect(mixed.errors.contains("is told one of 3 classes, and each picture is of one that is"))
    // Where none can be chosen, nobody is told to.
    let others = ["--unlearned", "nvidia-classes.pkl", "--seeds", "1", "--output", "b.png"]
    let compared = try lethe.run(["grid", "interpolation", "--gan", "nvidia-classes.pkl"] + others)
    #expect(compared.exitCode == 0)
    #expect(compared.errors.contains("and each seed is of one that is drawn\n"))
  }

  @Test func `a conditional generator is shown with its classes, and good for everything`() throws {
    let outcome = try lethe.run("inspect", "nvidia-classes.pkl")
    let lines = outcome.output.split(separator: "\n")
    #expect(
      lines.prefix(7) == [
        "file          FOLDER/nvidia-classes.pkl", "format        Python pickle",
        "content       GAN: 16x16, latent 16, depth 2, cap 8, 3 classes",
        "networks      g, g_ema, d", "pixel range   not recorded: -1..1 unless you say otherwise",
        "classes       3, one of which the generator is told for each picture",
        "good for      generate, evaluate, extrapolate, adapt, unlearn, train gan, export",
      ])
  }

  @Test func `a class of a conditional GAN is forgotten without a judge`() throws {
    let unknown = try lethe.run(
      "adapt", "--gan", "nvidia-classes.pkl", "--forget", "eleven", "--output", "adapted")
    #expect(unknown.errors == "Error: the judge knows no class 'eleven'; it knows 0, 1, 2\n")
    let adapted = try lethe.run(
      "adapt", "--gan", "nvidia-classes.pkl", "--forget", "1", "--iterations", "1", "--negatives",
      "4", "--batch", "4", "--fisher-samples", "4", "--models", "1", "--output", "adapted")
    #expect(adapted.exitCode == 0, "\(adapted.errors)")
    #expect(adapted.errors.contains("has learned the classes of nvidia-classes.pkl"))
    let unlearned = try lethe.run(
      "unlearn", "--gan", "nvidia-classes.pkl", "--forget", "1", "--adapted", "adapted",
      "--iterations", "2", "--batch", "4", "--samples", "64", "--feedback-samples", "64",
      "--survey-samples", "64", "--output", "unlearned")
    #expect(unlearned.exitCode == 0, "\(unlearned.errors)")
    // The judge is found where it was made.
    #expect(!unlearned.errors.contains("has learned"), "\(unlearned.errors)")
    #expect(unlearned.errors.contains("judge.safetensors tells the classes of nvidia-classes.pkl"))
    #expect(unlearned.output.contains("'1' in "))
    let judges = try FileManager.default.contentsOfDirectory(atPath: lethe.folder.path)
      .filter { $0.hasPrefix("judge-nvidia-classes-") }
    #expect(judges.count == 1)
    // Other pictures need another judge.
    let other = try lethe.run(
      "adapt", "--gan", "nvidia-classes.pkl", "--forget", "1", "--pixel-range", "0..1",
      "--iterations", "1", "--negatives", "4", "--batch", "4", "--fisher-samples", "4",
      "--models", "1", "--output", "other")
    #expect(other.errors.contains("has learned the classes"), "\(other.errors)")
    let again = try lethe.run(
      "adapt", "--gan", "unlearned", "--forget", "2", "--output", "refused")
    #expect(again.exitCode == 1)
    #expect(
      again.errors.contains(
        "was trained on for '1', and no longer makes the pictures of every class that it is told"))
    let shown = try lethe.run("inspect", "unlearned")
    #expect(shown.output.contains("depth 2, cap 8, 3 classes"))
    let one = try lethe.run(
      "generate", "--gan", "unlearned", "--class", "2", "--output", "two.png")
    #expect(one.exitCode == 0 && one.errors.isEmpty, "\(one.errors)")
    let without = try lethe.run(
      "adapt", "--gan", "nvidia.pkl", "--forget", "1", "--output", "refused")
    #expect(without.exitCode == 1)
    #expect(
      without.errors
        == "Error: no judge tells what shall be forgotten: name one with --judge; only a conditional "
        + "GAN needs none, and nvidia.pkl is told no classes\n")
  }

  @Test func `a judge learns from what a conditional generator makes`() throws {
    let outcome = try lethe.run(
      "train", "classifier", "--gan", "nvidia-classes.pkl", "--pictures", "40", "--epochs", "2",
      "--size", "16", "--class-names", "ant,bee,cow", "--output", "judge")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    #expect(outcome.output.contains(" of 12 test pictures right"))
    let refused = try lethe.run(
      "train", "classifier", "--gan", "nvidia.pkl", "--output", "other")
    #expect(refused.exitCode == 1)
    #expect(
      refused.errors
        == "Error: FOLDER/nvidia.pkl is told no classes: a judge learns from labelled pictures then, "
        + "and not from the generator's own\n")
    let nothing = try lethe.run("train", "classifier", "--output", "other")
    #expect(nothing.errors.contains("nothing to learn from"))
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
