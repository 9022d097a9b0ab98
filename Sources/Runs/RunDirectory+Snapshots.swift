import Files
public import Foundation

extension RunDirectory {
  /// A file of weights and states, named by its iteration.
  public struct Snapshot: Sendable, Equatable {
    /// The number of iterations behind it.
    public let iteration: Int
    /// Where it lies.
    public let file: URL

    /// A file that is written, or is to be.
    ///
    /// - Parameters:
    ///   - iteration: The number of iterations behind it.
    ///   - file: Where it lies.
    public init(iteration: Int, file: URL) {
      self.iteration = iteration
      self.file = file
    }
  }

  /// The file of a snapshot, `snapshots/snapshot-000400.safetensors`.
  ///
  /// - Parameters:
  ///   - iteration: The number of iterations behind it.
  ///   - kind: What is in it; `snapshot` for what a run resumes from, or such as `adapted2`.
  /// - Returns: the file, whether it exists or not.
  /// - Precondition: `iteration` is not negative.
  public func snapshotFile(iteration: Int, kind: String = "snapshot") -> URL {
    precondition(iteration >= 0, "a snapshot's iteration must not be negative: \(iteration)")
    let number = String(format: "%06ld", iteration)
    return snapshotsFolder.appending(path: "\(kind)-\(number).safetensors")
  }

  /// The snapshots on disk, earliest first.
  ///
  /// - Parameter kind: Only snapshots of this kind.
  /// - Returns: those whose names are exactly as ``snapshotFile(iteration:kind:)`` makes them.
  public func snapshots(kind: String = "snapshot") -> [Snapshot] {
    snapshots(kind: kind, setAside: false)
  }

  private func snapshots(kind: String, setAside: Bool) -> [Snapshot] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: snapshotsFolder.path)) ?? []
    let ending = ".safetensors" + (setAside ? Self.damagedSuffix : "")
    return names.compactMap { name -> Snapshot? in
      guard name.hasPrefix("\(kind)-"), name.hasSuffix(ending) else { return nil }
      let digits = name.dropFirst(kind.count + 1).dropLast(ending.count)
      guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let iteration = Int(digits) else {
        return nil
      }
      let file = snapshotFile(iteration: iteration, kind: kind)
      guard name == file.lastPathComponent + (setAside ? Self.damagedSuffix : "") else {
        return nil
      }
      return Snapshot(
        iteration: iteration, file: setAside ? snapshotsFolder.appending(path: name) : file)
    }
    .sorted { $0.iteration < $1.iteration }
  }

  /// The snapshot with the highest iteration.
  ///
  /// - Parameter kind: Only snapshots of this kind.
  /// - Returns: the snapshot to resume from.
  /// - Throws: ``RunError/noSnapshot(path:)`` when there is none.
  public func latestSnapshot(kind: String = "snapshot") throws(RunError) -> Snapshot {
    guard let latest = snapshots(kind: kind).last else { throw .noSnapshot(path: root.path) }
    return latest
  }

  /// How the names of snapshots end that cannot be read.
  private static let damagedSuffix = ".damaged"

  /// Takes a snapshot that cannot be read out of the list, without losing it.
  ///
  /// ``pruneSnapshots(keepingLast:kind:)`` deletes it once the run has come as far again.
  ///
  /// - Parameter snapshot: of this run.
  /// - Throws: ``RunError/cannotWrite(path:reason:)`` when it cannot be renamed.
  public func setAside(_ snapshot: Snapshot) throws(RunError) {
    guard rename(snapshot.file.path, snapshot.file.path + Self.damagedSuffix) == 0 else {
      throw .cannotWrite(path: snapshot.file.path, reason: "not set aside, \(systemReason())")
    }
  }

  /// Deletes all snapshots but the last few, and damaged ones that the last has caught up with.
  ///
  /// - Parameters:
  ///   - count: How many to keep.
  ///   - kind: Only snapshots of this kind are touched.
  /// - Throws: ``RunError/cannotWrite(path:reason:)`` when one cannot be deleted.
  /// - Precondition: `count` is positive: a run keeps at least what it can resume from.
  public func pruneSnapshots(keepingLast count: Int, kind: String = "snapshot") throws(RunError) {
    precondition(count > 0, "a run keeps at least one snapshot: \(count)")
    let whole = snapshots(kind: kind)
    let replaced = snapshots(kind: kind, setAside: true)
      .filter { $0.iteration <= whole.last?.iteration ?? 0 }
    for snapshot in whole.dropLast(count) + replaced
    where unlink(snapshot.file.path) != 0 && errno != ENOENT {
      throw .cannotWrite(path: snapshot.file.path, reason: "not deleted, \(systemReason())")
    }
  }
}
