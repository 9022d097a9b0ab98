public import Foundation

/// What a run was asked to do, with which program, on which machine: the content of options.json.
public struct RunRecord: Sendable, Equatable {
  /// The command, such as `unlearn`.
  public var command: String
  /// The command line word by word.
  public var commandLine: [String]
  /// Every option as resolved, defaults included.
  public var options: OptionsRecord
  /// The seed of all randomness.
  public var seed: UInt64
  /// The version of this program.
  public var version: String
  /// The version of libtorch, where the command uses it.
  public var libtorchVersion: String?
  /// The machine.
  public var machine: MachineFacts
  /// The commit checked out where the command was called.
  public var gitRevision: String?
  /// The files the run read, with their fingerprints.
  public var inputs: [Provenance]
  /// When the run started.
  public var date: Date

  /// A record of this process.
  ///
  /// - Parameters:
  ///   - command: The command, such as `unlearn`.
  ///   - commandLine: The command line word by word.
  ///   - options: Every option as resolved.
  ///   - seed: The seed of all randomness.
  ///   - version: The version of this program.
  ///   - libtorchVersion: The version of libtorch, where the command uses it.
  ///   - threads: How many threads the engine uses.
  ///   - instructions: The vector instructions the engine uses.
  ///   - kernels: Which of the engine's kernels compute.
  ///   - device: Where the engine computes.
  ///   - inputs: The files the run reads.
  ///   - date: When the run started.
  public init(
    command: String, commandLine: [String] = CommandLine.arguments, options: OptionsRecord,
    seed: UInt64, version: String, libtorchVersion: String?, threads: Int? = nil,
    instructions: String? = nil, kernels: String? = nil, device: String? = nil,
    inputs: [Provenance] = [],
    date: Date = Date()
  ) {
    self.command = command
    self.commandLine = commandLine
    self.options = options
    self.seed = seed
    self.version = version
    self.libtorchVersion = libtorchVersion
    machine = .current(
      threads: threads, instructions: instructions, kernels: kernels, device: device)
    gitRevision = GitRevision.current()
    self.inputs = inputs
    self.date = date
  }

  /// The record as options.json holds it.
  public var json: JSON.Object {
    [
      "command": .string(command),
      "command_line": JSON(commandLine),
      "options_version": JSON(OptionsRecord.version),
      "options": .object(options.values),
      "seed": JSON(seed),
      "inputs": .array(inputs.map(\.json)),
      "lethe_version": .string(version),
      "libtorch_version": JSON(libtorchVersion),
      "git_revision": JSON(gitRevision),
      "machine": machine.json,
      "date": .string(date.formatted(.iso8601)),
    ]
  }
}
