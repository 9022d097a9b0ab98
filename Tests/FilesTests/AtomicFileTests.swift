import Foundation
import TestSupport
import Testing

@testable import Files

@Suite struct AtomicFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `a file is replaced whole and nothing stays beside it`() throws {
    let file = folder.url.appending(path: "metrics.json")
    try AtomicFile.write("old and long", to: file)
    try AtomicFile.write("new", to: file)
    #expect(try String(contentsOf: file, encoding: .utf8) == "new")
    #expect(try folder.contents == ["metrics.json"])
  }

  @Test func `a refused write leaves the old content and nothing beside it`() throws {
    // A folder in the way makes the very last step, the rename, fail.
    let file = folder.url.appending(path: "report.html")
    try FileManager.default.createDirectory(
      at: file.appending(path: "full"), withIntermediateDirectories: true)
    #expect {
      try AtomicFile.write("text", to: file)
    } throws: {
      "\($0)" == "cannot write \(file.path): Is a directory"
    }
    #expect(try folder.contents == ["report.html", "report.html/full"])
  }

  @Test func `a missing folder is named`() throws {
    let file = folder.url.appending(path: "missing/metrics.json")
    #expect {
      try AtomicFile.write("text", to: file)
    } throws: {
      "\($0)" == "cannot write \(file.path): No such file or directory"
    }
  }

  @Test func `a body that fails leaves the old content and nothing beside it`() throws {
    let file = folder.url.appending(path: "snapshot")
    try AtomicFile.write("old", to: file)
    let failure = FileError(path: "elsewhere", reason: "the disk burns")
    #expect(throws: failure) {
      try AtomicFile.write(to: file) { writer throws(FileError) in
        try writer.append(Data("new".utf8))
        throw failure
      }
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == "old")
    #expect(try folder.contents == ["snapshot"])
  }

  @Test func `only what dead processes left is cleared`() throws {
    // Process numbers stay far below this one on every system.
    let dead = ".stats.jsonl.\(Int32.max)-1.partial"
    let alive = AtomicFile.partialFile(for: folder.url.appending(path: "stats.jsonl"))
    let foreign = [".partial", ".notes.partial", ".a.x-1.partial", "stats.jsonl"]
    for name in [dead, alive.lastPathComponent] + foreign {
      try Data().write(to: folder.url.appending(path: name))
    }
    AtomicFile.removeLeftovers(in: folder.url)
    #expect(try folder.contents == (foreign + [alive.lastPathComponent]).sorted())
  }

  @Test func `R11 whoever owns a folder clears everything that was being written there`() throws {
    // The dead process of another container may have the number of one that lives here.
    let alive = AtomicFile.partialFile(for: folder.url.appending(path: "samples.png"))
    let foreign = [".hidden", ".notes.partial", "samples.png"]
    mkdir(folder.url.appending(path: ".probe.\(getpid())-AB.partial").path, 0o700)
    // Foundation's name, of pictures that earlier versions wrote.
    for name in [".dat.nosync1a2b.Xyz", alive.lastPathComponent] + foreign {
      try folder.write([], to: name)
    }
    AtomicFile.removeLeftovers(in: folder.url)
    #expect(try folder.contents.count == foreign.count + 3)
    AtomicFile.removeLeftovers(in: folder.url, isOwned: true)
    #expect(try folder.contents == foreign)
  }

  @Test func `what a killed writer leaves is cleared when its process is gone`() throws {
    let gone = Process()
    gone.executableURL = URL(filePath: "/bin/sh")
    gone.arguments = ["-c", "exit 0"]
    try gone.run()
    gone.waitUntilExit()
    let alive = AtomicFile.partialFile(for: folder.url.appending(path: "file")).lastPathComponent
    let orphan = alive.replacing(
      ".\(ProcessInfo.processInfo.processIdentifier)-", with: ".\(gone.processIdentifier)-")
    #expect(orphan != alive)
    try folder.write([], to: orphan)
    try AtomicFile.write(to: folder.url.appending(path: "file")) { _ throws(FileError) in
      // Its writer lives.
      AtomicFile.removeLeftovers(in: folder.url)
    }
    #expect(try folder.contents == ["file"])
  }
}
