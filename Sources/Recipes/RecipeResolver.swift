import Experiments
import Foundation
import GANs
import Records
import Runs
import Unlearning

extension Recipe {
  /// Resolves a recipe: the defaults of its preset and method, then the file, then the changes.
  ///
  /// No file but the recipe is looked at.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - changes: such as `unlearning.iterations=800`; a later one counts over an earlier one.
  /// - Returns: the recipe.
  /// - Throws: ``RecipeError``; what refuses the constants.
  public static func resolve(_ path: String, changes: [String] = []) throws -> Recipe {
    try RecipeResolver(RecipeText.read(path), path: path, changes: changes).recipe()
  }

  /// Resolves a recipe's text.
  ///
  /// - Parameters:
  ///   - text: YAML.
  ///   - path: what messages call it.
  ///   - changes: as of a file.
  /// - Returns: the recipe.
  /// - Throws: as for a file.
  public static func resolve(
    text: String, as path: String, changes: [String] = []
  ) throws -> Recipe {
    let values = try RecipeText.read(text, of: path) { .line($0, file: path) }
    return try RecipeResolver(values, path: path, changes: changes).recipe()
  }
}

/// Puts the defaults, the file and the changes on top of one another.
struct RecipeResolver {
  private let path: String
  /// The file with the changes, and nothing that nobody asked for.
  private let asked: RecipeValue

  init(_ file: RecipeValue, path: String, changes: [String] = []) throws(RecipeError) {
    self.path = path
    var asked = file
    for change in changes { asked = try Self.changed(asked, by: change) }
    self.asked = asked
  }

  /// Values with a change on top.
  static func changed(
    _ values: RecipeValue, by change: String
  ) throws(RecipeError) -> RecipeValue {
    guard let sign = change.firstIndex(of: "=") else { throw .noChange(change) }
    let path = change[..<sign].split(separator: ".", omittingEmptySubsequences: false)
      .map(String.init)
    guard !path.contains("") else { throw .noChange(change) }
    var value = try RecipeText.value(
      String(change[change.index(after: sign)...]), of: change)
    for name in path.reversed() {
      let entry = RecipeValue.Entry(name: name, place: .change(change), value: value)
      value = RecipeValue(content: .mapping([entry]), place: .change(change))
    }
    return values.overlaid(by: value)
  }

  func recipe() throws -> Recipe {
    /// What the defaults of everything else depend on.
    struct Head: Decodable {
      var preset: MethodPreset?
      var method: MethodName?
    }
    let head = try RecipeDecoder.read(Head.self, from: asked)
    let name = URL(filePath: path).deletingPathExtension().lastPathComponent
    let defaults = RecipeOptions(
      MethodOptions(preset: head.preset ?? .lethe, method: head.method), output: "runs/\(name)")
    let usual = RecipeValue(defaults: try Self.json(RecipeOptions.usual))
    let values = RecipeValue(defaults: try Self.json(defaults)).overlaid(by: asked, usual: usual)
    let log = RecipeDecoder.Log()
    let options = try known { try RecipeDecoder.read(RecipeOptions.self, from: values, log: log) }
    try refuseUnknown(in: values, log)
    let recipe = Recipe(path: path, options: options, names: log.names, values: values)
    try require(recipe)
    let completed = try recipe.completed()
    try checkRanges(completed)
    return completed
  }

  private static func json(_ options: RecipeOptions) throws -> JSON {
    var record = OptionsRecord()
    try record.set("recipe", to: options)
    return record.values["recipe"] ?? .null
  }

  /// Adds the losses that there are to the refusal of one that there is not.
  private func known<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch RecipeError.unfit(let place, let name, let found, _) where name.hasSuffix(".loss") {
      let names = [any RepulsionLoss].known.map(\.name)
      throw RecipeError.unfit(
        place, name: name, found: found, expected: names.joined(separator: ", "))
    }
  }

  // MARK: - Refusals

  /// Refuses the first name that no type has asked for.
  private func refuseUnknown(
    in values: RecipeValue, _ log: RecipeDecoder.Log, under name: String = ""
  ) throws(RecipeError) {
    guard let known = log.names[name] else { return }
    for entry in values.entries {
      let full = name.isEmpty ? entry.name : "\(name).\(entry.name)"
      guard known.contains(entry.name) else {
        guard entry.place.isGiven else { continue }
        if full == "unlearning.repulsion.closed_loop" {
          throw .useless(
            entry.place, name: full,
            reason: "unlearning.repulsion.gamma, a constant weight, takes the place of the closed "
              + "loop; set it to null")
        }
        throw .unknown(
          entry.place, name: full, known: known.sorted())
      }
      try refuseUnknown(in: entry.value, log, under: full)
    }
  }

  private func require(_ recipe: Recipe) throws(RecipeError) {
    if recipe.options.gan == nil {
      throw .missing(
        file: path, name: "gan", expected: "the GAN's file or run folder, such as gan: gan.pt")
    }
    for (name, value, expected) in [
      ("judge", recipe.judges, "a judge's file or run folder, such as judge: judge.pth"),
      (
        "forget", recipe.forget, "what shall be forgotten, as the judge names it, such as forget: 7"
      ),
    ] where value.isEmpty {
      guard case .defaults = recipe.place(of: name) else {
        throw .unfit(
          recipe.place(of: name), name: name, found: "empty", expected: expected)
      }
      throw .missing(file: path, name: name, expected: expected)
    }
    guard !recipe.seeds.isEmpty, Set(recipe.seeds).count == recipe.seeds.count else {
      throw .unfit(
        recipe.place(of: "seeds"), name: "seeds",
        found: recipe.seeds.isEmpty ? "empty" : "a list with a seed that stands there twice",
        expected: "at least one seed, each once")
    }
    // JSON's whole numbers end there, and records hold seeds.
    if let seed = recipe.seeds.first(where: { $0 > UInt64(Int.max) }) {
      throw .unfit(
        recipe.place(of: "seeds"), name: "seeds", found: "\(seed)",
        expected: "seeds up to \(Int.max)")
    }
  }

  /// Checks what belongs to no stage.
  private func checkRanges(_ recipe: Recipe) throws {
    if case .random(let sizes) = recipe.gan {
      guard let configuration = sizes.configuration else {
        throw RecipeError.unfit(
          recipe.place(of: "gan.architecture"), name: "gan.architecture",
          found: "'\(sizes.architecture)'",
          expected: [any Architecture].trainable.map(\.optionName).joined(separator: ", "))
      }
      do {
        try configuration.validate()
      } catch .outOfRange(let field, let value, let expected) {
        let name = "gan." + field.replacing("-", with: "_")
        throw RecipeError.outOfRange(
          recipe.place(of: name), name: name, problem: "is \(value), expected \(expected)")
      }
    }
    for (name, value, least) in [
      ("evaluation.samples", recipe.options.evaluation.samples, 2),
      ("snapshots.every", recipe.options.snapshots.every, 1),
      ("snapshots.keep", recipe.options.snapshots.keep, 1),
    ] where value < least {
      throw RecipeError.outOfRange(
        recipe.place(of: name), name: name, problem: "is \(value), expected at least \(least)")
    }
  }
}
