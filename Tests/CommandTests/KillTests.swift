import Foundation
import Testing

/// A run that is killed goes on with the same command, and ends as one that was never killed: the
/// same bits, nothing left over, no hand needed.
///
/// `LETHE_KILLS` sets how many kills there are in all; the demo, which takes minutes, has its share
/// from 50 on.
@Suite(.serialized) struct KillTests {
  private let lethe: CommandRunner
  private static let kills =
    ProcessInfo.processInfo.environment["LETHE_KILLS"].flatMap(Int.init) ?? 20

  init() throws { lethe = try CommandRunner() }

  /// Commands that work for a while and can go on.
  enum Work: String, CaseIterable {
    case trainGAN, adapt, unlearn, trainClassifier, demo

    /// The share of this command in all kills.
    var kills: Int { KillTests.kills / Self.allCases.count }
  }

  /// Writes what the command reads.
  ///
  /// - Returns: the command without `--output`.
  private func prepare(_ work: Work) throws -> [String] {
    let snapshots = ["--snapshot-every", "7", "--keep", "2", "--threads", "1", "--seed", "5"]
    switch work {
    case .trainGAN:
      try TinyData.writeIDX(lethe.file("data"))
      if try !lethe.contents.contains("judge.pth") {
        _ = try TinyModels.writeSubject(in: lethe.folder)
      }
      return [
        "train", "gan", "--data", "data", "--size", "8", "--latent", "8", "--mapping-depth", "2",
        "--channel-cap", "4", "--batch", "4", "--iterations", "60", "--judge", "judge.pth",
        "--samples", "128",
      ] + snapshots
    case .trainClassifier:
      try TinyData.writeIDX(lethe.file("data"))
      return ["train", "classifier", "--data", "data", "--epochs", "12", "--batch", "8"] + snapshots
    case .adapt:
      return try ["adapt"] + TinyModels.writeSubject(in: lethe.folder) + [
        "--models", "2", "--iterations", "25", "--negatives", "64", "--fisher-samples", "8",
        "--batch", "4",
      ] + snapshots
    case .unlearn:
      return try ["unlearn"] + TinyModels.writeSubject(in: lethe.folder) + [
        "--adapted", "adapted.pt", "--feedback-samples", "128", "--iterations", "40", "--samples",
        "640", "--batch", "4",
      ] + snapshots
    case .demo:
      return ["demo", "--samples", "640", "--snapshot-every", "100", "--threads", "1"]
    }
  }

  /// Goes on with a run until it is complete; kills it before, as long as `kills` are left and `moment`
  /// gives a time.
  private func complete(
    _ command: [String], _ run: String, kills: inout Int, after moment: () -> Double = { 0 }
  ) throws {
    while true {
      let delay = kills > 0 ? moment() : nil
      let outcome = try lethe.run(
        command + ["--output", run, "--resume"], killedAfterSeconds: delay, timeoutSeconds: 600)
      guard outcome.exitCode == SIGKILL, delay != nil else {
        #expect(outcome.exitCode == 0, "\(outcome.errors)")
        return
      }
      kills -= 1
    }
  }

  @Test(arguments: Work.allCases)
  func `F06 killed at any moment, a run goes on to the bits of one that never was`(
    _ work: Work
  ) throws {
    guard work != .demo || Self.kills >= 50 else { return }
    let command = try prepare(work)
    let start = ContinuousClock.now
    let whole = try lethe.run(command + ["--output", "whole"], timeoutSeconds: 600)
    #expect(whole.exitCode == 0, "\(whole.errors)")
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let expected = try RunResult(lethe.file("whole"))
    var random = SeededNumbers(seed: 11)
    // A run that takes minutes is killed again and again before it ends; of others there are
    // several.
    let longest = work == .demo ? 1.5 * seconds / Double(work.kills) : seconds
    var (left, run) = (work.kills, 0)
    while left > 0 {
      run += 1
      try complete(command, "killed\(run)", kills: &left) {
        longest * Double.random(in: 0..<1, using: &random)
      }
      let result = try RunResult(lethe.file("killed\(run)"))
      result.expectSame(as: expected)
      try FileManager.default.removeItem(at: lethe.file("killed\(run)"))
    }
  }

  /// Moments at which a kill may leave something half done.
  enum Moment: String, CaseIterable {
    case beforeTheFirstSnapshot, inASnapshot, afterTheLastSnapshot, inTheEvaluation,
      beforeTheReport,
      inTheReport

    /// Whether a run's folder is in that state.
    func isNow(_ run: URL) -> Bool {
      func names(_ folder: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: run.appending(path: folder).path))
          ?? []
      }
      switch self {
      case .beforeTheFirstSnapshot: return names("").contains("stats.jsonl")
      case .inASnapshot:
        return names("snapshots").contains { $0.hasPrefix(".snapshot-") }
      case .afterTheLastSnapshot:
        return names("snapshots").contains("snapshot-000040.safetensors")
      case .inTheEvaluation: return names("images").contains("unlearned.png")
      case .beforeTheReport: return names("").contains("metrics.json")
      case .inTheReport: return names("").contains { $0.hasPrefix(".report.html") }
      }
    }
  }

  @Test func `F06 killed where something is half done, a run goes on to the same bits`() throws {
    let command = try prepare(.unlearn)
    let whole = try lethe.run(command + ["--output", "whole"])
    #expect(whole.exitCode == 0, "\(whole.errors)")
    let expected = try RunResult(lethe.file("whole"))
    for moment in Moment.allCases {
      let run = lethe.file(moment.rawValue)
      _ = try lethe.run(
        command + ["--output", moment.rawValue], interruptedOnce: { moment.isNow(run) },
        with: SIGKILL)
      var none = 0
      try complete(command, moment.rawValue, kills: &none)
      try RunResult(run).expectSame(as: expected)
    }
  }

  @Test func `R07 a run whose owner lives is not taken over`() throws {
    let command = try prepare(.trainGAN) + ["--iterations", "100000", "--output", "run"]
    var second: CommandRunner.Outcome?
    let stats = lethe.file("run/stats.jsonl")
    let first = try lethe.run(
      command,
      interruptedOnce: {
        guard FileManager.default.fileExists(atPath: stats.path) else { return false }
        second = try? lethe.run(command + ["--resume"])
        return true
      }, with: SIGKILL)
    #expect(first.exitCode == SIGKILL)
    let refusal = try #require(second)
    #expect(refusal.exitCode == 1)
    #expect(refusal.errors.hasPrefix("Error: FOLDER/run is in use by process "))
    #expect(
      refusal.errors.hasSuffix(
        ": one process at a time works in a run; wait for its end, or stop it\n"))
    // The kernel has taken the lock back.
    let third = try lethe.run(
      prepare(.trainGAN) + ["--output", "run", "--resume", "--iterations", "100001"],
      interruptedOnce: { lethe.text(of: "run/options.json").contains("resumed") }, with: SIGKILL)
    #expect(third.exitCode == SIGKILL, "\(third.errors)")
  }
}

/// Random numbers that are the same in every run of a test.
private struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// SplitMix64 (Steele, Lea, Flood 2014).
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
