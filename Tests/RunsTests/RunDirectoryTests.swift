import Foundation
import Runs
import TestSupport
import Testing

@Suite struct RunDirectoryTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `a new run has its subfolders, and folders above it where they lack`() throws {
    let run = try RunDirectory.create(at: folder.url.appending(path: "a/b/run"))
    #expect(
      try folder.contents == ["a", "a/b", "a/b/run", "a/b/run/images", "a/b/run/snapshots"])
    #expect(run.image("original").path.hasSuffix("a/b/run/images/original.png"))
  }

  @Test func `an existing run is refused with the two ways out`() throws {
    let path = folder.url.appending(path: "run")
    let run = try RunDirectory.create(at: path)
    try Data("{}".utf8).write(to: run.optionsFile)
    #expect {
      try RunDirectory.create(at: path)
    } throws: {
      "\($0)"
        == "\(path.path) already exists, and a run never overwrites anything: go on with it, or name another folder"
    }
  }

  @Test func `even a broken link is not overwritten`() throws {
    let link = folder.url.appending(path: "link")
    try FileManager.default.createSymbolicLink(
      at: link, withDestinationURL: folder.url.appending(path: "nowhere"))
    #expect(throws: RunError.alreadyExists(path: link.path)) { try RunDirectory.create(at: link) }
  }

  @Test func `F19 a folder that holds nothing yet is taken`() throws {
    let path = folder.url.appending(path: "made before")
    try FileManager.default.createDirectory(
      at: path.appending(path: "lost+found"), withIntermediateDirectories: true)
    try RunDirectory.checkNew(at: path)
    let run = try RunDirectory.create(at: path)
    #expect(
      try folder.contents == [
        "made before", "made before/images", "made before/lost+found", "made before/snapshots",
      ])
    // It was there before, so it stays.
    run.discard()
    #expect(try folder.contents == ["made before", "made before/lost+found"])
  }

  @Test(arguments: [
    ["snapshots", "images"], [".lock", ".probe.12-AB.partial"],
    ["snapshots", ".options.json.12-AB.partial"],
  ])
  func `F06 a folder of a process that was killed as it began is taken`(_ names: [String]) throws {
    for name in names {
      let path = folder.url.appending(path: name)
      if name.hasPrefix(".") {
        try Data().write(to: path)
      } else {
        try FileManager.default.createDirectory(at: path, withIntermediateDirectories: false)
      }
    }
    #expect(RunDirectory.isUnstarted(folder.url))
    #expect(try RunDirectory.create(at: folder.url).root == folder.url)
  }

  @Test(arguments: ["options.json", "notes", "snapshots/snapshot-000001.safetensors"])
  func `F19 a folder with anything else in it is refused`(_ name: String) throws {
    try folder.write([], to: "taken/\(name)")
    let path = folder.url.appending(path: "taken")
    #expect(throws: RunError.alreadyExists(path: path.path)) { try RunDirectory.create(at: path) }
    #expect(throws: RunError.alreadyExists(path: path.path)) { try RunDirectory.checkNew(at: path) }
  }

  @Test func `U09 what the system refuses is found out before, whatever the rights say`() throws {
    // In /proc even root makes nothing, and the rights say that root may.
    for path in ["/proc/self/run", "/proc/self/deep/run"] {
      #expect {
        try RunDirectory.checkNew(at: URL(filePath: path))
      } throws: {
        "\($0)".hasPrefix("cannot create the run \(path): /proc/self is not writable (")
      }
    }
    try RunDirectory.checkNew(at: folder.url.appending(path: "a/b/run"))
    #expect(try folder.contents.isEmpty, "a check leaves nothing behind")
  }

  @Test func `a parent that is a file is refused, and nothing is left`() throws {
    let file = folder.url.appending(path: "file")
    try Data().write(to: file)
    let path = file.appending(path: "deep/run")
    #expect {
      try RunDirectory.checkNew(at: path)
    } throws: {
      "\($0)"
        == "cannot create the run \(path.path): \(file.path) is not a folder; name another folder"
    }
    #expect(throws: RunError.self) { try RunDirectory.create(at: path) }
    #expect(try folder.contents == ["file"])
  }

  @Test func `a parent that cannot be written is refused, and nothing is left`() throws {
    // Root may write everywhere but into the kernel's own file systems.
    let isRoot = geteuid() == 0
    let parent = isRoot ? URL(filePath: "/proc/self") : folder.url.appending(path: "locked")
    if !isRoot {
      try FileManager.default.createDirectory(
        at: parent, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o555])
    }
    #expect {
      try RunDirectory.create(at: parent.appending(path: "deep/run"))
    } throws: {
      let message = "\($0)"
      return message.hasPrefix("cannot create the run ")
        && message.hasSuffix("; name another folder")
    }
    #expect(!FileManager.default.fileExists(atPath: parent.appending(path: "deep").path))
  }

  @Test func `a run that came to nothing leaves no trace`() throws {
    try RunDirectory.create(at: folder.url.appending(path: "a/b/run")).discard()
    #expect(try folder.contents == [])

    let first = try RunDirectory.create(at: folder.url.appending(path: "runs/1"))
    _ = try RunDirectory.create(at: folder.url.appending(path: "runs/2"))
    first.discard()
    #expect(try folder.contents == ["runs", "runs/2", "runs/2/images", "runs/2/snapshots"])
  }

  @Test func `two runs of the next number have two folders`() throws {
    let runs = folder.url.appending(path: "runs")
    // A folder that another process has made a moment before, and put nothing into yet.
    let next = RunDirectory.nextNumbered(in: runs, description: "adapt")
    try FileManager.default.createDirectory(at: next, withIntermediateDirectories: true)
    let mine = try RunDirectory.createNumbered(in: runs, description: "adapt")
    #expect(mine.root.lastPathComponent == "00001-adapt")
  }

  @Test func `runs are numbered after the highest, with what they do`() throws {
    let runs = folder.url.appending(path: "runs")
    func name(_ description: String) throws -> String {
      try RunDirectory.createNumbered(in: runs, description: description).root.lastPathComponent
    }
    #expect(try name("unlearn-7-EL2") == "00000-unlearn-7-EL2")
    #expect(try name("adapt 7/../x") == "00001-adapt-7-..-x")
    try FileManager.default.createDirectory(
      at: runs.appending(path: "00041-demo"), withIntermediateDirectories: false)
    try FileManager.default.createDirectory(
      at: runs.appending(path: "2024"), withIntermediateDirectories: false)
    #expect(try name("demo") == "00042-demo")
  }

  @Test func `what is no run is not opened`() throws {
    let missing = folder.url.appending(path: "missing")
    #expect {
      try RunDirectory.open(at: missing)
    } throws: {
      "\($0)"
        == "\(missing.path) is not a run directory: there is no such folder; a run directory is what an earlier run left, with options.json in it"
    }
    #expect(throws: RunError.notARun(path: folder.url.path, reason: "it holds no options.json")) {
      try RunDirectory.open(at: folder.url)
    }
  }

  @Test func `snapshots are listed by iteration and pruned from the first`() throws {
    let run = try RunDirectory.create(at: folder.url.appending(path: "run"))
    #expect {
      try run.latestSnapshot()
    } throws: {
      "\($0)".hasSuffix("run holds no snapshot yet")
    }
    for iteration in [1_000_000, 400, 200, 999_999] {
      try Data().write(to: run.snapshotFile(iteration: iteration))
    }
    try Data().write(to: run.snapshotFile(iteration: 5, kind: "adapted-2"))
    for name in [".snapshot-000900.safetensors.1-1.partial", "snapshot-9.safetensors", "notes"] {
      try Data().write(to: run.snapshotsFolder.appending(path: name))
    }
    #expect(run.snapshots().map(\.iteration) == [200, 400, 999_999, 1_000_000])
    #expect(run.snapshots(kind: "adapted-2").map(\.iteration) == [5])
    #expect(try run.latestSnapshot().file.lastPathComponent == "snapshot-1000000.safetensors")
    try run.pruneSnapshots(keepingLast: 2)
    #expect(run.snapshots().map(\.iteration) == [999_999, 1_000_000])
    #expect(run.snapshots(kind: "adapted-2").count == 1)
  }

  @Test func `F07 a damaged snapshot is kept until the run has come as far again`() throws {
    let run = try RunDirectory.create(at: folder.url.appending(path: "run"))
    func names() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: run.snapshotsFolder.path).sorted()
    }
    for iteration in [20, 40, 60] {
      try Data().write(to: run.snapshotFile(iteration: iteration))
    }
    try run.setAside(run.latestSnapshot())
    #expect(run.snapshots().map(\.iteration) == [20, 40])
    try run.pruneSnapshots(keepingLast: 1)
    #expect(
      try names() == ["snapshot-000040.safetensors", "snapshot-000060.safetensors.damaged"])
    try Data().write(to: run.snapshotFile(iteration: 60))
    try run.pruneSnapshots(keepingLast: 1)
    #expect(try names() == ["snapshot-000060.safetensors"])
  }

  @Test func `R12 options that are no file are refused in words`() throws {
    let run = try RunDirectory.create(at: folder.url.appending(path: "run"))
    let path = run.optionsFile.path
    for (make, words) in [
      ({ mkdir(path, 0o700) }, "a folder"), ({ mkfifo(path, 0o600) }, "a pipe or a device"),
      ({ symlink("/dev/zero", path) }, "a pipe or a device"),
    ] {
      #expect(make() == 0)
      #expect {
        try run.readOptions()
      } throws: {
        "\($0)" == "cannot read \(path): it is \(words), where a file was expected"
      }
      try FileManager.default.removeItem(atPath: path)
    }
  }
}
