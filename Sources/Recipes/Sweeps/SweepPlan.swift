public import Foundation
import Records
import Runs

/// A recipe with a part `sweep`: any methods, concepts and seeds on one GAN.
///
/// ```yaml
/// gan: mnist.pt
/// judge: lenet5.pth
/// sweep:
///   concepts: {7: [0, 1, 2], 8: 0}
///   methods:
///     default: {}
///     cf-k: {method: cf-k}
///     EL2:
///       preset: paper
///       unlearning: {repulsion: {loss: EL2, alpha: 0.002}}
///       vary: {unlearning.repulsion.gamma: [1, 10, 100]}
///   filter: true
///   audit: {effort: quick, only: [worst-case]}
/// ```
///
/// A method is a change of the recipe. `vary` makes one method of each value, or of each combination of
/// values. Each job is one method, one concept and one seed. `filter` adds a row of what a judge between the
/// original and its users would do, without any unlearning.
public struct SweepPlan: Sendable {
  /// The file, as the user named it.
  public let path: String
  /// All jobs: concept by concept, seed by seed, method by method.
  public let jobs: [SweepJob]
  /// The names of the methods, in the order to show.
  public let methods: [String]
  /// The folder of the sweep.
  public let output: URL
  /// What is asked after each unlearning; nil for no audit.
  public let audit: SweepAudit?

  /// Resolves a sweep; no file but the recipe is looked at.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - changes: such as `unlearning.iterations=800`, for all methods that do not say otherwise.
  /// - Returns: the plan.
  /// - Throws: ``RecipeError``; what refuses the constants.
  public static func resolve(_ path: String, changes: [String] = []) throws -> SweepPlan {
    try SweepPlan(RecipeText.read(path), path: path, changes: changes)
  }

  /// Resolves a sweep's text.
  ///
  /// - Parameters:
  ///   - text: YAML.
  ///   - path: what messages call it.
  ///   - changes: as of a file.
  /// - Returns: the plan.
  /// - Throws: as for a file.
  public static func resolve(
    text: String, as path: String, changes: [String] = []
  ) throws -> SweepPlan {
    let values = try RecipeText.read(text, of: path) { .line($0, file: path) }
    return try SweepPlan(values, path: path, changes: changes)
  }

  private init(_ file: RecipeValue, path: String, changes: [String]) throws {
    var base = file
    for change in changes { base = try RecipeResolver.changed(base, by: change) }
    guard let sweep = base["sweep"] else {
      throw RecipeError.missing(
        file: path, name: "sweep",
        expected:
          "the methods to compare, such as sweep: {methods: {default: {}, cf-k: {method: cf-k}}}")
    }
    base["sweep"] = nil
    let known = ["methods", "concepts", "filter", "audit"]
    for entry in sweep.entries where !known.contains(entry.name) {
      throw RecipeError.unknown(entry.place, name: "sweep.\(entry.name)", known: known)
    }
    let name = URL(filePath: path).deletingPathExtension().lastPathComponent
    if base["output"] == nil {
      base["output"] = RecipeValue(
        content: .scalar("runs/\(name)", isQuoted: true), place: .defaults)
    }
    self.path = path
    audit = try SweepAudit(sweep["audit"])
    let methods = try Self.methods(sweep, of: path)
    let hasFilter = try Self.hasFilter(sweep, beside: methods)
    self.methods = methods.map(\.name) + (hasFilter ? [SweepJob.filterName] : [])
    output = URL(filePath: base["output"]?.text ?? "runs/\(name)")
    var jobs: [SweepJob] = []
    for cell in try Self.cells(sweep, base) {
      for seed in cell.seeds {
        for method in methods {
          var values = base.overlaid(by: method.changes)
          values["forget"] = cell.concept
          values["seeds"] = seed
          let (recipe, leftOut) = try Self.resolved(values, own: method.changes, of: path)
          jobs.append(try SweepJob(method.name, recipe, leftOut: leftOut))
        }
        if hasFilter, let any = jobs.last {
          jobs.append(try SweepJob(SweepJob.filterName, any.recipe, isFilter: true))
        }
      }
    }
    self.jobs = jobs
    for (index, job) in jobs.enumerated() {
      guard let twin = jobs[..<index].first(where: { $0.isEqual(to: job) }) else { continue }
      throw RecipeError.unfit(
        sweep["methods"]?.place ?? .defaults, name: "sweep.methods.\(job.method)",
        found: "the same as \(twin.method) with every option",
        expected: "methods that differ")
    }
  }

