import Experiments
import Files
import Foundation
import Runs

/// The folder of a sweep: one folder for each job, the adapted models that jobs share, and the table.
///
/// Processes agree through it alone: whoever has the lock of a job works on it.
struct SweepFolder {
  let root: URL

  /// Opens or creates the folder.
  ///
  /// - Parameters:
  ///   - root: where it lies.
  ///   - gan: the fingerprint of the sweep's GAN.
  /// - Throws: ``SweepError/otherGAN(folder:former:now:)``; what the disk refuses.
  init(_ root: URL, gan: Provenance) throws {
    self.root = root
    if try holdsSweep(on: gan) { return }
    if root.fileKind == .folder {
      let names = try FileManager.default.contentsOfDirectory(atPath: root.path)
      guard names.allSatisfy({ AtomicFile.isLeftover($0) }) else {
        // Another process of the same sweep may have begun it since the first look.
        if try holdsSweep(on: gan) { return }
        throw SweepError.notASweep(folder: root.path)
      }
    } else {
      try RunDirectory.checkNew(at: root)
      try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    }
    // Processes that begin at the same time write the same.
    let record: JSON.Object = ["gan": gan.json, "lethe_version": .string(Release.version)]
    try JSON.object(record).write(to: file)
  }

  private var file: URL { root.appending(path: "sweep.json") }

  /// Whether the folder is a sweep on a GAN.
  private func holdsSweep(on gan: Provenance) throws -> Bool {
    guard root.fileKind == .folder, let former = try? JSON(contentsOf: file).object else {
      return false
    }
    guard former["gan"]?["sha256"]?.string == gan.sha256 else {
      throw SweepError.otherGAN(
        folder: root.path, former: former["gan"]?["path"]?.string ?? "another file", now: gan.path)
    }
    return true
  }

  /// The folder of a job.
  func job(_ identity: String) -> URL { root.appending(path: "jobs/\(identity)") }

  /// The folder of adapted models.
  func adapted(_ identity: String) -> URL { root.appending(path: "adapted/\(identity)") }

  /// The right to work on a job.
  ///
  /// - Parameter identity: the job's.
  /// - Returns: the lock; nil if another process has it.
  /// - Throws: what the disk refuses.
  func claim(_ identity: String) throws -> RunLock? {
    let folder = job(identity)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    do throws(RunError) {
      return try RunLock(of: folder)
    } catch {
      if case .inUse = error { return nil }
      throw error
    }
  }

  /// The right to be one of several shards.
  ///
  /// - Parameter shard: which one.
  /// - Returns: the lock.
  /// - Throws: ``SweepError/shardInUse(_:owner:)``; what the disk refuses.
  func claim(_ shard: SweepShard) throws -> RunLock {
    let folder = root.appending(path: "shards/\(shard.number)-of-\(shard.count)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    do throws(RunError) {
      return try RunLock(of: folder)
    } catch {
      if case .inUse(_, let owner) = error {
        throw SweepError.shardInUse("\(shard.number)/\(shard.count)", owner: owner)
      }
      throw error
    }
  }
}
