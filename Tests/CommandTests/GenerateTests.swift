import Checkpoints
import Foundation
import GANs
import StyleGAN2
import TestSupport
import Testing
import Torch

@Suite struct GenerateTests {
  private let lethe: CommandRunner
  private let model: GANModel

  init() throws {
    lethe = try CommandRunner()
    model = try TinyModels.writeGAN(lethe.file("gan.pt"))
  }

  private func write(_ name: String, _ tensors: StateDict, _ metadata: [String: String] = [:])
    throws
  {
    try SafetensorsFile(tensors: tensors, metadata: metadata).write(to: lethe.file(name))
  }

  private func latents(_ count: Int, seed: UInt64 = 3) -> Tensor {
    RandomGenerator(seed: seed).normal([count, 8])
  }

  @Test func `a seed gives the same grid again`() throws {
    for (file, seed) in [("a.png", "1"), ("b.png", "1"), ("c.png", "2")] {
      let outcome = try lethe.run(
        "generate", "--gan", "gan.pt", "--count", "5", "--seed", seed, "--output", file)
      #expect(outcome.exitCode == 0 && outcome.errors.isEmpty)
      #expect(outcome.output == "5 pictures: \(file)\n")
    }
    let files = try ["a.png", "b.png", "c.png"].map { try Data(contentsOf: lethe.file($0)) }
    #expect(files[0].starts(with: [0x89, 0x50, 0x4E, 0x47]))
    #expect(files[0] == files[1])
    #expect(files[0] != files[2])
  }

  @Test func `tensors are those of the networks`() throws {
    let z = latents(4)
    try write("in.safetensors", ["z": z])
    let outcome = try lethe.run(
      "generate", "--gan", "gan.pt", "--latents", "in.safetensors", "--tensors", "out.safetensors")
    #expect(outcome.exitCode == 0 && outcome.errors.isEmpty)
    let result = try SafetensorsFile.read(lethe.file("out.safetensors")).tensors
    let generator = model.generatorEMA
    let (w, pictures, logits) = withoutGradients {
      let pictures = generator(z, noise: .fixed)
      return (generator.styles(z), pictures, model.discriminator(pictures))
    }
    #expect(result.keys == ["w", "image", "logit"])
    #expect(try #require(result["w"]).largestDifference(from: w) < 1e-6)
    #expect(try #require(result["image"]).largestDifference(from: pictures) < 1e-5)
    #expect(try #require(result["logit"]).largestDifference(from: logits) < 1e-5)
  }

  @Test func `mixed pictures take the second style from the layer on`() throws {
    let (z, z2) = (latents(2), latents(2, seed: 4))
    try write("tensor.safetensors", ["z": z, "z2": z2, "inject": Tensor([Int64(3)], shape: [])])
    try write("words.safetensors", ["z": z, "z2": z2], ["inject": "3"])
    let generator = model.generatorEMA
    let expected = withoutGradients {
      generator.synthesise(
        generator.layered(generator.styles(z), mixedWith: generator.styles(z2), from: 3),
        noise: .fixed)
    }
    for name in ["tensor", "words"] {
      let outcome = try lethe.run(
        "generate", "--gan", "gan.pt", "--latents", "\(name).safetensors", "--tensors",
        "\(name)-out.safetensors")
      #expect(outcome.exitCode == 0, "\(outcome.errors)")
      let result = try SafetensorsFile.read(lethe.file("\(name)-out.safetensors")).tensors
      #expect(try #require(result["image"]).largestDifference(from: expected) < 1e-5)
    }
  }

  @Test func `truncation to nothing makes all styles the mean`() throws {
    let outcome = try lethe.run(
      "generate", "--gan", "gan.pt", "--count", "4", "--truncation", "0", "--tensors", "out")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let w = try #require(try SafetensorsFile.read(lethe.file("out")).tensors["w"])
    #expect(w.largestDifference(from: w.sliced(0..<1).expanded([4, 8])) < 1e-6)
  }

