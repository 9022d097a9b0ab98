import Checkpoints
import Datasets
import Foundation
import GANs
import Judging
import StyleGAN2
import TestNetworks
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

  @Test func `a filter draws further latents, in order, and says how many passed`() throws {
    let judge = TinyNetworks.judge(for: model.generatorEMA)
    try judge.write(to: lethe.file("judge.pth"))
    let name = judge.labels.names[0]
    let outcome = try lethe.run(
      "generate", "--gan", "gan.pt", "--count", "152", "--seed", "2", "--filter", "judge.pth",
      "--without", name, "--tensors", "out.safetensors")
    #expect(outcome.exitCode == 0 && outcome.output == "152 pictures: out.safetensors\n")
    let result = try SafetensorsFile.read(lethe.file("out.safetensors")).tensors
    let images = try #require(result["image"])
    #expect(judge.judge(images, in: .minusOneToOne).shows(.class(name)).allSatisfy { !$0 })
    // The same by hand: the first of all pictures that pass.
    let random = RandomGenerator(seed: 2).split("generate: latents")
    let z = Tensor.concatenated((0..<8).map { _ in random.normal([64, 8]) })
    let all = withoutGradients { model.generatorEMA(z, noise: .fixed) }
    let shows = judge.judge(all, in: .minusOneToOne).shows(.class(name))
    let passing = shows.indices.filter { !shows[$0] }
    try #require(passing.count >= 152 && passing[151] > 152)
    #expect(images.largestDifference(from: all.gathered(Array(passing.prefix(152)))) < 1e-4)
    let drawn = (passing[151] / 64 + 1) * 64
    #expect(
      outcome.errors.hasSuffix(
        "note: the filter let \(passing.count { $0 < drawn }) of \(drawn) pictures through; the generator "
          + "itself is as it was\n"))
  }

  @Test func `a filter that lets nothing through is refused, and leaves no file`() throws {
    let judge = TinyNetworks.judge(for: model.generatorEMA)
    try judge.write(to: lethe.file("judge.pth"))
    let outcome = try lethe.run(
      "generate", "--gan", "gan.pt", "--count", "4", "--filter", "judge.pth", "--without",
      judge.labels.names.joined(separator: ","), "--output", "a.png")
    #expect(outcome.exitCode == 1)
    #expect(outcome.errors.contains("\nError: the filter let 0 of 6400 pictures through, and saw "))
    #expect(!FileManager.default.fileExists(atPath: lethe.file("a.png").path))
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
      "generate", "--gan", "gan.pt", "--count", "4", "--truncation", "0", "--tensors",
      "out.safetensors")
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    let w = try #require(try SafetensorsFile.read(lethe.file("out.safetensors")).tensors["w"])
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
        seed, "--tensors", "\(file).safetensors")
      pictures.append(
        try #require(
          try SafetensorsFile.read(lethe.file("\(file).safetensors")).tensors["image"]))
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
      ("none", " has no tensor z or w; expected latents z [N, latent size] or styles w, found x"),
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
        "generate", "--gan", "gan.pt", "--latents", "\(name).safetensors", "--tensors",
        "out.safetensors")
      #expect(outcome.exitCode == 1 && outcome.output.isEmpty)
      #expect(outcome.errors == "Error: FOLDER/\(name).safetensors\(message)\n")
    }
    #expect(try lethe.contents == before)
  }

  @Test func `nothing is overwritten, and nothing is left where it cannot go`() throws {
    for name in ["mine.png", "mine.safetensors"] {
      try Data("mine".utf8).write(to: lethe.file(name))
    }
    let before = try lethe.contents
    for (option, path, message) in [
      (
        "--output", "mine.png",
        "mine.png already exists, and lethe never overwrites anything: name another file or remove it"
      ),
      (
        "--tensors", "mine.safetensors",
        "mine.safetensors already exists, and lethe never overwrites anything: name another file or "
          + "remove it"
      ),
      (
        "--output", "no/grid.png",
        "cannot write no/grid.png: the folder FOLDER/no does not exist; name another file"
      ),
      (
        "--tensors", "gan.pt/out.safetensors",
        "cannot write gan.pt/out.safetensors: FOLDER/gan.pt is not a folder; name another file"
      ),
    ] {
      let outcome = try lethe.run("generate", "--gan", "gan.pt", option, path)
      #expect(outcome.exitCode == 1)
      #expect(outcome.errors == "Error: \(message)\n")
    }
    #expect(try lethe.contents == before)
    #expect(try Data(contentsOf: lethe.file("mine.png")) == Data("mine".utf8))
  }

  // MARK: - What a name promises

  @Test(arguments: [
    (
      "--output", "out.jpg",
      "out.jpg: a grid is a PNG, and single pictures go into a folder such as pictures/; name out.png"
    ),
    (
      "--output", "out",
      "out: a grid is a PNG, and single pictures go into a folder such as pictures/; name out.png"
    ),
    (
      "--output", "run.v1",
      "run.v1: a grid is a PNG, and single pictures go into a folder such as pictures/; name "
        + "run.v1.png"
    ),
    ("--tensors", "out.pt", "out.pt: tensors are written as safetensors; name out.safetensors"),
    ("--tensors", "out.png", "out.png: tensors are written as safetensors; name out.safetensors"),
    (
      "--output", "gan.pt/",
      "cannot write gan.pt/: FOLDER/gan.pt is not a folder; name another file"
    ),
    (
      "--output", "no/out/",
      "cannot write no/out/: the folder FOLDER/no does not exist; name another file"
    ),
  ])
  func `F20 an ending that means another format is refused with the name that fits`(
    option: String, path: String, message: String
  ) throws {
    let before = try lethe.contents
    let outcome = try lethe.run("generate", "--gan", "gan.pt", option, path)
    #expect(outcome.exitCode == 1 && outcome.output.isEmpty)
    #expect(outcome.errors == "Error: \(message)\n")
    #expect(try lethe.contents == before)
  }

  @Test func `F20 a folder takes one file for each picture, and never replaces one`() throws {
    let made = try lethe.run("generate", "--gan", "gan.pt", "--count", "3", "--output", "out/")
    #expect(made.exitCode == 0 && made.errors.isEmpty)
    #expect(made.output == "3 pictures: out/\n")
    let names = ["000000.png", "000001.png", "000002.png"]
    #expect(try pictures("out") == names)
    let tensors = try images(["--count", "3"])
    for (index, name) in names.enumerated() {
      let picture = try Image.read(lethe.file("out/\(name)"))
      #expect(picture == Image(tensors.sliced(index..<index + 1), range: .minusOneToOne))
    }
    // The folder is there: no slash is needed, and what is in it stays.
    let again = try lethe.run(
      "generate", "--gan", "gan.pt", "--count", "4", "--seed", "2", "--output", "out")
    #expect(again.exitCode == 1 && again.output.isEmpty)
    #expect(
      again.errors == "Error: FOLDER/out/000000.png already exists, and lethe never overwrites "
        + "anything: name another folder or remove it\n")
    #expect(try pictures("out") == names)
    let beside = try lethe.run("generate", "--gan", "gan.pt", "--seeds", "5", "--output", "out")
    #expect(beside.exitCode == 0)
    #expect(try pictures("out") == names + ["seed0005.png"])
    let columns = try lethe.run(
      "generate", "--gan", "gan.pt", "--seeds", "6", "--columns", "2", "--output", "out")
    #expect(
      columns.errors
        == "Error: --columns has no meaning here: out is a folder, and only a grid has columns\n")
  }

  // MARK: - Seeds and counts

  /// The names of the pictures in a folder.
  private func pictures(_ folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: lethe.file(folder).path).sorted()
  }

  /// The pictures that a command makes, as tensors.
  private func images(_ arguments: [String], gan: String = "gan.pt") throws -> Tensor {
    let file = lethe.file("\(UUID().uuidString).safetensors")
    let outcome = try lethe.run(
      ["generate", "--gan", gan, "--tensors", file.path] + arguments)
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
    return try #require(try SafetensorsFile.read(file).tensors["image"])
  }

  @Test func `X04 a seed makes the same picture whatever the other seeds are`() throws {
    _ = try TinyModels.writeNeighbour(of: model, to: lethe.file("noisy.pt"))
    for more in [[], ["--noise", "random"], ["--truncation", "0.5"]] {
      let many = try images(["--seeds", "0-15,20"] + more, gan: "noisy.pt")
      let few = try images(["--seeds", "20,3"] + more, gan: "noisy.pt")
      #expect(many.shape[0] == 17 && few.shape[0] == 2)
      #expect(many.sliced(16..<17).hasSameBits(as: few.sliced(0..<1)))
      #expect(many.sliced(3..<4).hasSameBits(as: few.sliced(1..<2)))
      #expect(many.sliced(0..<1).largestDifference(from: many.sliced(1..<2)) > 0)
    }
    // One seed is the first picture of that seed.
    let alone = try images(["--seed", "3", "--count", "1"], gan: "noisy.pt")
    #expect(try images(["--seeds", "3"], gan: "noisy.pt").hasSameBits(as: alone))
  }

  @Test func `X04 pictures of seeds are files with the seeds' names`() throws {
    let outcome = try lethe.run(
      "generate", "--gan", "gan.pt", "--seeds", "9-11,12345", "--output", "s/")
    #expect(outcome.exitCode == 0)
    #expect(
      try pictures("s") == ["seed0009.png", "seed0010.png", "seed0011.png", "seed12345.png"])
  }

  @Test(arguments: [
    ("3-1", "--seeds has '3-1', expected seeds and ranges of them such as 0-15,20"),
    ("1,,2", "--seeds has '', expected seeds and ranges of them such as 0-15,20"),
    ("a", "--seeds has 'a', expected seeds and ranges of them such as 0-15,20"),
    ("1-2-3", "--seeds has '1-2-3', expected seeds and ranges of them such as 0-15,20"),
    ("0-5,3", "--seeds names a seed twice, and its picture would be the same"),
    ("0-18446744073709551615", "--seeds names more than 1000000 seeds: take fewer at a time"),
    ("1-999999,2000000-2000001", "--seeds names more than 1000000 seeds: take fewer at a time"),
  ])
  func `X04 seeds that make no sense are refused`(seeds: String, message: String) throws {
    let outcome = try lethe.run(
      "generate", "--gan", "gan.pt", "--seeds", seeds, "--output", "out/")
    #expect(outcome.exitCode == 64 && outcome.output.isEmpty)
    #expect(outcome.errors.split(separator: "\n").first == "Error: \(message)")
  }

  @Test func `R03 a count that no grid and no file of tensors can hold is refused before work`()
    throws
  {
    let before = try lethe.contents
    for (option, path, place) in [
      ("--output", "a.png", "one grid"), ("--tensors", "a.safetensors", "one file of tensors"),
    ] {
      for count in ["1000000000", "\(Int.max)"] {
        let outcome = try lethe.run("generate", "--gan", "gan.pt", "--count", count, option, path)
        #expect(outcome.exitCode == 1 && outcome.output.isEmpty)
        let sides = place == "one grid" ? ", and 1000000 in a row or a column" : ""
        #expect(
          outcome.errors
            == "Error: \(count) pictures of 8x8 are too many for \(place), which memory must hold: "
            + "expected at most 67108864 pixels\(sides); make fewer at a time, or a file for each "
            + "picture, in a folder (--count, --output FOLDER/)\n")
      }
    }
    // One column is a grid of a side that no reader takes.
    let tall = try lethe.run(
      "generate", "--gan", "gan.pt", "--count", "200000", "--columns", "1", "--output", "a.png")
    #expect(tall.errors.hasPrefix("Error: 200000 pictures of 8x8 are too many for one grid"))
    let wide = try lethe.run(
      "generate", "--gan", "gan.pt", "--count", "4", "--columns", "\(Int.max)", "--output", "w.png")
    #expect(wide.exitCode == 0)
    #expect(try lethe.contents == (before + ["w.png"]).sorted())
  }

  @Test func `R03 pictures into a folder are made a few at a time`() throws {
    // They are on disk long before the last one is made.
    let outcome = try lethe.run(
      ["generate", "--gan", "gan.pt", "--count", "1000000000", "--output", "out/"],
      interruptedOnce: { ((try? self.pictures("out")) ?? []).count > 70 })
    #expect(outcome.exitCode != 0)
    let names = try pictures("out").filter { !$0.hasPrefix(".") }
    #expect(names.count > 64)
    #expect(names.first == "000000.png")
    for name in names { _ = try Image.read(lethe.file("out/\(name)")) }
  }

  @Test func `R03 batches of one seed are the draw of the whole`() throws {
    let z = RandomGenerator(seed: 4).split("generate: latents").normal([150, 8])
    try write("z.safetensors", ["z": z])
    let drawn = try images(["--count", "150", "--seed", "4"])
    #expect(drawn.hasSameBits(as: try images(["--latents", "z.safetensors"])))
  }

  // MARK: - Streams

  @Test func `U18 a pipe takes the picture, and nothing else`() throws {
    let outcome = try lethe.run("generate", "--gan", "gan.pt", "--count", "5", "--output", "a.png")
    #expect(outcome.exitCode == 0)
    for target in ["/dev/stdout", "/dev/fd/1"] {
      let piped = try lethe.run(
        ["generate", "--gan", "gan.pt", "--count", "5", "--output", target],
        by: #""$0" "$@" | cat > piped"#)
      #expect(piped.errors == "5 pictures: \(target)\n")
      #expect(
        try Data(contentsOf: lethe.file("piped")) == Data(contentsOf: lethe.file("a.png")))
    }
  }

  @Test func `U18 a FIFO stays one, and its reader gets the bytes`() throws {
    #expect(mkfifo(lethe.file("fifo").path, 0o600) == 0)
    let outcome = try lethe.run(
      ["generate", "--gan", "gan.pt", "--count", "4", "--tensors", "fifo"],
      by: #"cat fifo > read & "$0" "$@"; wait"#)
    #expect(outcome.exitCode == 0 && outcome.output == "4 pictures: fifo\n")
    #expect(try SafetensorsFile.read(lethe.file("read")).tensors["image"]?.shape[0] == 4)
    var status = stat()
    #expect(stat(lethe.file("fifo").path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
    #expect(try lethe.contents.filter { $0.contains("partial") }.isEmpty)
  }

  @Test func `U18 what a shell appends to is appended to`() throws {
    try Data("mine".utf8).write(to: lethe.file("log"))
    let outcome = try lethe.run(
      ["generate", "--gan", "gan.pt", "--count", "1", "--output", "/dev/stdout"],
      by: #""$0" "$@" >> log"#)
    #expect(outcome.exitCode == 0)
    let bytes = try Data(contentsOf: lethe.file("log"))
    #expect(bytes.starts(with: Data("mine".utf8)))
    #expect(try Image.decode(Data(bytes.dropFirst(4))).width == 12)
  }

  @Test func `options that contradict each other are refused`() throws {
    for (arguments, message) in [
      ([], "nothing to write: name a PNG or a folder with --output, or a file with --tensors"),
      (
        ["--output", "/dev/null", "--tensors", "/dev/null"],
        "--output and --tensors name the same file, /dev/null"
      ),
      (["--output", "a.png", "--count", "0"], "--count is 0, expected at least 1"),
      (["--output", "a.png", "--columns", "-1"], "--columns is -1, expected at least 1"),
      (
        ["--output", "a.png", "--count", "2", "--latents", "z"],
        "--count has no meaning with --latents: the file says how many there are"
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