  // MARK: - Methods

  /// What a method cannot change, or numbers would not compare.
  private static let common = [
    "forget", "seeds", "output", "gan", "judge", "pixel_range", "evaluation",
  ]

  /// What a job is called, and how its recipe differs.
  private struct Method {
    let name: String
    var changes: RecipeValue
  }

  /// Whether a filter stands beside the methods.
  private static func hasFilter(
    _ sweep: RecipeValue, beside methods: [Method]
  ) throws(RecipeError) -> Bool {
    guard let value = sweep["filter"], !value.isNull else { return false }
    guard let isWanted = value.text.flatMap(Bool.init) else {
      throw .unfit(
        value.place, name: "sweep.filter", found: "'\(value.text ?? "a group")'",
        expected: "true or false")
    }
    if isWanted, methods.contains(where: { $0.name == SweepJob.filterName }) {
      throw .unfit(
        value.place, name: "sweep.filter", found: "true beside a method of that name",
        expected: "no method called \(SweepJob.filterName)")
    }
    return isWanted
  }

  private static func methods(
    _ sweep: RecipeValue, of path: String
  ) throws(RecipeError) -> [Method] {
    guard let part = sweep["methods"], !part.entries.isEmpty else {
      throw .missing(
        file: path, name: "sweep.methods",
        expected: "names with changes of the recipe, such as {default: {}, cf-k: {method: cf-k}}")
    }
    var result: [Method] = []
    for entry in part.entries {
      var changes = entry.value
      if changes.isNull { changes.content = .mapping([]) }
      guard case .mapping = changes.content else {
        throw .unfit(
          entry.place, name: "sweep.methods.\(entry.name)", found: "no group of options",
          expected: "changes of the recipe, such as {method: cf-k}")
      }
      for name in Self.common where changes[name] != nil {
        throw .useless(
          changes[name]?.place ?? entry.place, name: "sweep.methods.\(entry.name).\(name)",
          reason: "it is the same for all methods; concepts and seeds stand in sweep.concepts")
      }
      let varied = changes["vary"]
      changes["vary"] = nil
      for variant in try variants(Method(name: entry.name, changes: changes), varied) {
        guard !result.contains(where: { $0.name == variant.name }) else {
          throw .unfit(
            entry.place, name: "sweep.methods.\(entry.name)",
            found: "a second method called \(variant.name)", expected: "names that differ")
        }
        result.append(variant)
      }
    }
    return result
  }

  /// A method for each combination of values.
  private static func variants(
    _ method: Method, _ varied: RecipeValue?
  ) throws(RecipeError) -> [Method] {
    var result = [method]
    for entry in varied?.entries ?? [] {
      guard case .list(let values) = entry.value.content, !values.isEmpty else {
        throw .unfit(
          entry.place, name: "sweep.methods.\(method.name).vary.\(entry.name)",
          found: "no list", expected: "a list of values, such as [1, 10]")
      }
      let path = entry.name.split(separator: ".").map(String.init)
      let word = path.last ?? entry.name
      for value in values where value.text == nil && !value.isNull {
        throw .unfit(
          entry.place, name: "sweep.methods.\(method.name).vary.\(entry.name)",
          found: "a list of groups",
          expected:
            "single values, which also tell the methods apart; give groups as methods of their own")
      }
      result = result.flatMap { base in
        values.map { value in
          var variant = value
          for name in path.reversed() {
            let part = RecipeValue.Entry(name: name, place: entry.place, value: variant)
            variant = RecipeValue(content: .mapping([part]), place: entry.place)
          }
          return Method(
            name: "\(base.name) \(word)=\(value.text ?? "null")",
            changes: base.changes.overlaid(by: variant))
        }
      }
    }
    return result
  }

