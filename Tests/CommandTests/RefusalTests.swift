import Checkpoints
import Foundation
import GANs
import StyleGAN2
import TestNetworks
import Testing
import Torch

/// What cannot be done is refused in whole sentences, with a code that is not 0, and leaves no trace.
@Suite struct RefusalTests {
  private let lethe: CommandRunner

  init() throws {
    lethe = try CommandRunner()
    let model = try TinyModels.writeGAN(lethe.file("gan.pt"))
    _ = try TinyModels.writeNeighbour(of: model, to: lethe.file("adapted.pt"))
    try TinyModels.writeGAN(lethe.file("large.pt"), seed: 2, size: 16)
    try TinyNetworks.judge(for: model.generatorEMA).write(to: lethe.file("judge.pth"))
    try TinyModels.writeStubbornJudge(lethe.file("stubborn.pth"))
    try Data("hello, this is a text\n".utf8).write(to: lethe.file("text.pt"))
    try Data().write(to: lethe.file("empty.pt"))
    try Data(contentsOf: lethe.file("gan.pt")).dropLast(2).write(to: lethe.file("cut.pt"))
    try SafetensorsFile(tensors: model.generatorEMA.stateDict).write(to: lethe.file("bare.pt"))
    try FileManager.default.createDirectory(
      at: lethe.file("folder"), withIntermediateDirectories: true)
  }

  /// Fails unless the command ends as said, and the folder is as it was.
  private func expect(
    _ arguments: [String], code: Int32 = 1, _ message: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try lethe.contents
    let outcome = try lethe.run(arguments, sourceLocation: sourceLocation)
    #expect(outcome.exitCode == code, sourceLocation: sourceLocation)
    #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
    // Progress may have been shown before; a usage line follows wrong arguments.
    let lines = outcome.errors.split(separator: "\n")
    let error = lines.filter { !$0.contains(" elapsed") }
    #expect(
      (code == 64 ? error.first : error.last) ?? "" == "Error: \(message)",
      sourceLocation: sourceLocation)
    if code != 64 { #expect(error.count == 1, sourceLocation: sourceLocation) }
    #expect(try lethe.contents == before, sourceLocation: sourceLocation)
  }

  private func adapt(
    gan: String = "gan.pt", judge: String = "judge.pth", forget: String = "one", _ more: String...
  ) -> [String] {
    [
      "adapt", "--gan", gan, "--judge", judge, "--forget", forget, "--iterations", "1", "--models",
      "1", "--negatives", "4", "--batch", "4", "--output", "out",
    ] + more
  }

  private func unlearn(_ more: String..., gan: String = "gan.pt", judge: String = "judge.pth")
    -> [String]
  {
    [
      "unlearn", "--gan", gan, "--judge", judge, "--forget", "one", "--iterations", "1", "--batch",
      "4", "--feedback-samples", "8", "--samples", "8", "--output", "out",
    ] + more
  }

  // MARK: - Files

  @Test(arguments: [
    ("missing.pt", "FOLDER/missing.pt: no such file"),
    ("empty.pt", "FOLDER/empty.pt: the file is empty; fetch or write it again"),
    (
      "text.pt",
      "FOLDER/text.pt: not a checkpoint but a text file; expected safetensors, what torch.save "
        + "writes, or NVIDIA's .pkl"
    ),
    (
      "judge.pth",
      "FOLDER/judge.pth holds no generator: expected a StyleGAN2 with tensors such as "
        + "g_ema.style.1.weight, or a SWAGAN with g_ema.to_rgb1.bias of 12 channels, found "
        + "convnet.c1.weight, convnet.c1.bias, convnet.c3.weight, "
        + "convnet.c3.bias, convnet.c5.weight; inspecting the file lists what is there "
        + "(lethe inspect)"
    ),
    (
      "bare.pt",
      "FOLDER/bare.pt holds a generator but no discriminator (d.*), and training needs both; take "
        + "the full training checkpoint"
    ),
    (
      "folder",
      "FOLDER/folder is not a run directory: it holds no options.json; a run directory is what an earlier run left, with options.json in it"
    ),
  ])
  func `a file that is no GAN to train is refused`(file: String, message: String) throws {
    try expect(adapt(gan: file), message)
  }

