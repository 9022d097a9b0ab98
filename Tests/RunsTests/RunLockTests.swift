import Foundation
import Runs
import TestSupport
import Testing

@Suite struct RunLockTests {
  let folder: TemporaryFolder
  let run: RunDirectory

  init() throws {
    folder = try TemporaryFolder()
    run = try RunDirectory.create(at: folder.url.appending(path: "run"))
  }

  private func refuse(sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(sourceLocation: sourceLocation) {
      _ = try run.lock()
    } throws: { error in
      let message = "\(error)"
      return message.hasPrefix("\(run.root.path) is in use by process \(getpid()) on ")
        && message.hasSuffix(
          ": one process at a time works in a run; wait for its end, or stop it")
    }
  }

  @Test func `R07 one at a time works in a run, and the other is told who`() throws {
    let lock = try run.lock()
    #expect(lock.isKept)
    refuse()
    lock.release()
    #expect(try folder.contents == ["run", "run/images", "run/snapshots"])
    // Given back twice, it takes nothing from the next owner.
    let next = try run.lock()
    lock.release()
    refuse()
    next.release()
  }

  @Test func `R07 a lock ends with its owner`() throws {
    do { _ = try run.lock() }
    _ = try run.lock()
  }

  @Test func `R07 the file of a killed process locks nothing`() throws {
    try Data("process 1 on elsewhere, and more".utf8).write(to: run.root.appending(path: ".lock"))
    let lock = try run.lock()
    refuse()
    lock.release()
    #expect(!FileManager.default.fileExists(atPath: run.root.appending(path: ".lock").path))
  }
}
