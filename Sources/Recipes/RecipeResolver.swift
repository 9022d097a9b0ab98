import Experiments
import Foundation
import GANs
import Records
import Runs
import StyleGAN2
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
private struct RecipeResolver {
  private let path: String
  /// The file with the changes, and nothing that nobody asked for.
  private let asked: RecipeValue

  init(_ file: RecipeValue, path: String, changes: [String]) throws(RecipeError) {
    self.path = path
    var asked = file
    for change in changes { asked = try Self.changed(asked, by: change) }
    self.asked = asked
  }

  private static func changed(
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
    let preset = head.preset ?? .lethe
    let name = URL(filePath: path).deletingPathExtension().lastPathComponent
    let defaults = RecipeOptions(
      preset: preset, method: head.method ?? MethodName(type: preset.method),
      output: "runs/\(name)")
    let usual = RecipeValue(defaults: try Self.json(RecipeOptions.usual))
    var values = RecipeValue(defaults: try Self.json(defaults)).overlaid(by: asked, usual: usual)
    try draw(conclusionsIn: &values, from: defaults)
    let log = RecipeDecoder.Log()
    let options = try known { try RecipeDecoder.read(RecipeOptions.self, from: values, log: log) }
    try refuseUnknown(in: values, log)
    let recipe = Recipe(path: path, options: options, names: log.names, values: values)
    try require(recipe)
    try refuseUseless(recipe)
    try checkRanges(recipe)
    return recipe
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

  // MARK: - What follows

  /// Sets what follows from what was asked for, as it does on the command line, where nobody asks for
  /// something else.
  private func draw(
    conclusionsIn values: inout RecipeValue, from defaults: RecipeOptions
  ) throws(RecipeError) {
    func isGiven(_ name: String) -> Bool { asked[path: Self.path(name)] != nil }
    func scalar(_ text: String) -> RecipeValue {
      RecipeValue(content: .scalar(text, isQuoted: false), place: .defaults)
    }
    func set(_ name: String, to value: RecipeValue?) {
      guard let value, !isGiven(name),
        values[path: Array(Self.path(name).dropLast())]?.isNull == false
      else { return }
      values[path: Self.path(name)] = RecipeValue(content: value.content, place: .defaults)
    }
    for part in ["adaptation", "unlearning"] where values[part]?.isNull == false {
      let training = "\(part).training"
      if isGiven("precision") { set("\(training).precision", to: asked["precision"]) }
      guard isGiven("\(training).learning_rate") else { continue }
      // A rate that somebody asks for is the rate; a checkpoint's own would win otherwise.
      set("\(training).keeps_optimiser_constants", to: scalar("false"))
      set("\(training).learning_rate_factor", to: scalar("1"))
    }
    // A rate that falls until the last iteration goes on to do so.
    if defaults.unlearning.training.decayIterations == defaults.unlearning.iterations {
      set(
        "unlearning.training.decay_iterations", to: asked[path: ["unlearning", "iterations"]])
    }
    if asked[path: ["unlearning", "training", "uses_discriminator"]]?.text == "false" {
      set(
        "unlearning.redirection.margin",
        to: scalar("\(RedirectionOptions.marginWithoutDiscriminator)"))
    }
    // The reference's EL2 is 100 exp(-gamma d): its gamma is the paper's alpha.
    let loss = asked[path: ["unlearning", "repulsion", "loss"]]?.text
    if defaults.preset == .reference, let loss,
      [any RepulsionLoss].known.named(loss) is ExponentialL2
    {
      set("unlearning.repulsion.gamma", to: scalar("100"))
      set("unlearning.repulsion.alpha", to: scalar("1"))
    }
  }

  private static func path(_ name: String) -> [String] {
    name.split(separator: ".").map(String.init)
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

  /// Refuses parts that the method would not look at.
  private func refuseUseless(_ recipe: Recipe) throws(RecipeError) {
    let (options, type) = (recipe.options, recipe.options.method.type)
    func refuse(_ name: String, _ reason: String) throws(RecipeError) {
      throw .useless(
        recipe.place(of: name), name: name, reason: "the method \(type.name) \(reason)")
    }
    if type.usesAdapted {
      if options.adaptation == nil {
        try refuse("adaptation", "needs adapted models, and it is null")
      }
      if options.unlearning.repulsion == nil {
        try refuse("unlearning.repulsion", "moves away from adapted models, and it is null")
      }
    } else {
      let reason = "takes no adapted models; set it to null"
      if options.adaptation != nil { try refuse("adaptation", reason) }
      if options.unlearning.repulsion != nil { try refuse("unlearning.repulsion", reason) }
    }
    if !type.distils {
      let reason = "neither retains nor redirects; set it to null"
      if options.unlearning.retention != nil { try refuse("unlearning.retention", reason) }
      if options.unlearning.redirection != nil { try refuse("unlearning.redirection", reason) }
    }
    try refuseUnread(recipe)
    for part in ["adaptation", "unlearning"] {
      let training =
        part == "adaptation" ? options.adaptation?.training : options.unlearning.training
      let name = "\(part).training.learning_rate"
      guard let training, recipe.given.contains(name), training.keepsOptimiserConstants,
        training.learningRate != TrainingOptions().learningRate
      else { continue }
      throw .useless(
        recipe.place(of: name), name: name,
        reason: "\(part).training.keeps_optimiser_constants is true, so a GAN's own rate wins")
    }
  }

  /// Refuses constants that are asked for and that nothing reads, since something else is off.
  ///
  /// The usual ones may stand there: a printed recipe has all of them.
  private func refuseUnread(_ recipe: Recipe) throws(RecipeError) {
    let (options, usual) = (recipe.options.unlearning, UnlearningOptions())
    func refuse(_ name: String, _ reason: String, where isUnread: Bool) throws(RecipeError) {
      guard isUnread, recipe.given.contains(name) else { return }
      throw .useless(recipe.place(of: name), name: name, reason: reason)
    }
    try refuse(
      "unlearning.patience_target", "unlearning.patience is null, so nothing ends early",
      where: options.patience == nil && options.patienceTarget != usual.patienceTarget)
    try refuse(
      "unlearning.survey_samples", "nothing is retained or redirected",
      where: options.retention == nil && options.redirection == nil
        && options.surveySamples != usual.surveySamples)
    guard !options.training.usesDiscriminator else { return }
    let reason = "uses_discriminator is false, and that is about what a discriminator is shown"
    try refuse(
      "unlearning.largest_doubt", reason, where: options.largestDoubt != usual.largestDoubt)
    try refuse(
      "unlearning.least_class_share", reason,
      where: options.leastClassShare != usual.leastClassShare)
  }

  private func checkRanges(_ recipe: Recipe) throws {
    if let adaptation = recipe.options.adaptation {
      try check("adaptation", in: recipe) { try adaptation.validate() }
    }
    try check("unlearning", in: recipe) { try recipe.options.unlearning.validate() }
    try check("gan", in: recipe) {
      if case .random(let sizes) = recipe.gan { try sizes.configuration.validate() }
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

  /// Names the line of a number that the options refuse.
  ///
  /// They call it as the command line does; the value tells which one it is, where only one has it.
  private func check(_ part: String, in recipe: Recipe, _ body: () throws -> Void) throws {
    let (field, value, expected): (String, String, String)
    do {
      return try body()
    } catch UnlearningError.outOfRange(let name, let number, let range) {
      (field, value, expected) = (name, number, range)
    } catch ConfigurationError.outOfRange(let name, let number, let range) {
      (field, value, expected) = (name, number, range)
    }
    let culprits = recipe.values[part]?.givenScalars(under: part).filter {
      $0.value.text == value || Double($0.value.text ?? "") == Double(value) && Double(value) != nil
    }
    guard let culprit = culprits?.first, culprits?.count == 1 else {
      throw RecipeError.outOfRange(
        recipe.place(of: part), name: part, problem: "has \(field) \(value), expected \(expected)")
    }
    throw RecipeError.outOfRange(
      culprit.value.place, name: culprit.name, problem: "is \(value), expected \(expected)")
  }
}
