@testable import lethe

/// Every command with every option, as the parser describes them, for tests over all of them.
enum EveryCommand {
  /// The commands that do something.
  static var all: [CommandPath] { CommandPath.root.leaves }

  /// The names of all, without `lethe`.
  static var names: [String] { all.map { short($0.name) } }

  /// `train gan` of `lethe train gan`.
  static func short(_ name: String) -> String { String(name.dropFirst("lethe ".count)) }

  /// What one of them takes.
  static func description(_ name: String) -> CommandDescription? {
    all.first { short($0.name) == name }.map { CommandDescription(of: $0.type) }
  }

  /// The sentence that refuses words behind a command; nil if there is none.
  static func refusal(_ name: String, _ words: [String]) -> String? {
    description(name).flatMap {
      ArgumentCheck.refusal(of: GivenArguments(words, of: $0), command: "lethe \(name)")
    }
  }
}

/// How the options of a command get on with one another, tried one by one and pair by pair.
struct OptionPairs {
  /// Options that are refused when nothing stands beside them.
  private(set) var alone: [String] = []
  /// Options that are refused beside another one.
  private(set) var refused: [String] = []
  /// Options that only another one makes possible.
  private(set) var saved: [String] = []

  /// Values worth trying for an option: all that a rule could tell apart.
  static func words(_ argument: CommandDescription.Argument) -> [[String]] {
    let name = argument.name ?? ""
    if argument.kind == .flag { return [[name]] }
    let values: [String] =
      switch name {
      case "--loss": ["EL2", "NL2", "none"]
      case "--method":
        [
          "adapt-then-redirect", "redirect", "adapt-then-unlearn", "positives-only", "cf-k",
          "feature-unlearning", "extrapolation",
        ]
      case "--device": ["cpu", "cuda"]
      case "--output": ["a.png", "a/"]
      default: argument.completionKind?.values ?? ["1", "0.5", "0"]
      }
    return values.map { [name, $0] }
  }

  /// Tries all pairs.
  init(_ command: String, _ description: CommandDescription) {
    func isRefused(_ words: [String]) -> Bool {
      OptionTable.rules(of: "lethe \(command)")?
        .refusal(of: GivenArguments(words, of: description)) != nil
    }
    let options = description.options.map(Self.words)
    let solitary = options.map { $0.map(isRefused) }
    for (index, words) in options.enumerated() {
      alone += Self.lines([words], solitary[index].map { $0 })
      for other in options.indices where other > index {
        let partners = options[other]
        var (bad, good): ([Bool], [Bool]) = ([], [])
        for (first, word) in words.enumerated() {
          for (second, partner) in partners.enumerated() {
            let single = solitary[index][first] || solitary[other][second]
            let both = isRefused(word + partner)
            bad.append(both && !single)
            good.append(!both && single)
          }
        }
        refused += Self.lines([words, partners], bad)
        saved += Self.lines([words, partners], good)
      }
    }
  }

  /// As few lines as tell the answers: values are named only where they decide.
  private static func lines(_ options: [[[String]]], _ answers: [Bool]) -> [String] {
    let second = options.count > 1 ? options[1] : [[]]
    func answer(_ row: Int, _ column: Int) -> Bool { answers[row * second.count + column] }
    func line(_ first: [String], _ other: [String]) -> String {
      [first, other].map { $0.joined(separator: " ") }.filter { !$0.isEmpty }
        .joined(separator: " × ")
    }
    let (rows, columns) = (options[0].indices, second.indices)
    let wholeRows = rows.filter { row in columns.allSatisfy { answer(row, $0) } }
    let wholeColumns = columns.filter { column in rows.allSatisfy { answer($0, column) } }
    let (names, others) = (Array(options[0][0].prefix(1)), Array(second[0].prefix(1)))
    if wholeRows.count == rows.count { return [line(names, others)] }
    return wholeRows.map { line(options[0][$0], others) }
      + wholeColumns.map { line(names, second[$0]) }
      + rows.filter { !wholeRows.contains($0) }.flatMap { row in
        columns.filter { !wholeColumns.contains($0) && answer(row, $0) }
          .map { line(options[0][row], second[$0]) }
      }
  }
}
