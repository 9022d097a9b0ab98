import Checkpoints
import Foundation
import GANs
import TestNetworks
import TestSupport
import Testing
import Torch

@Suite struct InspectTests {
  private let lethe: CommandRunner

  init() throws { lethe = try CommandRunner() }

  @Test func `a GAN is told with every tensor and its fate`() throws {
    let model = try TinyModels.writeGAN(lethe.file("gan.pt"))
    let outcome = try lethe.run("inspect", "gan.pt")
    #expect(outcome.exitCode == 0 && outcome.errors.isEmpty)
    let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(
      lines.prefix(5) == [
        "file          FOLDER/gan.pt", "format        safetensors",
        "content       GAN: 8x8, latent 8, depth 2, cap 4", "networks      g, g_ema, d",
        "pixel range   -1..1",
      ])
    #expect(
      lines[5].hasPrefix("g_optim       Adam after 0 steps, learning rate 0.0016, betas 0.0 "))
    let line = try #require(lines.first { $0.contains("g_ema.style.1.weight") })
    #expect(
      line.split(separator: " ", omittingEmptySubsequences: true)
        == ["g_ema.style.1.weight", "float32", "[8,", "8]", "generatorEMA:", "style.1.weight"])
    for name in model.generatorEMA.stateDict.keys {
      #expect(lines.contains { $0.contains(" g_ema.\(name) ") }, "\(name)")
    }
  }

  @Test func `U12 a run stands for what it made`() throws {
    try TinyData.writeIDX(lethe.file("data"))
    let model = try TinyModels.writeGAN(lethe.file("gan.pt"))
    func run(_ arguments: String...) throws -> CommandRunner.Outcome { try lethe.run(arguments) }
    func succeed(_ arguments: String...) throws -> String {
      let outcome = try lethe.run(arguments)
      #expect(outcome.exitCode == 0, "\(outcome.errors)")
      return outcome.output
    }
    _ = try succeed(
      "train", "classifier", "--data", "data", "--epochs", "1", "--batch", "8", "--output", "judge")
    _ = try succeed(
      "train", "gan", "--data", "data", "--gan", "gan.pt", "--iterations", "1", "--batch", "4",
      "--output", "trained")
    try TinyNetworks.judge(for: model.generatorEMA).write(to: lethe.file("judge.pth"))
    let adapt = [
      "adapt", "--gan", "gan.pt", "--judge", "judge.pth", "--forget", "one", "--iterations", "1",
      "--negatives", "4", "--batch", "4", "--fisher-samples", "4",
    ]
    for (count, name) in [("1", "one"), ("2", "two")] {
      #expect(try lethe.run(adapt + ["--models", count, "--output", name]).exitCode == 0)
    }
    #expect(
      try succeed("inspect", "judge").hasPrefix("file          FOLDER/judge/judge.safetensors\n"))
    let adapted = try succeed("inspect", "one")
    #expect(adapted.hasPrefix("file          FOLDER/one/snapshots/adapted1-000001.safetensors\n"))
    _ = try succeed("generate", "--gan", "one", "--count", "4", "--output", "one.png")
    #expect(
      try run("generate", "--gan", "two", "--count", "4", "--output", "two.png").errors
        == "Error: FOLDER/two holds 2 GANs: name one of them, "
        + "FOLDER/two/snapshots/adapted1-000001.safetensors, "
        + "FOLDER/two/snapshots/adapted2-000001.safetensors\n")
    for command in [
      ["judge", "--judge", "trained", "--data", "data"],
      ["adapt", "--gan", "gan.pt", "--judge", "trained", "--forget", "one", "--output", "new"],
    ] {
      #expect(
        try lethe.run(command).errors
          == "Error: FOLDER/trained is a run without a judge: expected a run that trained a classifier to "
          + "its end, or a file\n")
    }
    #expect(
      try run("generate", "--gan", "judge", "--output", "a.png").errors
        == "Error: FOLDER/judge is a run without a GAN: expected a run that trained or unlearned one, with "
        + "a snapshot\n")
  }

  @Test func `JSON has the same findings`() throws {
    try TinyModels.writeGAN(lethe.file("gan.pt"), range: .zeroToOne)
    let outcome = try lethe.run("inspect", "gan.pt", "--json")
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(json["kind"] as? String == "gan")
    #expect(json["pixel_range"] as? String == "0..1")
    #expect(json["networks"] as? [String] == ["g", "g_ema", "d"])
    let configuration = try #require(json["configuration"] as? [String: Int])
    #expect(
      configuration == [
        "size": 8, "latent_size": 8, "mapping_depth": 2, "channel_multiplier": 2, "channel_cap": 4,
      ])
    let tensors = try #require(json["tensors"] as? [[String: Any]])
    let header = try SafetensorsHeader.read(lethe.file("gan.pt"))
    #expect(tensors.compactMap { $0["key"] as? String } == header.entries.map(\.name))
    #expect(tensors.allSatisfy { $0["skipped"] as? Bool == false })
  }

  @Test func `a judge is told with the classes it knows`() throws {
    let model = try TinyModels.writeGAN(lethe.file("gan.pt"))
    try TinyNetworks.judge(for: model.generatorEMA).write(to: lethe.file("judge.safetensors"))
    let outcome = try lethe.run("inspect", "judge.safetensors")
    #expect(outcome.exitCode == 0)
    #expect(outcome.output.contains("content       judge: LeNet5 that knows zero, one, two\n"))
    #expect(outcome.output.contains("classifier: convnet.c1.weight"))
  }

  @Test func `a file of other tensors is listed all the same`() throws {
    try SafetensorsFile(tensors: ["x": Tensor([Float(1), 2])], metadata: ["by": "me"])
      .write(to: lethe.file("x.safetensors"))
    let outcome = try lethe.run("inspect", "x.safetensors")
    #expect(outcome.exitCode == 0)
    #expect(
      outcome.output == """
        file          FOLDER/x.safetensors
        format        safetensors
        content       no GAN and no judge that lethe knows
                      no GAN: no generator among the tensors
                      no judge: its tensors are x; expected \(knownNetworks)

        1 tensors, 2 elements
          x  float32  [2]  skipped, unknown: no part of a GAN or a judge

        1 values
          by  me

        """)
  }

  @Test func `G04 the commands that a file is good for are told`() throws {
    try TinyModels.writeGAN(lethe.file("gan.safetensors"))
    var file = try SafetensorsFile.read(lethe.file("gan.safetensors"))
    func facts() throws -> String {
      try file.write(to: lethe.file("gan.safetensors"))
      return try lethe.run("inspect", "gan.safetensors").output
    }
    #expect(
      try facts().contains(
        "\ngood for      generate, evaluate, extrapolate, adapt, unlearn, train gan, export\n"))
    file.tensors["d.final_linear.1.bias"] = Tensor([Float.infinity])
    let reason =
      "FOLDER/gan.safetensors: the tensor d.final_linear.1.bias holds a value that is infinite or "
      + "not a number; the training that made this file has diverged, take an earlier one"
    let text = try facts()
    #expect(text.contains("\ngood for      generate, evaluate, extrapolate\n"))
    #expect(text.contains("\nnot for       adapt, unlearn, train gan: \(reason)\n"))
    #expect(text.contains("\nnot for       export: \(reason)\n"))
    let json = try #require(
      try JSONSerialization.jsonObject(
        with: Data(lethe.run("inspect", "gan.safetensors", "--json").output.utf8))
        as? [String: Any])
    #expect(json["good_for"] as? [String] == ["generating"])
    #expect(
      json["obstacles"] as? [String: String] == ["training": reason, "exporting": reason])
    #expect(json["notes"] as? [String] == [])
    let outcome = try lethe.run("export", "--gan", "gan.safetensors", "--output", "e.safetensors")
    #expect(outcome.exitCode == 1 && outcome.errors == "Error: \(reason)\n")
    #expect(try lethe.contents == ["gan.safetensors"])
  }

  @Test func `F15 an archive that was unpacked is told, and how to pack it`() throws {
    for name in ["download/gan/data.pkl", "download/gan/data/0", "download/gan/version"] {
      let file = lethe.file(name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data([1]).write(to: file)
    }
    for arguments in [
      ["inspect", "download/gan"], ["inspect", "download"],
      ["generate", "--gan", "download", "--output", "a.png"],
      ["judge", "--judge", "download/gan", "--data", "download"],
    ] {
      let outcome = try lethe.run(arguments)
      #expect(outcome.exitCode == 1)
      let place = arguments.contains("download/gan") ? "download/gan" : "download"
      #expect(
        outcome.errors == "Error: FOLDER/\(place): a file of torch.save that was unpacked into a "
          + "folder; pack it again (go to the folder that holds gan, and run `zip -0r gan.pt gan`), "
          + "or fetch the file anew\n")
    }
  }

  @Test func `R12 a folder where a snapshot belongs is said to be one`() throws {
    for name in ["run/snapshots/snapshot-000001.safetensors", "judge/judge.safetensors"] {
      try FileManager.default.createDirectory(
        at: lethe.file(name), withIntermediateDirectories: true)
    }
    for run in ["run", "judge"] {
      try Data("{}".utf8).write(to: lethe.file("\(run)/options.json"))
    }
    let gan = try lethe.run("inspect", "run")
    #expect(
      gan.errors == "Error: FOLDER/run/snapshots/snapshot-000001.safetensors: a folder, where a "
        + "file was expected\n")
    let judge = try lethe.run("judge", "--judge", "judge", "--data", "run")
    #expect(
      judge.errors == "Error: FOLDER/judge/judge.safetensors: a folder, where a file was expected\n"
    )
  }

  @Test func `F20 an export is not named as another format`() throws {
    try TinyModels.writeGAN(lethe.file("gan.safetensors"))
    for (name, fitting) in [
      ("e.pt", "e"), ("e.PTH", "e"), ("e.pkl", "e"), ("e", "e"), ("model.v2", "model.v2"),
    ] {
      let outcome = try lethe.run("export", "--gan", "gan.safetensors", "--output", name)
      #expect(outcome.exitCode == 1)
      #expect(
        outcome.errors
          == "Error: \(name): a GAN is written as safetensors; name \(fitting).safetensors\n")
    }
    for name in ["e.safetensors", "/dev/null"] {
      #expect(
        try lethe.run("export", "--gan", "gan.safetensors", "--output", name).exitCode == 0)
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `R06 a hundred thousand values are told in no time`() throws {
    // Quadratic look-ups took 40 seconds and more.
    let values = (0..<100_000).map { (TorchValue.text("k\($0)"), TorchValue.bool(true)) }
    try TorchArchive.bytes(.dictionary(values)).write(to: lethe.file("many.pt"))
    let words = Dictionary(uniqueKeysWithValues: (0..<100_000).map { ("k\($0)", "v") })
    try SafetensorsFile(tensors: [:], metadata: words).write(to: lethe.file("many.safetensors"))
    for name in ["many.pt", "many.safetensors"] {
      let outcome = try lethe.run("inspect", name, "--json")
      #expect(outcome.exitCode == 0)
      #expect(outcome.output.contains("\"k99999\": "))
    }
  }

  @Test func `what is no checkpoint is refused`() throws {
    try Data("hello, this is a text\n".utf8).write(to: lethe.file("text.pt"))
    try Data().write(to: lethe.file("empty.pt"))
    try TinyModels.writeGAN(lethe.file("gan.pt"))
    let whole = try Data(contentsOf: lethe.file("gan.pt"))
    try whole.dropLast(100).write(to: lethe.file("cut.pt"))
    for (file, message) in [
      (
        "text.pt",
        "FOLDER/text.pt: not a checkpoint but a text file; expected safetensors, what torch.save "
          + "writes, or NVIDIA's .pkl"
      ),
      ("empty.pt", "FOLDER/empty.pt: the file is empty; fetch or write it again"),
      ("missing.pt", "FOLDER/missing.pt: no such file"),
    ] {
      let outcome = try lethe.run("inspect", file)
      #expect(outcome.exitCode == 1 && outcome.output.isEmpty)
      #expect(outcome.errors == "Error: \(message)\n")
    }
    let outcome = try lethe.run("inspect", "cut.pt")
    #expect(outcome.exitCode == 1 && outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("Error: FOLDER/cut.pt: the file ends inside "))
    #expect(outcome.errors.hasSuffix(": it was cut off; fetch or write it again\n"))
  }

  @Test func `help is as written`() throws {
    let outcome = try lethe.run("inspect", "--help")
    #expect(outcome.exitCode == 0)
    #expect(outcome.output == HelpTexts.inspect)
  }
}
