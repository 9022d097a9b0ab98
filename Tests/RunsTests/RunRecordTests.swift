import Foundation
import Runs
import TestSupport
import Testing

@Suite struct RunRecordTests {
  let folder: TemporaryFolder
  let run: RunDirectory

  init() throws {
    folder = try TemporaryFolder()
    run = try RunDirectory.create(at: folder.url.appending(path: "run"))
  }

  func record() -> RunRecord {
    RunRecord(
      command: "unlearn", commandLine: ["lethe", "unlearn", "--forget", "7"],
      options: OptionsRecord(["forget": 7, "loss": "EL2"]), seed: 3, version: "0.1.0",
      libtorchVersion: "2.13.0", threads: 2, instructions: "AVX512", kernels: "avx2",
      date: Date(timeIntervalSince1970: 0))
  }

  @Test func `options say what ran, with what, on which machine`() throws {
    try run.write(record())
    let options = try run.readOptions()
    #expect(
      options.keys == [
        "command", "command_line", "options_version", "options", "seed", "inputs", "lethe_version",
        "libtorch_version", "git_revision", "machine", "date",
      ])
    #expect(options["options"] == ["forget": 7, "loss": "EL2"])
    #expect(options["date"] == "1970-01-01T00:00:00Z")
    #expect(options["machine"]?["threads"] == 2)
    #expect(options["machine"]?["instructions"] == "AVX512")
    #expect(options["machine"]?["kernels"] == "avx2")
    #expect((options["machine"]?["cores"]?.integer ?? 0) > 0)
    #expect(options["machine"]?["processor"]?.string?.isEmpty == false)
    #expect(try RunDirectory.open(at: run.root).root == run.root)
  }

  @Test func `the same record gives the same bytes`() throws {
    try run.write(record())
    let first = try Data(contentsOf: run.optionsFile)
    try run.write(record())
    #expect(try Data(contentsOf: run.optionsFile) == first)
  }

  @Test func `a resume is added and the start is kept`() throws {
    try run.write(record())
    try run.noteResume(record(), fromIteration: 100)
    try run.noteResume(record(), fromIteration: 200)
    let options = try run.readOptions()
    #expect(options["resumed"]?.array?.map { $0["iteration"] } == [100, 200])
    #expect(options["command"] == "unlearn")
  }

  @Test func `a resume tells what changed, and the options are those that hold now`() throws {
    var former = record()
    former.options = OptionsRecord(["iterations": 900, "batch": 4])
    try run.write(former)
    var now = former
    now.options = OptionsRecord(["iterations": 1800, "batch": 8])
    try run.noteResume(now, changing: ["iterations"], fromIteration: 900)
    let options = try run.readOptions()
    #expect(options["options"] == ["iterations": 1800, "batch": 4])
    #expect(
      options["resumed"]?.array?.map { $0["changed"] } == [
        ["iterations": ["from": 900, "to": 1800]]
      ])
  }

  @Test func `metrics carry samples, seed, snapshot and time`() throws {
    #expect(try run.readMetrics() == [:])
    try run.writeMetrics(
      ["pul": 96.1], samples: 5056, seed: 0, snapshot: run.snapshotFile(iteration: 400),
      iteration: 400, elapsedSeconds: 12.5, date: Date(timeIntervalSince1970: 0))
    #expect(
      try run.readMetrics() == [
        "pul": 96.1, "samples": 5056, "seed": 0,
        "snapshot": "snapshots/snapshot-000400.safetensors", "iteration": 400,
        "elapsed_seconds": 12.5, "date": "1970-01-01T00:00:00Z",
      ])
  }

  @Test func `damaged metrics are named`() throws {
    try Data("{\"pul\": }".utf8).write(to: run.metricsFile)
    #expect {
      try run.readMetrics()
    } throws: {
      "\($0)"
        == "\(run.metricsFile.path) is not JSON: line 1, column 9: expected a value; the file "
        + "is damaged, or another program wrote it"
    }
  }

  @Test func `the commit is read from git's files, also in a linked worktree`() throws {
    let hash = String(repeating: "ab", count: 20)
    let main = folder.url.appending(path: "main")
    let linked = folder.url.appending(path: "linked/deep")
    let private_ = main.appending(path: ".git/worktrees/linked")
    for path in [private_, main.appending(path: ".git/refs/heads"), linked] {
      try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
    }
    func put(_ text: String, _ path: String, in folder: URL) throws {
      try Data(text.utf8).write(to: folder.appending(path: path))
    }
    try put("ref: refs/heads/main\n", ".git/HEAD", in: main)
    try put("# packed\n\(hash) refs/heads/main\n", ".git/packed-refs", in: main)
    #expect(GitRevision.current(from: main.appending(path: "Sources")) == hash)

    try put("gitdir: \(private_.path)\n", "linked/.git", in: folder.url)
    try put("../..\n", "commondir", in: private_)
    try put("ref: refs/heads/topic\n", "HEAD", in: private_)
    let topic = String(repeating: "12", count: 20)
    try put(topic + "\n", ".git/refs/heads/topic", in: main)
    #expect(GitRevision.current(from: linked) == topic)
    try put(hash + "\n", "HEAD", in: private_)
    #expect(GitRevision.current(from: linked) == hash)
  }
}
