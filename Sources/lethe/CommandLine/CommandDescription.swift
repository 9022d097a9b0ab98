import ArgumentParser
import Foundation

/// The arguments of a command as the parser describes them itself.
///
/// So nobody writes down twice what a command takes, and what is checked here is what is parsed.
struct CommandDescription {
  /// One argument.
  struct Argument: Decodable {
    /// Whether it has a name, and whether it takes a value.
    enum Kind: String, Decodable { case positional, option, flag }
    /// What it takes of the words after its name.
    enum Strategy: String, Decodable {
      case `default`, scanningForValue, unconditional, upToNextOption, allRemainingInput
      case postTerminator, allUnrecognized
    }
    /// One spelling, with the dashes before it.
    struct Name: Decodable {
      let kind: String
      let name: String
      var spelled: String { (kind == "long" ? "--" : "-") + name }
    }

    let kind: Kind
    /// Whether its values add up when it is given several times.
    let isRepeating: Bool
    let parsingStrategy: Strategy
    let names: [Name]?
    let preferredName: Name?
    let defaultValue: String?
    /// Nil where a shell can complete nothing.
    let completionKind: Completion?

    /// How a shell completes its value.
    struct Completion: Decodable {
      struct List: Decodable { let values: [String] }
      let list: List?

      /// All values, where they are a list.
      var values: [String]? { list?.values }
    }

    /// The name that messages use; nil for one that has none.
    var name: String? { preferredName?.spelled }
  }

  /// All arguments, also those that the parser adds to every command.
  let arguments: [Argument]

  /// What the parser says of a command.
  init(of command: any ParsableCommand.Type) {
    struct Dump: Decodable {
      struct Command: Decodable { let arguments: [Argument]? }
      let command: Command
    }
    do {
      let dump = try JSONDecoder().decode(Dump.self, from: Data(command._dumpHelp().utf8))
      arguments = dump.command.arguments ?? []
    } catch {
      preconditionFailure("the argument parser describes \(command) in a new form: \(error)")
    }
  }

  /// The options and flags that belong to the command, by name.
  var options: [Argument] {
    arguments.filter { $0.kind != .positional && $0.name != "--help" && $0.name != "--version" }
  }

  /// The option or flag with a spelling, such as `--json` or `-h`.
  func argument(spelled spelling: String) -> Argument? {
    arguments.first { ($0.names ?? []).contains { $0.spelled == spelling } }
  }

  /// The name under which an option counts: a flag and its inversion are one option.
  func countedName(_ argument: Argument) -> String? {
    guard let name = argument.name, argument.kind == .flag, name.hasPrefix("--no-") else {
      return argument.name
    }
    let plain = "--" + name.dropFirst("--no-".count)
    return self.argument(spelled: plain) == nil ? name : plain
  }
}
