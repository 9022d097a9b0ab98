import Foundation

/// Writes files on a thread of its own while the caller computes on: one job at a time.
///
///     try writer.submit { try snapshot.write(to: file) }   // returns at once
///     try writer.check()                                    // throws what the job has thrown
///     try writer.finish()                                   // waits; the file is there now
///
/// A job that is submitted while another runs waits for it, and the caller with it, so that no more
/// than one job's data are in memory. An error is kept until it is thrown to a caller; later jobs
/// do not run. A caller that submits must also call `finish()`, because the thread ends with the
/// process. Where the system refuses a thread, the caller writes, and computes on when that is done.
public final class BackgroundWriter: @unchecked Sendable {
  // Sendable because the condition guards every access.
  private let condition = NSCondition()
  private var isBusy = false
  private var failure: (any Error)?
  private let prepareThread: @Sendable () -> Void
  private let startThread: (@escaping @Sendable () -> Void) -> Bool

  /// A writer with nothing to do.
  ///
  /// - Parameter prepare: Runs first on each thread of the writer's own.
  public convenience init(preparingThread prepare: @escaping @Sendable () -> Void = {}) {
    self.init(preparingThread: prepare, startingThreadsBy: DetachedThread.start)
  }

  /// A writer whose threads are started by a function, which says whether it has.
  init(
    preparingThread prepare: @escaping @Sendable () -> Void = {},
    startingThreadsBy start: @escaping (@escaping @Sendable () -> Void) -> Bool
  ) {
    prepareThread = prepare
    startThread = start
  }

  /// Starts a job, once the one before is done.
  ///
  /// - Parameter job: Runs on another thread, or on this one before the call returns; owns what it
  ///   writes.
  /// - Throws: What the job before has thrown; this one does not start then.
  public func submit(_ job: @escaping @Sendable () throws -> Void) throws {
    try finish()
    condition.withLock { isBusy = true }
    let write: @Sendable () -> Void = { [self] in
      let result = Result { try job() }
      condition.withLock {
        if case .failure(let error) = result { failure = error }
        isBusy = false
        condition.broadcast()
      }
    }
    let isStarted = startThread { [prepareThread] in
      prepareThread()
      write()
    }
    if !isStarted { write() }
  }

  /// Throws what a job has thrown, once; does not wait for one that runs.
  ///
  /// - Throws: The job's error.
  public func check() throws { try condition.withLock { try throwFailure() } }

  /// Waits until nothing is being written.
  ///
  /// - Throws: What the last job has thrown.
  public func finish() throws {
    try condition.withLock {
      while isBusy { condition.wait() }
      try throwFailure()
    }
  }

  private func throwFailure() throws {
    guard let failure else { return }
    self.failure = nil
    throw failure
  }
}