  @Test func `a file that was cut off is refused with the tensor where it ends`() throws {
    let last = try #require(try SafetensorsHeader.read(lethe.file("gan.pt")).entries.last).name
    try expect(
      adapt(gan: "cut.pt"),
      "FOLDER/cut.pt: the file ends inside tensor \(last): it was cut off; fetch or write it again")
  }

  @Test func `a file is what is in it, whatever its name`() throws {
    try FileManager.default.moveItem(at: lethe.file("gan.pt"), to: lethe.file("photo.jpeg"))
    try expect(
      adapt(gan: "photo.jpeg", forget: "seven"),
      "the judge knows no class 'seven'; it knows zero, one, two")
  }

  @Test func `a GAN is no judge`() throws {
    try expect(
      adapt(judge: "gan.pt"),
      "FOLDER/gan.pt is no classifier that lethe knows: its tensors are g_ema.style.1.weight, "
        + "g_ema.style.1.bias, g_ema.style.2.weight, g_ema.style.2.bias, g_ema.input.input and more; "
        + "expected \(knownNetworks), such as training a classifier makes")
    try expect(adapt(judge: "nowhere.pth"), "FOLDER/nowhere.pth: no such file")
  }

  @Test func `what the judge never or always sees cannot be forgotten`() throws {
    try expect(
      adapt(judge: "stubborn.pth", forget: "zero"),
      "no negatives found: the judge saw no 'zero' among 800 pictures, so there is nothing to forget "
        + "(or the judge, or its pixel range, does not fit this generator)")
    try expect(
      unlearn("--loss", "none", judge: "stubborn.pth"),
      "the judge saw 'one' in each of 8 pictures of the original generator, so there is nothing to keep "
        + "(or the judge, or the pixel range, does not fit this generator)")
  }

  @Test func `adapted models must fit, and differ`() throws {
    try expect(
      unlearn("--adapted", "adapted.pt", "large.pt"),
      "FOLDER/large.pt is a network of 16x16, latent 8, depth 2, cap 4, but FOLDER/gan.pt is one of "
        + "8x8, latent 8, depth 2, cap 4")
    try expect(
      unlearn("--adapted", "gan.pt"),
      "FOLDER/gan.pt equals the generator that should move away from it: adapt it first "
        + "(lethe adapt)")
    try expect(unlearn("--adapted", "nowhere"), "FOLDER/nowhere: no such file")
  }

  // MARK: - Places

  @Test func `a run never goes where something is, or nothing can be`() throws {
    let exists =
      "already exists, and a run never overwrites anything: go on with it, or name another folder "
      + "(--resume, --output)"
    try Data().write(to: lethe.file("folder/notes"))
    try expect(adapt("--output", "folder"), "FOLDER/folder \(exists)")
    try expect(unlearn("--loss", "none", "--output", "text.pt"), "FOLDER/text.pt \(exists)")
    try expect(
      adapt("--output", "text.pt/run"),
      "cannot create the run FOLDER/text.pt/run: FOLDER/text.pt is not a folder; name another "
        + "folder (--output)")
    try expect(
      adapt("--resume", "--output", "folder"),
      "FOLDER/folder is not a run directory: it holds no options.json; a run directory is what an "
        + "earlier run left, with options.json in it")
  }

  // MARK: - Arguments

