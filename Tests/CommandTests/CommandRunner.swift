import Foundation
import TestSupport
import Testing

@testable import lethe

/// A folder for one test, in which the built `lethe` runs.
final class CommandRunner {
  /// What a command left behind; the folder's path is written `FOLDER` in both texts.
  struct Outcome {
    var exitCode: Int32
    var output: String
    var errors: String
  }

  private let home: TemporaryFolder

  init() throws { home = try TemporaryFolder() }

  /// The folder, removed afterwards.
  var folder: URL { home.url }

  /// The command that this build has made, beside the tests.
  private static var executable: URL {
    let bundles = Bundle.allBundles.map(\.bundleURL).filter { $0.pathExtension == "xctest" }
    let products = bundles.first?.deletingLastPathComponent() ?? Bundle.main.bundleURL
    return products.appending(path: "lethe")
  }

  /// Runs `lethe`, which must end well.
  ///
  /// - Parameters:
  ///   - arguments: what follows `lethe`.
  ///   - environment: variables beside those of the tests.
  ///   - sourceLocation: where a failure is reported.
  /// - Returns: what it left behind.
  /// - Throws: if it cannot be started.
  @discardableResult
  func succeed(
    _ arguments: [String], environment: [String: String] = [:],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Outcome {
    let outcome = try run(arguments, environment: environment)
    #expect(outcome.exitCode == 0, "\(outcome.errors)", sourceLocation: sourceLocation)
    return outcome
  }

  /// Runs `lethe` in the folder and waits for its end.
  ///
  /// - Parameters:
  ///   - arguments: what follows `lethe`; relative paths are within the folder. Tests vary common lists:
  ///     an option that stands in it twice is given once, with its later value.
  ///   - isVerbatim: whether `lethe` shall get it twice nevertheless.
  ///   - environment: variables beside those of the tests.
  ///   - script: how a shell shall start the command, which it knows as `"$0" "$@"`, with streams and
  ///     limits of its own.
  ///   - isRipe: looked at again and again; once it holds, the command is sent a signal.
  ///   - signal: which one; Ctrl-C's unless given.
  ///   - delay: the command is killed after this many seconds.
  ///   - timeoutSeconds: after which the command is killed and the test fails.
  ///   - sourceLocation: where that failure is reported.
  /// - Returns: what it left behind.
  /// - Throws: if it cannot be started.
  func run(
    _ arguments: [String], isVerbatim: Bool = false, environment: [String: String] = [:],
    by script: String? = nil,
    interruptedOnce isRipe: (() -> Bool)? = nil, with signal: Int32 = SIGINT,
    killedAfterSeconds delay: Double? = nil,
    timeoutSeconds: Double = 60,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Outcome {
    // Files, because a pipe that nobody reads would stop a command that says much.
    let texts = ["output", "errors"].map { name in
      FileManager.default.temporaryDirectory.appending(path: "lethe-\(name)-\(UUID().uuidString)")
    }
    defer { for text in texts { try? FileManager.default.removeItem(at: text) } }
    for text in texts { try Data().write(to: text) }
    let process = try ChildProcess(
      script == nil ? Self.executable : URL(filePath: "/bin/sh"),
      (script.map { ["-c", $0, Self.executable.path] } ?? [])
        + (isVerbatim ? arguments : Self.withoutRepeats(arguments)),
      environment: ProcessInfo.processInfo.environment.merging(
        ["COLUMNS": "80", "TERM": "dumb", "OMP_NUM_THREADS": "1"]
      ) { $1 }.merging(environment) { $1 },
      in: folder, output: texts[0], errors: texts[1])
    var exitCode: Int32?
    while let isRipe, exitCode == nil {
      if isRipe() {
        process.send(signal)
        break
      }
      exitCode = process.end(within: 0)
    }
    if let delay, exitCode == nil {
      exitCode = process.end(within: delay)
      if exitCode == nil { process.send(SIGKILL) }
    }
    exitCode = exitCode ?? process.end(within: timeoutSeconds)
    if exitCode == nil {
      process.send(SIGKILL)
      exitCode = process.end()
      Issue.record(
        "lethe \(arguments) took more than \(timeoutSeconds) s", sourceLocation: sourceLocation)
    }
    let contents = try texts.map { file in
      try String(contentsOf: file, encoding: .utf8).replacing(folder.path, with: "FOLDER")
    }
    return Outcome(exitCode: exitCode ?? -1, output: contents[0], errors: contents[1])
  }

  /// The same, with the arguments one by one.
  func run(
    _ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Outcome {
    try run(arguments, sourceLocation: sourceLocation)
  }

  /// The text of a file of the folder; empty if there is none.
  func text(of name: String) -> String {
    (try? String(contentsOf: file(name), encoding: .utf8)) ?? ""
  }

  /// A file of the folder.
  func file(_ name: String) -> URL { folder.appending(path: name) }

  /// Everything in the folder, hidden files included.
  var contents: [String] {
    get throws { try home.contents }
  }
}

extension CommandRunner {
  /// The arguments without the earlier occurrences of options of which only one can count.
  static func withoutRepeats(_ arguments: [String]) -> [String] {
    var path = CommandPath.root
    for word in arguments {
      guard let next = path.subcommand(named: word) else { break }
      path = next
    }
    let description = CommandDescription(of: path.type)
    func name(_ word: String) -> String { String(word.prefix { $0 != "=" }) }
    var (result, isDropped) = ([String](), false)
    for (index, word) in arguments.enumerated() {
      if word.hasPrefix("--") {
        let isRepeating = description.argument(spelled: name(word))?.isRepeating ?? true
        let comesAgain = arguments[(index + 1)...].contains { name($0) == name(word) }
        isDropped = comesAgain && !isRepeating
      }
      if !isDropped { result.append(word) }
    }
    return result
  }
}
