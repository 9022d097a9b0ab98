import Foundation
import Records
import Runs

/// How a job of a sweep stands: the content of its state.json.
public struct SweepState: Sendable, Equatable {
  /// A word for it.
  public enum Word: String, Sendable, CaseIterable {
    /// Nothing of it was computed, or it was stopped; it goes on when the sweep does.
    case queued
    /// A process works on it, or was killed while it did.
    case running
    /// Everything is there.
    case done
    /// It failed; it is tried again when the sweep is.
    case failed
  }

  /// A word for it.
  public var word: Word
  /// Why it failed, in one sentence.
  public var reason: String?

  /// A state.
  ///
  /// - Parameters:
  ///   - word: a word for it.
  ///   - reason: why it failed.
  public init(_ word: Word, reason: String? = nil) {
    self.word = word
    self.reason = reason
  }

  /// The state in a job's folder; queued where there is none, or none that can be read.
  static func read(in folder: URL) -> SweepState {
    guard let object = try? JSON(contentsOf: file(in: folder)).object,
      let word = object["state"]?.string.flatMap(Word.init(rawValue:))
    else { return SweepState(.queued) }
    return SweepState(word, reason: object["reason"]?.string)
  }

  /// Writes the state with what the job is.
  func write(_ job: SweepJob, in folder: URL) throws {
    let record: JSON.Object = [
      "state": .string(word.rawValue), "reason": JSON(reason), "method": .string(job.method),
      "forget": JSON(job.recipe.forget), "seed": JSON(job.seed),
      "process": .integer(Int(ProcessInfo.processInfo.processIdentifier)),
      "date": .string(Date().formatted(.iso8601)),
    ]
    try JSON.object(record).write(to: Self.file(in: folder))
  }

  private static func file(in folder: URL) -> URL { folder.appending(path: "state.json") }
}