  @Test(
    arguments: [
      (
        ["--loss", "EL3"],
        "The value 'EL3' is invalid for '--loss <loss>'. Please provide one of "
          + "'EL2', 'NL2', 'IL2' or 'none'."
      ),
      (["--alpha", "-1", "--loss", "EL2"], "--alpha is -1.0, expected above 0"),
      (["--gamma", "-1"], "--gamma is -1.0, expected above 0"),
      (["--gamma=-1"], "--gamma is -1.0, expected above 0"),
      (["--samples", "-5"], "--samples is -5, expected at least 2"),
      (["--snapshot-every", "-5"], "--snapshot-every is -5, expected at least 1"),
      (["--keep=0"], "--keep is 0, expected at least 1"),
      (["--seed", "-1"], "The value '-1' is invalid for '--seed <seed>'"),
      (["--device", "gpu"], "The value 'gpu' is invalid for '--device <device>'"),
    ] as [([String], String)])
  func `arguments that mean nothing are refused`(arguments: [String], message: String) throws {
    try expect(unlearn() + ["--adapted", "adapted.pt"] + arguments, code: 64, message)
  }

  @Test func `U03 what does not belong together is refused by the command, unless it is told`()
    throws
  {
    func run(_ arguments: [String]) throws -> CommandRunner.Outcome { try lethe.run(arguments) }
    let adapted = adapt(forget: "one", "--fisher-samples", "4")
    #expect(try run(adapted).exitCode == 0)
    try TinyModels.writeGAN(lethe.file("other.pt"), seed: 3)
    let model = "FOLDER/out/snapshots/adapted1-000001.safetensors"
    let common = ["--judge", "judge.pth", "--adapted", "out", "--samples", "64"]
    try expect(
      ["unlearn", "--gan", "gan.pt", "--forget", "two", "--output", "new"] + common,
      "\(model) is adapted to 'one', not to 'two': name models that are adapted to 'two' "
        + "(--accept-mismatch)")
    try expect(
      ["extrapolate", "--gan", "other.pt", "--forget", "one", "--output", "new"] + common,
      "\(model) is adapted from another generator than FOLDER/other.pt, going by its parameters: name "
        + "the GAN that it was adapted from, or adapt models from this one (--accept-mismatch)")
    let accepted = try run(
      ["extrapolate", "--gan", "other.pt", "--forget", "one", "--output", "new", "--gamma", "1"]
        + common + ["--accept-mismatch"])
    #expect(accepted.exitCode == 0, "\(accepted.errors)")
  }

