/// What a user has written behind a command: which options, with which values.
///
/// The parser fills in defaults, and then nobody can tell what was asked for. This keeps it.
struct GivenArguments {
  /// An option as it was written once.
  struct Occurrence: Equatable {
    /// The name under which it counts.
    let option: String
    /// As it was spelled.
    let spelling: String
    /// Its values; none for a flag.
    let values: [String]
  }

  /// What the command takes.
  let command: CommandDescription
  /// Every option, in the order it was given.
  private(set) var occurrences: [Occurrence] = []
  /// The words that are neither options nor their values.
  private(set) var words: [String] = []
  /// The first option that the command does not have.
  private(set) var unknown: String?

  /// Sorts the words behind a command, as the parser does.
  ///
  /// What the parser itself refuses, such as a missing value, ends the list: it knows the words.
  init(_ arguments: some Collection<String>, of command: CommandDescription) {
    self.command = command
    var rest = Array(arguments)[...]
    while let word = rest.popFirst() {
      guard word != "--" else {
        words += rest
        return
      }
      guard word.hasPrefix("-"), word.count > 1 else {
        words.append(word)
        continue
      }
      let (spelling, attached) = Self.parts(word)
      guard let argument = command.argument(spelled: spelling),
        let option = command.countedName(argument)
      else {
        unknown = unknown ?? spelling
        continue
      }
      guard let values = Self.values(of: argument, attached: attached, from: &rest) else { return }
      occurrences.append(Occurrence(option: option, spelling: spelling, values: values))
    }
  }

  /// `--name=value` apart.
  private static func parts(_ word: String) -> (spelling: String, value: String?) {
    guard let sign = word.firstIndex(of: "=") else { return (word, nil) }
    return (String(word[..<sign]), String(word[word.index(after: sign)...]))
  }

  /// The values that an option takes; nil where the parser will refuse them.
  private static func values(
    of argument: CommandDescription.Argument, attached: String?, from rest: inout ArraySlice<String>
  ) -> [String]? {
    if argument.kind == .flag { return attached == nil ? [] : nil }
    var values = attached.map { [$0] } ?? []
    let takesAnything = argument.parsingStrategy == .unconditional
    let takesMany = argument.parsingStrategy == .upToNextOption
    while values.isEmpty || takesMany, let next = rest.first, next != "--",
      takesAnything || !next.hasPrefix("-") || next == "-"
    {
      values.append(rest.removeFirst())
    }
    return values.isEmpty ? nil : values
  }
}

extension GivenArguments {
  /// What stands for the first argument without a name, where rules ask for its value.
  static let argumentName = "<argument>"

  /// Whether an option was given at all.
  func contains(_ option: String) -> Bool { occurrences.contains { $0.option == option } }

  /// The value of an option: the one given, else the default; nil without either.
  ///
  /// A flag has none, and the inversion of a flag `no`.
  func value(of option: String) -> String? {
    if option == Self.argumentName {
      return words.first ?? command.arguments.first { $0.kind == .positional }?.defaultValue
    }
    guard let given = occurrences.last(where: { $0.option == option }) else {
      return command.argument(spelled: option)?.defaultValue
    }
    return given.values.last ?? (given.spelling.hasPrefix("--no-") ? "no" : nil)
  }

  /// The first option that was given more than once although only one value counts.
  ///
  /// The parser would take the last one and say nothing. A flag that is given twice says nothing new.
  var repeated: (option: String, spellings: [String])? {
    for occurrence in occurrences {
      let all = occurrences.filter { $0.option == occurrence.option }
      let isFlag = all.allSatisfy(\.values.isEmpty)
      if isFlag ? Set(all.map(\.spelling)).count < 2 : all.count < 2 { continue }
      if command.argument(spelled: occurrence.spelling)?.isRepeating ?? false { continue }
      return (
        occurrence.option, all.map { ([$0.spelling] + $0.values).joined(separator: " ") }
      )
    }
    return nil
  }
}