  /// The recipe of a method: what stands in the sweep for all methods counts where it means something.
  ///
  /// - Parameters:
  ///   - values: of the recipe and the method.
  ///   - own: what the method itself asks for, which is refused where it means nothing.
  ///   - path: the file.
  /// - Returns: the recipe, and what it does without.
  /// - Throws: what the resolver refuses.
  private static func resolved(
    _ values: RecipeValue, own: RecipeValue, of path: String
  ) throws -> (recipe: Recipe, leftOut: [String]) {
    var (values, leftOut) = (values, [String]())
    while true {
      do {
        return (try RecipeResolver(values, path: path).recipe(), leftOut)
      } catch let error as RecipeError {
        guard case .useless(_, let name, _) = error else { throw error }
        let parts = name.split(separator: ".").map(String.init)
        // A null that means something to the method is refused: without it, the usual part would count.
        guard own[path: parts] == nil, let value = values[path: parts], !value.isNull else {
          throw error
        }
        values = values.without(path: parts)
        leftOut.append(name)
      }
    }
  }

  // MARK: - Concepts and seeds

  /// What is forgotten together, and the seeds that it is forgotten with.
  private struct Cell {
    let concept: RecipeValue
    let seeds: [RecipeValue]
  }

  private static func cells(
    _ sweep: RecipeValue, _ base: RecipeValue
  ) throws(RecipeError) -> [Cell] {
    let zero = RecipeValue(content: .scalar("0", isQuoted: false), place: .defaults)
    func seeds(_ value: RecipeValue, _ name: String) throws(RecipeError) -> [RecipeValue] {
      guard case .list(let values) = value.content else { return [value] }
      let words = values.map { $0.text ?? "" }
      guard !words.isEmpty, Set(words).count == words.count else {
        throw .unfit(
          value.place, name: name,
          found: words.isEmpty ? "an empty list" : "[\(words.joined(separator: ", "))]",
          expected: "at least one seed, each of them once")
      }
      return values
    }
    guard let concepts = sweep["concepts"] else {
      let forget = base["forget"] ?? RecipeValue(content: .list([]), place: .defaults)
      return [Cell(concept: forget, seeds: try seeds(base["seeds"] ?? zero, "seeds"))]
    }
    if let forget = base["forget"], forget.place.isGiven {
      throw .useless(forget.place, name: "forget", reason: "sweep.concepts says what is forgotten")
    }
    guard !concepts.entries.isEmpty else {
      throw .unfit(
        concepts.place, name: "sweep.concepts", found: "no concept",
        expected: "concepts with their seeds, such as {7: [0, 1, 2], 8: 0}")
    }
    if let shared = base["seeds"], shared.place.isGiven,
      concepts.entries.allSatisfy({ !$0.value.isNull })
    {
      throw .useless(
        shared.place, name: "seeds", reason: "each of sweep.concepts has its own seeds")
    }
    return try concepts.entries.map { (entry) throws(RecipeError) in
      let names = entry.name.split(separator: ",").map {
        RecipeValue(
          content: .scalar($0.trimmingCharacters(in: .whitespaces), isQuoted: true),
          place: entry.place)
      }
      return Cell(
        concept: RecipeValue(content: .list(names), place: entry.place),
        seeds: try seeds(
          entry.value.isNull ? base["seeds"] ?? zero : entry.value,
          "sweep.concepts.\(entry.name)"))
    }
  }
}
