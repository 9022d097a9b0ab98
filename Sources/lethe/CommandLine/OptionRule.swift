/// Something that holds of what was given, or does not: that an option is there, or has some value.
struct OptionState: Sendable {
  /// The option.
  let option: String
  /// How messages call the state, such as `--loss EL2`.
  let words: String
  /// Whether a message names the value that is there, rather than all that would do.
  var namesValue = false
  /// Decides by the value given or the default, which is nil where there is neither.
  private let holds: @Sendable (_ isGiven: Bool, _ value: String?) -> Bool

  /// The option was given, with any value.
  static func given(_ option: String) -> OptionState {
    OptionState(option: option, words: option) { isGiven, _ in isGiven }
  }

  /// The option has a value, given or by default, for which something holds.
  static func value(
    _ option: String, _ word: String, where holds: @escaping @Sendable (String) -> Bool
  ) -> OptionState {
    OptionState(option: option, words: "\(option) \(word)") { _, value in value.map(holds) ?? false
    }
  }

  /// The option has one of these values, given or by default.
  static func value(_ option: String, _ words: String...) -> OptionState {
    .value(option, words.first ?? "") { words.contains($0) }
  }

  /// The option has this number as its value, however it is written.
  static func number(_ option: String, _ number: Double) -> OptionState {
    .value(option, "\(Int(number))") { Double($0) == number }
  }

  /// The command's argument without a name has this value, given or by default.
  static func argument(_ word: String) -> OptionState {
    OptionState(option: GivenArguments.argumentName, words: word) { _, value in value == word }
  }

  /// The option was given, and not with one of these values.
  static func given(_ option: String, except words: String...) -> OptionState {
    OptionState(option: option, words: option) { isGiven, value in
      isGiven && !(value.map(words.contains) ?? false)
    }
  }

  /// How a message calls the state where it holds: by the value that is there, if there are many that would
  /// do.
  func words(in given: GivenArguments) -> String {
    namesValue ? "\(option) \(given.value(of: option) ?? "")" : words
  }

  /// Whether it holds.
  func isTrue(of given: GivenArguments) -> Bool {
    holds(given.contains(option), given.value(of: option))
  }
}

/// One line of the table: what an option needs beside it, or what takes its meaning away.
struct OptionRule: Sendable {
  /// What it takes for the first option to mean something.
  enum Relation: Sendable {
    /// One of these must hold.
    case needs([OptionState])
    /// None of these may hold.
    case excludes([OptionState])
  }

  /// The option that would have no effect.
  let subject: OptionState
  /// What must hold for the rule to apply at all.
  var premise: OptionState?
  /// What decides about it.
  let relation: Relation
  /// Why, in words that follow a colon.
  let reason: String

  /// An option that means something, beside another one, only where one of these holds.
  static func needs(
    _ subject: OptionState, beside premise: OptionState? = nil, _ others: OptionState...,
    because reason: String
  ) -> OptionRule {
    OptionRule(subject: subject, premise: premise, relation: .needs(others), reason: reason)
  }

  /// An option that means nothing where one of these holds.
  static func excludes(
    _ subject: OptionState, _ others: OptionState..., because reason: String
  ) -> OptionRule {
    OptionRule(subject: subject, relation: .excludes(others), reason: reason)
  }

  /// The sentence that refuses what was given; nil where the rule has nothing against it.
  func refusal(of given: GivenArguments) -> String? {
    guard given.contains(subject.option), subject.isTrue(of: given),
      premise?.isTrue(of: given) ?? true
    else { return nil }
    let subject = subject.words + (premise.map { " beside \($0.words)" } ?? "")
    switch relation {
    case .needs(let others):
      guard !others.contains(where: { $0.isTrue(of: given) }) else { return nil }
      let words = others.map(\.words).joined(separator: " or ")
      return "\(subject) has no meaning without \(words): \(reason)"
    case .excludes(let others):
      return others.first { $0.isTrue(of: given) }.map {
        "\(subject) has no meaning with \($0.words(in: given)): \(reason)"
      }
    }
  }

  /// Every option that the rule speaks of; an argument without a name is none.
  var options: [String] {
    let others =
      switch relation {
      case .needs(let states), .excludes(let states): states
      }
    return ([subject] + others + (premise.map { [$0] } ?? [])).map(\.option)
      .filter { $0 != GivenArguments.argumentName }
  }
}

/// Everything that is known about the options of a command beside one another.
struct OptionRules: Sendable {
  /// Options that have an effect whatever stands beside them.
  var free: [String] = []
  /// What the others need or cannot stand.
  var rules: [OptionRule] = []

  /// The rules of two groups of options.
  static func + (left: OptionRules, right: OptionRules) -> OptionRules {
    OptionRules(free: left.free + right.free, rules: left.rules + right.rules)
  }

  /// Every option that it classifies.
  var options: [String] { free + rules.map(\.subject.option) }

  /// The sentence that refuses what was given; nil where all options belong together.
  func refusal(of given: GivenArguments) -> String? {
    rules.lazy.compactMap { $0.refusal(of: given) }.first
  }
}
