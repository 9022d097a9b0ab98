import Checkpoints
import Datasets
import Foundation
import GANs
import TestSupport
import Testing
import Torch

@Suite struct ProjectTests {
  private let lethe: CommandRunner

  init() throws {
    lethe = try CommandRunner()
    try TinyModels.writeGAN(lethe.file("gan.pt"))
    try lethe.succeed(["generate", "--gan", "gan.pt", "--seeds", "1,2", "--output", "s/"])
  }

  @Test func `pictures are projected, and generate makes their projections again`() throws {
    let outcome = try lethe.succeed([
      "project", "--gan", "gan.pt", "s/seed0001.png", "s/seed0002.png", "--steps", "20",
      "--output", "out",
    ])
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 5)
    #expect(lines[0].hasPrefix("seed0001.png  error 0."))
    #expect(lines[3].hasPrefix("made smaller: mean squared difference of pixels; "))
    #expect(lines[4] == "2 pictures: out")
    #expect(
      try FileManager.default.subpathsOfDirectory(atPath: lethe.file("out").path).sorted() == [
        "grid.png", "pictures", "pictures/seed0001.png", "pictures/seed0002.png",
        "projection.json", "projection.safetensors",
      ])
    try lethe.succeed([
      "generate", "--gan", "gan.pt", "--latents", "out/projection.safetensors", "--output", "a/",
      "--tensors", "t.safetensors",
    ])
    let tensors = try SafetensorsFile.read(lethe.file("t.safetensors")).tensors
    #expect(tensors["w"]?.shape == [2, 4, 8])
    for (again, name) in [("000000", "seed0001"), ("000001", "seed0002")] {
      let (first, second) = (
        try Image.read(lethe.file("a/\(again).png")),
        try Image.read(lethe.file("out/pictures/\(name).png"))
      )
      #expect(zip(first.pixels, second.pixels).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
    }
    // The same seed gives the same again.
    try lethe.succeed([
      "project", "--gan", "gan.pt", "s/seed0001.png", "s/seed0002.png", "--steps", "20",
      "--output", "more",
    ])
    let same = try ["out", "more"].map {
      try SafetensorsFile.read(lethe.file("\($0)/projection.safetensors")).tensors["w"]
    }
    #expect(try #require(same[0]).hasSameBits(as: #require(same[1])))
  }

  @Test func `a picture of another size is said to be cropped and resized`() throws {
    try Image(
      width: 20, height: 10, channels: 1, pixels: [UInt8](repeating: 9, count: 200)
    ).writePNG(to: lethe.file("wide.png"))
    let outcome = try lethe.succeed([
      "project", "--gan", "gan.pt", "wide.png", "--steps", "1", "--output", "out", "--noise",
      "fixed",
    ])
    #expect(
      outcome.errors.contains(
        "note: FOLDER/wide.png is 20x10, cropped to 10x10 and resized to 8x8, as pictures of a data "
          + "set are\n"))
    #expect(
      try SafetensorsFile.read(lethe.file("out/projection.safetensors")).tensors.keys == ["w"])
  }

  @Test func `what cannot be projected is refused before work, and leaves nothing`() throws {
    try Data("x".utf8).write(to: lethe.file("x.png"))
    try FileManager.default.createDirectory(
      at: lethe.file("t"), withIntermediateDirectories: false)
    try FileManager.default.copyItem(
      at: lethe.file("s/seed0001.png"), to: lethe.file("t/seed0001.png"))
    let before = try lethe.contents
    for (arguments, message) in [
      (["no.png"], "FOLDER/no.png does not exist"),
      (["x.png"], "FOLDER/x.png is neither PNG nor JPEG"),
      (["s"], "FOLDER/s is a folder, expected pictures: name them, such as FOLDER/s/*.png"),
      (
        ["s/seed0001.png", "t/seed0001.png"],
        "FOLDER/s/seed0001.png and FOLDER/t/seed0001.png would both become seed0001.png: rename one "
          + "of them, or project one after the other"
      ),
      (
        ["s/seed0001.png", "--output", "s"],
        "s already exists, and lethe never overwrites anything: name another file or remove it"
      ),
    ] {
      let outcome = try lethe.run(
        ["project", "--output", "out", "--gan", "gan.pt"] + arguments)
      #expect(outcome.exitCode == 1 && outcome.output.isEmpty)
      #expect(outcome.errors.hasPrefix("Error: \(message)"), "\(outcome.errors)")
    }
    for (arguments, message) in [
      (["--steps", "0"], "--steps is 0, expected 1 to 100000"),
      (
        ["--lpips", "a.pth"],
        "--lpips has no meaning without --lpips-heads: it has a head for each layer"
      ),
    ] {
      let outcome = try lethe.run(
        ["project", "--gan", "gan.pt", "s/seed0001.png", "--output", "out"] + arguments)
      #expect(outcome.exitCode == 64)
      #expect(outcome.errors.hasPrefix("Error: \(message)\n"))
    }
    #expect(try lethe.contents == before)
  }

  @Test func `styles that the network cannot take are refused`() throws {
    let w = RandomGenerator(seed: 1).normal([2, 8])
    let maps = [Tensor.zeros([2, 1, 4, 4]), .zeros([1, 1, 8, 8])]
    let files: [(String, StateDict, String)] = [
      (
        "wide", ["w": .zeros([2, 9])],
        ": w is float32[2, 9], expected floating-point [N, 8], one style for all layers, or [N, 4, "
          + "8], one for each"
      ),
      (
        "layers", ["w": .zeros([2, 3, 8])],
        ": w is float32[2, 3, 8], expected floating-point [N, 8], one style for all layers, or [N, "
          + "4, 8], one for each"
      ),
      (
        "nan", ["w": .full(.nan, shape: [2, 8])],
        ": w has elements that are infinite or not a number"
      ),
      (
        "maps", ["w": w, "noise_0": maps[0], "noise_1": maps[1]],
        ": noise_2 is missing, expected floating-point [2 or 1, 1, 8, 8]: a file with styles has all "
          + "noise maps of the network or none"
      ),
      (
        "map", ["w": w, "noise_0": maps[1]],
        ": noise_0 is float32[1, 1, 8, 8], expected floating-point [2 or 1, 1, 4, 4]: a file with "
          + "styles has all noise maps of the network or none"
      ),
    ]
    for (name, tensors, message) in files {
      try SafetensorsFile(tensors: tensors).write(to: lethe.file("\(name).safetensors"))
      let outcome = try lethe.run(
        "generate", "--gan", "gan.pt", "--latents", "\(name).safetensors", "--output", "a.png")
      #expect(outcome.exitCode == 1)
      #expect(outcome.errors == "Error: FOLDER/\(name).safetensors\(message)\n")
    }
    // What --tensors wrote is taken again.
    try lethe.succeed(["generate", "--gan", "gan.pt", "--count", "4", "--tensors", "t.safetensors"])
    let again = try lethe.succeed([
      "generate", "--gan", "gan.pt", "--latents", "t.safetensors", "--tensors", "u.safetensors",
    ])
    #expect(again.errors == "note: t.safetensors: ignored image, logit\n")
    let images = try ["t", "u"].map {
      try SafetensorsFile.read(lethe.file("\($0).safetensors")).tensors["image"]
    }
    #expect(
      try #require(images[0]).largestDifference(from: #require(images[1])) < 1e-5)
  }

  @Test func `help is as written`() throws {
    #expect(try lethe.run("project", "--help").output == HelpTexts.project)
  }
}
