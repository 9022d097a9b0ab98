public import Foundation

/// What kind of work a run does at a moment.
public enum RunPhase: String, Sendable, CaseIterable {
  /// Reads files and checks options.
  case preparing
  /// Makes pictures and asks the judge about them.
  case collectingFeedback = "collecting_feedback"
  /// Trains.
  case training
  /// Makes pictures and measures them.
  case evaluating
  /// Makes pictures to look at.
  case makingPictures = "making_pictures"
}

/// How a run stands: the content of status.json, for pages, schedulers and people.
public struct RunStatus: Sendable, Equatable {
  /// How a run ended.
  public enum Outcome: String, Sendable {
    /// Everything that was asked for is there.
    case finished
    /// It stopped as asked; it can go on.
    case stopped
    /// It failed; ``RunStatus/reason`` says why.
    case failed
  }

  /// The work at hand, or the last work before the end.
  public var phase: RunPhase
  /// The name of the task in that phase, such as `adapt 1 of 2`.
  public var task: String?
  /// The process that does it.
  public var process: Int32
  /// When the process began with the run; a resumed run begins anew.
  public var started: Date
  /// When it ended; nil while it runs.
  public var ended: Date?
  /// How it ended; nil while it runs.
  public var outcome: Outcome?
  /// Why it failed, in one sentence.
  public var reason: String?

  /// The status of a run that begins.
  ///
  /// - Parameters:
  ///   - process: the process that runs it.
  ///   - started: when it began.
  public init(
    process: Int32 = ProcessInfo.processInfo.processIdentifier, started: Date = Date()
  ) {
    phase = .preparing
    self.process = process
    self.started = started
  }
}
