import Files
public import Foundation

extension RunDirectory {
  /// A file of weights and states, named by its iteration.
  public struct Snapshot: Sendable, Equatable {
    /// The number of iterations behind it.
    public let iteration: Int
    /// Where it lies.
    public let file: URL
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
    let names = (try? FileManager.default.contentsOfDirectory(atPath: snapshotsFolder.path)) ?? []
    return names.compactMap { name -> Snapshot? in
      guard name.hasPrefix("\(kind)-"), name.hasSuffix(".safetensors") else { return nil }
      let digits = name.dropFirst(kind.count + 1).dropLast(".safetensors".count)
      guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let iteration = Int(digits) else {
        return nil
      }
      let file = snapshotFile(iteration: iteration, kind: kind)
      return file.lastPathComponent == name ? Snapshot(iteration: iteration, file: file) : nil
    }
    .sorted { $0.iteration < $1.iteration }
  }

  /// The snapshot with the highest iteration.
  ///
  /// - Parameter kind: Only snapshots of this kind.
  /// - Returns: the snapshot to resume from.
  /// - Throws: ``RunError/nothingToResume(path:)`` when there is none.
  public func latestSnapshot(kind: String = "snapshot") throws(RunError) -> Snapshot {
    guard let latest = snapshots(kind: kind).last else { throw .nothingToResume(path: root.path) }
    return latest
  }

  /// Deletes all snapshots but the last few.
  ///
  /// - Parameters:
  ///   - count: How many to keep.
  ///   - kind: Only snapshots of this kind are touched.
  /// - Throws: ``RunError/cannotWrite(path:reason:)`` when one cannot be deleted.
  /// - Precondition: `count` is positive: a run keeps at least what it can resume from.
  public func pruneSnapshots(keepingLast count: Int, kind: String = "snapshot") throws(RunError) {
    precondition(count > 0, "a run keeps at least one snapshot: \(count)")
    for snapshot in snapshots(kind: kind).dropLast(count)
    where unlink(snapshot.file.path) != 0 && errno != ENOENT {
      throw .cannotWrite(path: snapshot.file.path, reason: "not deleted, \(systemReason())")
    }
  }
}