  @Test func `random noise depends on the seed`() throws {
    // A generator that has not been trained adds its noise with strength 0.
    _ = try TinyModels.writeNeighbour(of: model, to: lethe.file("noisy.pt"))
    try write("in.safetensors", ["z": latents(1)])
    var pictures: [Tensor] = []
    for (file, seed) in [("a", "1"), ("b", "1"), ("c", "2")] {
      _ = try lethe.run(
        "generate", "--gan", "noisy.pt", "--latents", "in.safetensors", "--noise", "random",
        "--seed",
        seed, "--tensors", file)
      pictures.append(
        try #require(try SafetensorsFile.read(lethe.file(file)).tensors["image"]))
    }
    #expect(pictures[0].hasSameBits(as: pictures[1]))
    #expect(pictures[0].largestDifference(from: pictures[2]) > 0)
  }

  @Test func `a count without groups of four has no logit, and says so`() throws {
    let outcome = try lethe.run(
      "generate", "--gan", "gan.pt", "--count", "7", "--tensors", "out.safetensors")
    #expect(outcome.exitCode == 0)
    #expect(
      outcome.errors
        == "note: no logit: minibatch statistics need at most 4 pictures or a multiple of 4, not 7\n"
    )
    #expect(
      try SafetensorsFile.read(lethe.file("out.safetensors")).tensors.keys == ["w", "image"])
  }

  @Test func `latents that the network cannot take are refused`() throws {
    let z = latents(2)
    let inject = Tensor([Int64(3)])
    try write("none.safetensors", ["x": z])
    try write("wide.safetensors", ["z": .zeros([2, 9])])
    try write("integers.safetensors", ["z": .zeros([2, 8], scalarType: .int64)])
    try write("nan.safetensors", ["z": .full(.nan, shape: [2, 8])])
    try write("alone.safetensors", ["z": z, "z2": z])
    try write("counts.safetensors", ["z": z, "z2": latents(3), "inject": inject])
    try write("zero.safetensors", ["z": z, "z2": z, "inject": Tensor([Int64(0)])])
    try write("six.safetensors", ["z": z, "z2": z, "inject": Tensor([Int64(6)])])
    try write("half.safetensors", ["z": z, "z2": z, "inject": Tensor([2.5])])
    let before = try lethe.contents
    for (name, message) in [
      ("none", " has no tensor z; expected latents z [N, latent size], found x"),
      (
        "wide",
        ": z is float32[2, 9], expected floating-point [N, 8], the network's latent size"
      ),
      (
        "integers",
        ": z is int64[2, 8], expected floating-point [N, 8], the network's latent size"
      ),
      ("nan", ": z has elements that are infinite or not a number"),
      (
        "alone",
        " has z2 but no inject; mixed pictures need z2 and inject, the first layer that takes z2's "
          + "style"
      ),
      ("counts", ": 2 latents z but 3 z2, expected as many"),
      ("zero", ": inject is 0, expected 1 to 3, a layer of the network"),
      ("six", ": inject is 6, expected 1 to 3, a layer of the network"),
      ("half", ": inject is float64[1], expected one integer"),
    ] {
      let outcome = try lethe.run(
        "generate", "--gan", "gan.pt", "--latents", "\(name).safetensors", "--tensors", "out")
      #expect(outcome.exitCode == 1 && outcome.output.isEmpty)
      #expect(outcome.errors == "Error: FOLDER/\(name).safetensors\(message)\n")
    }
    #expect(try lethe.contents == before)
  }

  @Test func `nothing is overwritten, and nothing is left where it cannot go`() throws {
    try Data("mine".utf8).write(to: lethe.file("mine.png"))
    let before = try lethe.contents
    for (option, path, message) in [
      (
        "--output", "mine.png",
        "mine.png already exists, and lethe never overwrites anything: name another file or remove it"
      ),
      (
        "--tensors", "mine.png",
        "mine.png already exists, and lethe never overwrites anything: name another file or remove it"
      ),
      (
        "--output", "no/grid.png",
        "cannot write no/grid.png: the folder FOLDER/no does not exist; name another file"
      ),
      (
        "--tensors", "gan.pt/out",
        "cannot write gan.pt/out: FOLDER/gan.pt is not a folder; name another file"
      ),
    ] {
      let outcome = try lethe.run("generate", "--gan", "gan.pt", option, path)
      #expect(outcome.exitCode == 1)
      #expect(outcome.errors == "Error: \(message)\n")
    }
    #expect(try lethe.contents == before)
    #expect(try Data(contentsOf: lethe.file("mine.png")) == Data("mine".utf8))
  }

  @Test func `options that contradict each other are refused`() throws {
    for (arguments, message) in [
      ([], "nothing to write: name a PNG with --output, or a file with --tensors"),
      (["--output", "a.png", "--count", "0"], "--count is 0, expected at least 1"),
      (["--output", "a.png", "--columns", "-1"], "--columns is -1, expected at least 1"),
      (
        ["--output", "a.png", "--count", "2", "--latents", "z"],
        "--count says how many latents to draw, but --latents brings them along"
      ),
    ] as [([String], String)] {
      let outcome = try lethe.run(["generate", "--gan", "gan.pt"] + arguments)
      #expect(outcome.exitCode == 64)
      #expect(outcome.errors.split(separator: "\n").first == "Error: \(message)")
    }
  }

  @Test func `help is as written`() throws {
    let outcome = try lethe.run("generate", "--help")
    #expect(outcome.exitCode == 0)
    #expect(outcome.output == HelpTexts.generate)
  }
}
