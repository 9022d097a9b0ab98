import Foundation
import Testing

/// A run that is asked to stop leaves a snapshot, whoever asks.
@Suite struct StoppingTests {
  private let lethe: CommandRunner

  init() throws {
    lethe = try CommandRunner()
    try TinyData.writeIDX(lethe.file("data"))
  }

  /// A training that would take long, and writes no snapshot unless it is stopped.
  private func training(iterations: Int = 1_000_000, _ more: String...) -> [String] {
    [
      "train", "gan", "--data", "data", "--size", "8", "--latent", "8", "--mapping-depth", "2",
      "--channel-cap", "4", "--batch", "4", "--snapshot-every", "1000000", "--iterations",
      "\(iterations)", "--output", "run",
    ] + more
  }

  private var isUnderWay: Bool {
    let lines = try? String(contentsOf: lethe.file("run/stats.jsonl"), encoding: .utf8)
    return (lines?.count { $0 == "\n" } ?? 0) > 3
  }

  private var snapshots: [String] {
    get throws { try lethe.contents.filter { $0.hasPrefix("run/snapshots/") } }
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2])
  func `X05 R10 a signal stops a run with a snapshot`(signal: Int32) throws {
    let outcome = try lethe.run(training(), interruptedOnce: { isUnderWay }, with: signal)
    #expect(outcome.exitCode == 128 + signal)
    #expect(outcome.errors.contains("stopping after this iteration with a snapshot"))
    #expect(
      outcome.errors.hasSuffix(
        " with a snapshot in FOLDER/run; the same command with --output FOLDER/run --resume goes on\n"
      ))
    #expect(try snapshots.count == 1)
  }

  @Test func `R10 Ctrl-backslash ends at once`() throws {
    let outcome = try lethe.run(training(), interruptedOnce: { isUnderWay }, with: SIGQUIT)
    #expect(outcome.exitCode == 128 + SIGQUIT)
    #expect(!outcome.errors.contains("Backtrace") && !outcome.errors.contains("stopping"))
    #expect(try snapshots.isEmpty)
  }

  @Test func `X05 a run stops when its time is up, asks to be called again, and goes on`() throws {
    let outcome = try lethe.run(training("--stop-after", "1s"))
    #expect(outcome.exitCode == 75)
    #expect(outcome.errors.contains("stopped at iteration "))
    #expect(outcome.errors.hasSuffix(" --resume goes on\n"))
    let snapshot = try #require(try snapshots.first)
    let reached = try #require(Int(snapshot.filter(\.isNumber)))
    let rest = try lethe.run(training(iterations: reached + 2, "--resume", "--stop-after", "1h"))
    #expect(rest.exitCode == 0, "\(rest.errors)")
  }

  @Test func `X05 a time without a unit is refused`() throws {
    let outcome = try lethe.run(training("--stop-after", "90"))
    #expect(outcome.exitCode == 64)
    #expect(outcome.errors.hasPrefix("Error: The value '90' is invalid for '--stop-after"))
  }
}
