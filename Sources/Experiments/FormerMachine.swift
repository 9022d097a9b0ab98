import Foundation
import Kernels
import Runs
import Torch

/// What the last bits of a run depend on beside its options, as options.json records it at the
/// start.
///
/// Folders of earlier versions record less; what is not recorded is not compared.
struct FormerMachine {
  private let path: String
  private let record: JSON.Object

  /// The record of a run.
  init(of run: RunDirectory) throws {
    path = run.root.path
    record = try run.readOptions()["machine"]?.object ?? [:]
  }

  /// Takes the threads and kernels that the run began with, where nobody asks for others.
  ///
  /// - Parameter context: what is asked for now; hears of what changes.
  /// - Throws: ``ResumeError/otherMachine(path:option:former:now:)``; `TorchError`.
  func adopt(_ context: ExperimentContext) throws {
    try require("device", is: "\(context.device)")
    if let threads = context.choice.threads { try require("threads", is: "\(threads)") }
    if let kernels = context.choice.kernels { try require("kernels", is: "\(kernels)") }
    if let threads = record["threads"]?.integer, threads != Torch.threadCount, threads > 0 {
      try Torch.setThreadCount(threads)
      let isRefused = try Torch.startThreads() != nil
      context.observer.noted(
        isRefused
          ? "\(path) began with \(threads) threads per operator, and the system allows "
            + "\(Torch.threadCount): its last bits may differ"
          : "\(path) goes on with \(threads) threads per operator, as it began")
    }
    guard let name = record["kernels"]?.string, name != "\(KernelRoute.current)" else { return }
    if let route = KernelRoute(name: name), route.isAvailable {
      try route.use()
      context.observer.noted("\(path) goes on with the kernels \(name), as it began")
    } else {
      context.observer.noted(
        "\(path) began with the kernels \(name), which are not available here: it goes on with "
          + "\(KernelRoute.current), and its last bits may differ")
    }
  }

  private func require(_ option: String, is now: String) throws {
    guard let value = record[option], value != .null else { return }
    let former = value.string ?? value.encoded(.line)
    guard former != now else { return }
    throw ResumeError.otherMachine(path: path, option: option, former: former, now: now)
  }
}
