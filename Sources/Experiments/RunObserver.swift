public import Foundation
public import GANs
public import Records
public import Runs

/// A part of an experiment that takes a while and can be counted.
public struct RunTask: Sendable, Equatable {
  /// The kind of work.
  public var phase: RunPhase
  /// Its name among others of its kind, such as `unlearn` or `adapt 1 of 2`.
  public var label: String
  /// How many steps it takes, those before a resume included.
  public var total: Int
  /// How many steps were done before it began.
  public var start: Int

  /// A task.
  ///
  /// - Parameters:
  ///   - phase: the kind of work.
  ///   - label: its name among others of its kind.
  ///   - total: how many steps it takes.
  ///   - start: how many of them were done before.
  public init(_ phase: RunPhase, label: String, total: Int, startingAt start: Int = 0) {
    self.phase = phase
    self.label = label
    self.total = total
    self.start = start
  }
}

/// Follows an experiment while it runs: a terminal, a page, a notebook, a test.
///
/// Calls come one at a time: from the thread that runs the experiment, and from others while adapted
/// models are trained side by side. Each has a default that does nothing. An observer cannot fail:
/// progress is best effort, results are not.
public protocol RunObserver: AnyObject {
  /// A run's folder is about to be created or gone on with: from here on a stop leaves a run behind.
  func willOpenRun()

  /// A task begins; the one before has ended.
  func began(_ task: RunTask)

  /// Steps of the current task are done.
  ///
  /// - Parameters:
  ///   - step: how many steps are done, those before a resume included.
  ///   - statistics: the newest numbers of a training; empty for other tasks.
  func advanced(to step: Int, statistics: Statistics)

  /// The current task has ended, well or not.
  func ended()

  /// A line of statistics is on disk.
  func recorded(_ record: StatsRecord)

  /// A snapshot is being written; it is whole when the task has ended.
  ///
  /// - Parameters:
  ///   - file: where it goes.
  ///   - iteration: the iterations behind it.
  func wroteSnapshot(_ file: URL, iteration: Int)

  /// Something that is neither a result nor an error.
  func noted(_ sentence: String)
}

extension RunObserver {
  /// Does nothing.
  public func willOpenRun() {}
  /// Does nothing.
  public func began(_ task: RunTask) {}
  /// Does nothing.
  public func advanced(to step: Int, statistics: Statistics) {}
  /// Does nothing.
  public func ended() {}
  /// Does nothing.
  public func recorded(_ record: StatsRecord) {}
  /// Does nothing.
  public func wroteSnapshot(_ file: URL, iteration: Int) {}
  /// Does nothing.
  public func noted(_ sentence: String) {}
}

extension RunObserver {
  /// Says what those who use a GAN's file should know.
  ///
  /// - Parameters:
  ///   - file: the file.
  ///   - matters: what it is used for.
  public func noted(_ file: GANFile, for matters: Set<GANFile.Note.Matter>) {
    for note in file.notes where matters.contains(note.matter) { noted(note.sentence) }
  }
}

/// An observer that looks away.
public final class SilentObserver: RunObserver {
  /// An observer that looks away.
  public init() {}
}
