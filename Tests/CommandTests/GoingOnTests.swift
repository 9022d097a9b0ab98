import Foundation
import Kernels
import TestNetworks
import Testing

/// What a person meets who goes on with a run.
@Suite struct GoingOnTests {
  private let lethe: CommandRunner

  init() throws { lethe = try CommandRunner() }

  private func trainGAN(_ output: String, _ more: String...) -> [String] {
    [
      "train", "gan", "--data", "data", "--size", "8", "--latent", "8", "--mapping-depth", "2",
      "--channel-cap", "4", "--batch", "4", "--iterations", "4", "--output", output,
    ] + more
  }

  private func refuse(
    _ arguments: [String], environment: [String: String] = [:], _ message: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try lethe.contents
    let outcome = try lethe.run(arguments, environment: environment)
    #expect(outcome.exitCode == 1, sourceLocation: sourceLocation)
    #expect(outcome.errors == "Error: \(message)\n", sourceLocation: sourceLocation)
    #expect(try lethe.contents == before, sourceLocation: sourceLocation)
  }

  @Test func `F06 one command starts a run, goes on with it, and finds it complete`() throws {
    try TinyData.writeIDX(lethe.file("data"))
    let command = trainGAN("run", "--resume")
    #expect(
      try lethe.succeed(command).errors.hasPrefix("note: FOLDER/run holds no run yet: it starts\n"))
    let before = try lethe.contents
    #expect(
      try lethe.succeed(command).errors
        == "note: FOLDER/run is complete: nothing was left to do\n")
    #expect(try lethe.contents == before)
  }

  @Test func `F19 an empty folder is taken, with resume and without`() throws {
    try TinyData.writeIDX(lethe.file("data"))
    for (name, more) in [("plain", []), ("resumed", ["--resume"])] {
      try FileManager.default.createDirectory(
        at: lethe.file(name), withIntermediateDirectories: false)
      _ = try lethe.succeed(trainGAN(name) + more)
    }
    try RunResult(lethe.file("plain")).expectSame(as: RunResult(lethe.file("resumed")))
    try Data().write(to: lethe.file("notes"))
    try FileManager.default.createDirectory(
      at: lethe.file("taken"), withIntermediateDirectories: false)
    try FileManager.default.moveItem(at: lethe.file("notes"), to: lethe.file("taken/notes"))
    try refuse(
      trainGAN("taken"),
      "FOLDER/taken already exists, and a run never overwrites anything: go on with it, or name "
        + "another folder (--resume, --output)")
    try refuse(
      trainGAN("taken", "--resume"),
      "FOLDER/taken is not a run directory: it holds no options.json; a run directory is what an "
        + "earlier run left, with options.json in it")
  }

  @Test func `R12 options that are no file are refused in words`() throws {
    try TinyData.writeIDX(lethe.file("data"))
    _ = try lethe.succeed(trainGAN("run"))
    let options = lethe.file("run/options.json")
    try FileManager.default.removeItem(at: options)
    #expect(mkfifo(options.path, 0o600) == 0)
    let refusal = ", where a file was expected"
    try refuse(
      trainGAN("run", "--resume"),
      "cannot read FOLDER/run/options.json: it is a pipe or a device" + refusal)
    unlink(options.path)
    #expect(mkdir(options.path, 0o700) == 0)
    try refuse(
      trainGAN("run", "--resume"),
      "cannot read FOLDER/run/options.json: it is a folder" + refusal)
  }

  @Test func `R14 threads and kernels are those that a run began with`() throws {
    try TinyData.writeIDX(lethe.file("data"))
    _ = try lethe.succeed(trainGAN("run", "--threads", "1", "--kernels", "portable"))
    func reason(_ option: String, _ former: String, _ now: String) -> String {
      "FOLDER/run was started with \(option) \(former), not \(now): its last bits depend on it, so a "
        + "resumed run keeps it (--\(option))"
    }
    let longer = trainGAN("run", "--resume", "--iterations", "6")
    try refuse(longer + ["--threads", "2"], reason("threads", "1", "2"))
    try refuse(longer + ["--kernels", "libtorch"], reason("kernels", "portable", "libtorch"))
    try refuse(
      longer, environment: [KernelRoute.variable: "libtorch"],
      reason("kernels", "portable", "libtorch"))
    let notes = try lethe.succeed(longer, environment: ["OMP_NUM_THREADS": "2"]).errors
    #expect(notes.contains("note: FOLDER/run goes on with 1 threads per operator, as it began\n"))
    if KernelRoute.best != .portable {
      #expect(notes.contains("note: FOLDER/run goes on with the kernels portable, as it began\n"))
    }
    _ = try lethe.succeed(
      trainGAN("whole", "--iterations", "6", "--threads", "1", "--kernels", "portable"))
    let (parts, whole) = (
      try RunResult(lethe.file("run")), try RunResult(lethe.file("whole"))
    )
    let last = "snapshot-000006.safetensors"
    #expect(parts.snapshots[last] == whole.snapshots[last])
    #expect(parts.statistics == whole.statistics)
  }

  @Test func `R14 a folder of an earlier version goes on, with less to compare`() throws {
    try TinyData.writeIDX(lethe.file("data"))
    try TinyModels.writeGAN(lethe.file("gan.pt"))
    let command = [
      "train", "gan", "--data", "data", "--gan", "gan.pt", "--batch", "4", "--output", "run",
    ]
    _ = try lethe.succeed(command + ["--iterations", "2"])
    let options = lethe.file("run/options.json")
    var record = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: options)) as? [String: Any])
    #expect((record["inputs"] as? [Any])?.count == 1)
    record["inputs"] = [Any]()
    record["machine"] = nil
    try JSONSerialization.data(withJSONObject: record).write(to: options)
    _ = try lethe.succeed(command + ["--iterations", "3", "--threads", "1", "--resume"])
  }

  @Test func `another GAN of the same sizes does not start the same run`() throws {
    try TinyData.writeIDX(lethe.file("data"))
    try TinyModels.writeGAN(lethe.file("gan.pt"))
    try TinyModels.writeGAN(lethe.file("other.pt"), seed: 8)
    func command(_ gan: [String], _ more: String...) -> [String] {
      ["train", "gan", "--data", "data", "--batch", "4", "--iterations", "2", "--output", "run"]
        + gan + more
    }
    _ = try lethe.succeed(command(["--gan", "gan.pt"]))
    try refuse(
      command(["--gan", "other.pt"], "--resume"),
      "FOLDER/run was started with another gan file than FOLDER/other.pt, going by its content; a "
        + "resumed run keeps its files, changed ones need a new folder (--output)")
    let without = try lethe.run(
      command(
        ["--size", "8", "--latent", "8", "--mapping-depth", "2", "--channel-cap", "4"], "--resume"))
    #expect(without.exitCode == 1)
    #expect(without.errors.hasPrefix("Error: FOLDER/run was started with gan \"gan.pt\", not null"))
  }

  @Test func `U09 a place that takes nothing is refused before any work`() throws {
    // In /proc even root makes nothing. The GAN is none: nobody comes to read it.
    try Data("text".utf8).write(to: lethe.file("gan.pt"))
    let subject = ["--gan", "gan.pt", "--judge", "gan.pt", "--forget", "one"]
    let unlearn = ["unlearn", "--adapted", "gan.pt"]
    for command in [["adapt"] + subject, unlearn + subject, ["demo"]] {
      for resume in [[], ["--resume"]] {
        let outcome = try lethe.run(command + ["--output", "/proc/self/run"] + resume)
        #expect(outcome.exitCode == 1)
        #expect(
          outcome.errors.hasPrefix(
            "Error: cannot create the run /proc/self/run: /proc/self is not writable ("))
      }
    }
    for command in [
      ["generate", "--gan", "gan.pt", "--output", "/proc/self/a.png"],
      ["generate", "--gan", "gan.pt", "--tensors", "/proc/self/a.safetensors"],
      ["export", "--gan", "gan.pt", "--output", "/proc/self/a.safetensors"],
      ["evaluate", "--original", "gan.pt", "--output", "/proc/self/a.json"] + subject,
    ] {
      let outcome = try lethe.run(command)
      #expect(outcome.exitCode == 1)
      #expect(outcome.errors.hasPrefix("Error: cannot write /proc/self/a."))
      #expect(outcome.errors.contains("the folder /proc/self is not writable ("))
    }
  }

  @Test func `R12 a training that diverges names a way out that there is`() throws {
    try TinyData.writeIDX(lethe.file("data"))
    let outcome = try lethe.run(trainGAN("run", "--learning-rate", "1e30"))
    #expect(outcome.exitCode == 1)
    let last = try #require(outcome.errors.split(separator: "\n").last)
    #expect(last.hasPrefix("Error: training diverged: "))
    #expect(
      last.hasSuffix(
        "; start a new run with a lower learning rate (--learning-rate)"))
  }

  @Test
  func `R11 pictures that a killed process was writing are cleared, and the grid is made again`()
    throws
  {
    try TinyData.writeIDX(lethe.file("data"))
    _ = try lethe.succeed(trainGAN("run"))
    let whole = try RunResult(lethe.file("run"))
    // As kill -9 leaves it between the last snapshot and its grid.
    let grid = lethe.file("run/images/samples.png")
    try Data("an older grid".utf8).write(to: grid)
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 0)], ofItemAtPath: grid.path)
    for name in ["run/images/.dat.nosync0e1f.AbCdEf", "run/snapshots/.x.safetensors.1-AB.partial"] {
      try Data().write(to: lethe.file(name))
    }
    _ = try lethe.succeed(trainGAN("run", "--resume"))
    try whole.expectSame(as: RunResult(lethe.file("run")))
    #expect(try !lethe.contents.contains { $0.contains("/.") })
  }
}