  @Test func `U10 a sweep shows every gamma, on the terminal and as JSON`() throws {
    let common = [
      "extrapolate", "--gan", "gan.pt", "--adapted", "adapted.pt", "--judge", "judge.pth",
      "--forget", "one", "--samples", "64", "--gamma", "0.5,1,1.5",
    ]
    let table = try lethe.run(common + ["--output", "table"])
    #expect(table.exitCode == 0, "\(table.errors)")
    let lines = table.output.split(separator: "\n")
    #expect(
      lines.first?.split(separator: #/  +/#)
        == ["gamma", "latents", "PUL %", "to other classes", "smallest kept"])
    #expect(
      lines.dropFirst().prefix(3).map { $0.split(separator: " ").prefix(2) }
        == [["0.5", "64"], ["1.0", "64"], ["1.5", "64"]])
    #expect(lines.last == "report: FOLDER/table/report.html")
    let outcome = try lethe.run(common + ["--output", "json", "--json"])
    let json = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    let points = try #require(json["extrapolation"] as? [[String: Any]])
    #expect(points.map { $0["gamma"] as? Double } == [0.5, 1, 1.5])
    #expect((json["files"] as? [String])?.count == 3)
    #expect(json["report"] as? String == "FOLDER/json/report.html")
  }

  @Test(arguments: ["0", "1000", "99999999999"])
  func `R14 a number of threads that no machine has is refused, with the reason`(
    threads: String
  ) throws {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    try expect(
      adapt("--threads", threads), code: 64,
      "--threads is \(threads), expected 1 to \(max(64, cores)): more than one per core (this machine "
        + "has \(cores)) wait for one another")
  }

  @Test func `U05 an interval of a penalty that the GAN's training lacked is refused`() throws {
    var options = TrainingOptions()
    options.r1Weight = 0
    options.pathLengthWeight = 0
    let model = GANModel(
      TinyNetworks.configuration(), pixelRange: .minusOneToOne, options: options)
    model.initialise(using: RandomGenerator(seed: 1))
    try model.write(to: lethe.file("free.pt"), options: options)
    try expect(
      adapt(gan: "free.pt", "--r1-interval", "16"),
      "--r1-interval has no meaning here: the GAN was trained with a weight of 0; give --r1 as well"
    )
    try expect(
      adapt(gan: "free.pt", "--path-length-interval", "4"),
      "--path-length-interval has no meaning here: the GAN was trained with a weight of 0; give "
        + "--path-length as well")
  }

  @Test func `the help of unlearn names every method and every loss`() throws {
    let help = try lethe.run(["unlearn", "--help"]).output
    for name in [
      "adapt-then-redirect", "adapt-then-unlearn", "positives-only", "EL2, NL2, IL2",
      "exp, l2, reci",
    ] {
      #expect(help.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains(name))
    }
  }

  @Test func `the demonstration is refused before it trains`() throws {
    try expect(
      ["demo", "--samples", "-5", "--output", "out"], code: 64,
      "--samples is -5, expected at least 2")
    try expect(
      ["demo", "--forget", "ten", "--output", "out"],
      "the judge knows no class 'ten'; it knows 0, 1, 2, 3, 4, 5, 6, 7, 8, 9")
  }

  @Test(arguments: [
    ("ten", ", expected numbers of components with commas between them, such as 0,5"),
    (
      "0,8",
      ": the mixture has no component 8: they are numbered 0 to 7, from (2, 0) counter-clockwise"
    ),
    ("3,3", ": a component to forget is named twice in 3,3: name each once"),
    (
      "0,1,2,3,4,5,6,7",
      ": 8 of 8 components are to be forgotten, expected 1 to 7"
    ),
  ])
  func `the toy of Gaussians is refused before it trains`(forget: String, words: String) throws {
    try expect(
      ["demo", "gaussians", "--forget", forget, "--output", "out"], code: 64,
      "--forget is \(forget)\(words)")
  }

  @Test func `missing arguments are named`() throws {
    try expect(
      unlearn(), code: 64,
      "--adapted is missing: name the run of 'lethe adapt' (or --loss none, for positives alone)")
    try expect(
      ["adapt", "--gan", "gan.pt", "--judge", "judge.pth", "--forget", "one", "--resume"], code: 64,
      "--resume has no meaning without --output: it names the run to go on with")
  }

  @Test(
    arguments: [
      (["--iterations", "-5"], "--iterations is -5, expected at least 1"),
      (["--iterations=-5"], "--iterations is -5, expected at least 1"),
      (["--models", "0"], "--models is 0, expected at least 1"),
      (["--negatives", "-1"], "--negatives is -1, expected at least 1"),
      (["--fisher-samples", "-4"], "--fisher-samples is -4, expected at least 1"),
      (["--ewc", "-1"], "--ewc is -1.0, expected 0 (off) or above"),
      (
        ["--batch", "6"],
        "--batch is 6, expected 1 to 4 or a multiple of 4 (minibatch statistics are over groups of 4)"
      ),
      (["--batch", "400000000000"], "--batch is 400000000000, expected at most 65536"),
      (
        ["--negatives", "9223372036854775807"],
        "--negatives is 9223372036854775807, expected at most 1000000"
      ),
      (["--r1", "-1"], "--r1 is -1.0, expected 0 (off) or above"),
      (["--learning-rate", "0"], "--learning-rate is 0.0, expected above 0"),
    ] as [([String], String)])
  func `numbers outside their range are refused`(arguments: [String], message: String) throws {
    try expect(adapt() + arguments, message)
  }

  @Test(arguments: ["cuda", "cuda:4095", "mps"])
  func `a device that is not there is refused`(name: String) throws {
    do {
      try #require(Device(name: name)).requireAvailable()
    } catch let error as TorchError {
      // Where it is there, nothing is refused.
      try expect(adapt("--device", name), "\(error) (--device)")
    }
  }
}
