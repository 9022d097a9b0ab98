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
    _ = try RunDirectory.create(at: path)
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
      "\($0)".hasSuffix("run holds no snapshot to resume from: start again in another folder")
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
}
