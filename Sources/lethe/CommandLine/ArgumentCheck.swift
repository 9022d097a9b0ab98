import ArgumentParser
import Records

/// Refuses, before anything is parsed, what the parser would take in silence.
///
/// That is an option given twice, and options that do not belong together. A name that does not exist
/// is answered with the one that may have been meant.
enum ArgumentCheck {
  /// Throws unless everything that was given will be honoured.
  ///
  /// - Parameter arguments: what follows `lethe`.
  /// - Throws: ``RefusedArguments``.
  static func check(_ arguments: [String]) throws(RefusedArguments) {
    guard !isForTheParser(arguments) else { return }
    var (path, rest) = (CommandPath.root, arguments[...])
    while let name = rest.first, let next = path.subcommand(named: name) {
      (path, rest) = (next, rest.dropFirst())
    }
    guard path.subcommands.isEmpty else {
      guard let name = rest.first, !name.hasPrefix("-") else { return }
      throw RefusedArguments(unknownCommand(name, below: path), path: path)
    }
    let given = GivenArguments(rest, of: CommandDescription(of: path.type))
    if let sentence = refusal(of: given, command: path.name) {
      throw RefusedArguments(sentence, path: path)
    }
  }

  /// The sentence that refuses what was given; nil where there is nothing against it.
  static func refusal(of given: GivenArguments, command: String) -> String? {
    if let unknown = given.unknown {
      let names = given.command.arguments.flatMap { $0.names ?? [] }.map(\.spelled)
      return "Unknown option '\(unknown)'"
        + NearestNames.question(for: unknown, among: names.filter { $0.hasPrefix("--") })
    }
    if let (option, spellings) = given.repeated {
      return "\(option) is given \(spellings.count) times (\(spellings.joined(separator: ", "))), "
        + "and only one of them can count: give it once"
    }
    return OptionTable.rules(of: command)?.refusal(of: given)
  }

  private static func unknownCommand(_ name: String, below path: CommandPath) -> String {
    let elsewhere = CommandPath.root.leaves.filter { $0.type._commandName == name }.map(\.name)
    let suggestion =
      elsewhere.isEmpty
      ? NearestNames.question(for: name, among: path.subcommands.map { $0.type._commandName })
      : NearestNames.question(for: elsewhere[0], among: elsewhere)
    return "Unknown command '\(name)'\(suggestion)"
  }

  /// Help, the version, and scripts for completion, which the parser answers itself.
  private static func isForTheParser(_ arguments: [String]) -> Bool {
    if ["help", "---completion"].contains(arguments.first) { return true }
    let own = [
      "-h", "--help", "--help-hidden", "--version", "--generate-completion-script",
      "--experimental-dump-help",
    ]
    return arguments.prefix { $0 != "--" }.contains { word in
      own.contains(String(word.prefix { $0 != "=" }))
    }
  }
}

/// Arguments that would not be honoured.
struct RefusedArguments: Error, CustomStringConvertible {
  /// One sentence that names the option and the reason.
  let sentence: String
  /// The command that they were given to.
  private let path: CommandPath

  init(_ sentence: String, path: CommandPath) {
    self.sentence = sentence
    self.path = path
  }

  /// The sentence, then how to call the command, as the parser shows its own errors.
  var description: String { "Error: \(sentence)\n\(path.usage)" }
}
