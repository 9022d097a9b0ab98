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
    let file = root.appending(path: "sweep.json")
    if root.fileKind == .folder, let former = try? JSON(contentsOf: file).object {
      let digest = former["gan"]?["sha256"]?.string
      guard digest == gan.sha256 else {
        throw SweepError.otherGAN(
          folder: root.path, former: former["gan"]?["path"]?.string ?? "another file",
          now: gan.path)
      }
      return
    }
    if root.fileKind == .folder, !Self.isEmpty(root) {
      throw SweepError.notASweep(folder: root.path)
    }
    try RunDirectory.checkNew(at: root)
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    let record: JSON.Object = ["gan": gan.json, "lethe_version": .string(Release.version)]
    try JSON.object(record).write(to: file)
  }

  /// Whether there is nothing in it but what other processes of the same sweep have just made.
  private static func isEmpty(_ folder: URL) -> Bool {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.allSatisfy { ["jobs", "adapted", "shards", "workers"].contains($0) }
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

/// A part of a sweep's jobs: every n-th.
public struct SweepShard: Sendable, Equatable {
  /// Which part, from 1 on.
  public let number: Int
  /// How many parts there are.
  public let count: Int

  /// A part.
  ///
  /// - Parameters:
  ///   - number: from 1 to `count`.
  ///   - count: at least 1.
  public init?(_ number: Int, of count: Int) {
    guard count >= 1, (1...count).contains(number) else { return nil }
    self.number = number
    self.count = count
  }

  /// Whether a job belongs to the part.
  ///
  /// - Parameter index: the job's position in the plan.
  /// - Returns: whether it does.
  public func contains(_ index: Int) -> Bool { index % count == number - 1 }
}

/// A sweep that cannot go on as asked.
public enum SweepError: Error, Equatable, CustomStringConvertible {
  /// A folder whose jobs are about another GAN.
  case otherGAN(folder: String, former: String, now: String)
  /// A folder that holds something else.
  case notASweep(folder: String)
  /// A shard that another process works on.
  case shardInUse(String, owner: String?)
  /// Jobs that failed.
  case failed([String], of: Int, folder: String)

  /// One sentence that names what was found and the way out.
  public var description: String {
    switch self {
    case .otherGAN(let folder, let former, let now):
      "\(folder) is a sweep on another GAN, \(former), and this one is on \(now): name another folder as "
        + "output, for numbers on two GANs must not stand in one table"
    case .notASweep(let folder):
      "\(folder) holds something that is no sweep: name a new or an empty folder as output"
    case .shardInUse(let shard, let owner):
      "shard \(shard) is worked on already" + (owner.map { ", by \($0)" } ?? "")
        + ": each shard is for one process"
    case .failed(let reasons, let count, let folder):
      "\(reasons.count) of \(count) jobs failed, and the others are complete: "
        + reasons.prefix(3).joined(separator: "; ") + (reasons.count > 3 ? "; ..." : "")
        + ". Their folders in \(folder) say more; the same command tries them again"
    }
  }
}
