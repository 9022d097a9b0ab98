import Experiments
import Foundation
import Recipes
import Records
import Terminal

/// Processes that work on one sweep, each with the same command and its own share of the processor.
struct SweepWorkers {
  /// How many.
  let count: Int
  /// Threads of each; nil for an equal share of the cores.
  let threads: Int?

  /// Threads of each worker.
  var threadsOfEach: Int {
    threads ?? max(1, ProcessInfo.processInfo.activeProcessorCount / count)
  }

  /// Starts the workers and waits for them; what they print goes to files in the sweep's folder.
  ///
  /// - Parameters:
  ///   - sweep: what they work on.
  ///   - context: whose cancellation stops them.
  /// - Throws: what starting a process refuses; `Cancelled`.
  func run(_ sweep: SweepExperiment, context: ExperimentContext) throws {
    let folder = sweep.plan.output.appending(path: "workers")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let workers = try (1...count).map { number in
      try start(number, log: folder.appending(path: "\(number).log"))
    }
    let task = RunTask(.preparing, label: "jobs", total: sweep.progress.total)
    context.observer.began(task)
    defer { context.observer.ended() }
    var isStopped = false
    while workers.contains(where: \.isRunning) {
      let progress = sweep.progress
      context.observer.advanced(to: progress.done + progress.failed, statistics: [:])
      if context.cancellation.isRequested, !isStopped {
        isStopped = true
        workers.filter(\.isRunning).forEach { $0.interrupt() }
      }
      Thread.sleep(forTimeInterval: 0.5)
    }
    let progress = sweep.progress
    context.observer.advanced(to: progress.done + progress.failed, statistics: [:])
    if isStopped {
      var cancelled = Cancelled(during: task, at: progress.done + progress.failed)
      cancelled.run = sweep.plan.output.path
      throw cancelled
    }
  }

  /// The same command for one process, without what is about several.
  private func start(_ number: Int, log: URL) throws -> Process {
    let process = Process()
    process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    var words = Array(CommandLine.arguments.dropFirst())
    for name in ["--jobs", "--threads"] {
      if let index = words.firstIndex(of: name) { words.removeSubrange(index...index + 1) }
      words.removeAll { $0.hasPrefix("\(name)=") }
    }
    words.removeAll { $0 == "--json" }
    process.arguments = words + ["--worker", "--threads", "\(threadsOfEach)"]
    _ = FileManager.default.createFile(atPath: log.path, contents: nil)
    let handle = try FileHandle(forWritingTo: log)
    process.standardOutput = handle
    process.standardError = handle
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return process
  }
}
