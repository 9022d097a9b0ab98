import Checkpoints
import Datasets
import Foundation
import GANs
import Testing
import Torch

@Suite struct GridTests {
  private let lethe: CommandRunner

  init() throws {
    lethe = try CommandRunner()
    let model = try TinyModels.writeGAN(lethe.file("gan.pt"))
    _ = try TinyModels.writeNeighbour(of: model, to: lethe.file("adapted.pt"))
  }

  @Test func `each kind of grid says what its rows and columns are`() throws {
    try lethe.succeed(["directions", "--gan", "gan.pt", "--output", "d.safetensors"])
    for (name, arguments, content) in [
      (
        "a.png",
        ["interpolation", "--adapted", "adapted.pt", "--gamma", "0,0.5,2", "--seeds", "1-4"],
        "4 x 3 pictures: a.png (columns: gamma 0, 0.5, 2; rows: one for each seed)"
      ),
      (
        "b.png", ["interpolation", "--unlearned", "adapted.pt", "--seeds", "1"],
        "1 x 5 pictures: b.png (columns: gamma 1, 0.75, 0.5, 0.25, 0; rows: one for each seed)"
      ),
      (
        "c.png", ["mixing", "--coarse", "0-1", "--fine", "5-7", "--truncation", "0.7"],
        "3 x 4 pictures: c.png (rows: styles of layers 0 to 1; columns: of layers 2 and up)"
      ),
      (
        "d.png", ["walk", "--seeds", "0-2", "--steps", "4", "--space", "z"],
        "2 x 4 pictures: d.png (rows: from each seed to the next one, in z)"
      ),
      (
        "e.png", ["directions", "--directions", "d.safetensors", "--apply", "0-1", "--count", "3"],
        "8 x 3 pictures: e.png (columns: steps -5, 0, 5; rows: one for each seed, direction after "
          + "direction)"
      ),
      (
        "f/", ["directions", "--directions", "d.safetensors", "--apply", "1,0", "--seeds", "3"],
        "2 grids of 1 x 7 pictures: f/ (columns: steps -5, -3.33, -1.67, 0, 1.67, 3.33, 5; rows: one "
          + "for each seed, direction after direction)"
      ),
      (
        "g.png", ["walk", "--frames", "3", "--frames-per-second", "10"],
        "3 frames, 10 per second: g.png (through all seeds and back to the first, in w)"
      ),
    ] {
      let outcome = try lethe.succeed(
        ["grid", arguments[0], "--gan", "gan.pt", "--output", name] + arguments.dropFirst())
      #expect(outcome.output == content + "\n")
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: lethe.file("f").path).sorted()
        == ["direction-0.png", "direction-1.png"])
    #expect(try Image.read(lethe.file("a.png")).width == 32)
  }

  @Test func `directions are written with their singular values and layers`() throws {
    let outcome = try lethe.succeed([
      "directions", "--gan", "gan.pt", "--layers", "0,1", "--output", "d.safetensors",
    ])
    #expect(outcome.output.hasPrefix("singular values: "))
    #expect(outcome.output.hasSuffix("8 directions: d.safetensors\n"))
    let file = try SafetensorsFile.read(lethe.file("d.safetensors"))
    #expect(file.tensors["directions"]?.shape == [8, 8])
    #expect(file.tensors["layers"]?.array(of: Int64.self) == [0, 1])
    #expect(file.metadata["lethe.directions"]?.contains("\"closed-form factorisation\"") == true)
  }

  @Test func `grids that make no sense are refused, and leave nothing`() throws {
    try SafetensorsFile(tensors: ["x": .zeros([2])]).write(to: lethe.file("x.safetensors"))
    try SafetensorsFile(tensors: ["directions": .zeros([2, 9])])
      .write(to: lethe.file("wide.safetensors"))
    try TinyModels.writeGAN(lethe.file("large.pt"), size: 16)
    let before = try lethe.contents
    let file = ["--directions", "x.safetensors"]
    for (code, arguments, message) in [
      (
        64, ["interpolation"],
        "there is no other generator: name adapted models with --adapted, or one with --unlearned"
      ),
      (
        64, ["interpolation", "--unlearned", "a", "--adapted", "b"],
        "--unlearned has no meaning with --adapted: one line leads to one of them, or to the mean of "
          + "the adapted models"
      ),
      (
        64, ["interpolation", "--adapted", "adapted.pt", "--gamma", "0,x"],
        "--gamma has 'x', expected numbers separated by commas"
      ),
      (
        1, ["interpolation", "--unlearned", "large.pt"],
        "FOLDER/large.pt is a network of "
      ),
      (64, ["walk", "--frames", "1"], "--frames is 1, expected 2 to 10000"),
      (
        64, ["walk", "--frames-per-second", "9"],
        "--frames-per-second has no meaning without --frames: a still grid has no frames"
      ),
      (64, ["walk", "--steps", "1"], "--steps is 1, expected at least 2: both ends"),
      (
        1, ["walk", "--seeds", "1"],
        "a walk goes from one picture to another: name two seeds or more, such as 0-3"
      ),
      (
        1, ["walk", "--steps", "1000000000"],
        "3 rows of 1000000000 pictures of 8x8 are too many for one picture: expected at most 67108864 "
          + "pixels"
      ),
      (
        1, ["mixing", "--coarse", "1", "--fine", "2", "--crossover", "9"],
        "FOLDER/gan.pt cannot change styles at layer 9: expected 1 to 3, the first layer that takes "
          + "the columns' styles (--crossover)"
      ),
      (
        64, ["mixing", "--coarse", "1-", "--fine", "2"],
        "--coarse has '1-', expected seeds and ranges of them such as 0-15,20"
      ),
      (
        1, ["directions"] + file,
        "FOLDER/x.safetensors has no tensor directions or eigvec; expected a file of 'lethe "
          + "directions', found x"
      ),
      (
        1, ["directions", "--directions", "wide.safetensors"],
        "FOLDER/wide.safetensors: the directions are float32[2, 9], expected floating-point vectors "
          + "of 8 numbers, the network's latent size"
      ),
      (
        64, ["directions", "--apply", "0,0"] + file,
        "--apply names a direction twice, and the result would be the same"
      ),
      (
        1, ["walk", "--output", "out.gif"], "out.gif: a grid is a PNG; name out.png"
      ),
    ] {
      let outcome = try lethe.run(
        ["grid", arguments[0], "--gan", "gan.pt", "--output", "out.png"] + arguments.dropFirst())
      #expect(outcome.exitCode == code && outcome.output.isEmpty, "\(arguments)")
      #expect(outcome.errors.hasPrefix("Error: \(message)"), "\(outcome.errors)")
    }
    let layers = try lethe.run(
      "directions", "--gan", "gan.pt", "--layers", "9", "--output", "d.safetensors")
    #expect(
      layers.errors
        == "Error: FOLDER/gan.pt has no layer 9: expected 0 to 3, for its pictures take 4 "
        + "styles (--layers)\n")
    #expect(try lethe.contents == before)
  }

  @Test func `help is as written`() throws {
    #expect(try lethe.run("directions", "--help").output == HelpTexts.directions)
    #expect(
      try lethe.run("grid", "interpolation", "--help").output == HelpTexts.gridInterpolation)
  }
}
