import Experiments
public import Foundation
public import GANs
public import Runs
import Torch
import Unlearning

/// A recipe as it will be run: the defaults, the file, and the changes beside it, resolved.
public struct Recipe: Sendable, Equatable {
  /// The file, as the user named it.
  public let path: String
  /// Everything, with all defaults.
  public private(set) var options: RecipeOptions
  /// The dotted names of what somebody asked for.
  public let given: Set<String>
  /// The names that each part has, for a record without gaps.
  let names: [String: [String]]
  /// The place of every value.
  let values: RecipeValue

  init(
    path: String, options: RecipeOptions, names: [String: [String]], values: RecipeValue
  ) {
    self.path = path
    self.options = options
    self.names = names
    self.values = values
    given = values.given
  }

  /// The GAN.
  public var gan: RecipeGAN {
    guard let gan = options.gan else { preconditionFailure("a resolved recipe has a GAN") }
    return gan
  }

  /// The judges, the one that measures first; at least one.
  public var judges: [String] { options.judge?.elements ?? [] }
  /// What shall be forgotten, at least one name.
  public var forget: [String] { options.forget?.elements ?? [] }
  /// A run for each; at least one.
  public var seeds: [UInt64] { options.seeds.elements }
  /// The folder of all runs.
  public var output: URL { URL(filePath: options.output) }

  /// The place of a value.
  func place(of name: String) -> RecipePlace {
    values[path: name.split(separator: ".").map(String.init)]?.place ?? .defaults
  }

  /// The recipe for a GAN: the weights of the penalties are those of its own training, unless somebody
  /// says otherwise, or a preset has its own.
  ///
  /// - Parameter file: the GAN.
  /// - Returns: the recipe.
  /// - Throws: ``RecipeError`` for the interval of a penalty that the GAN was trained without.
  public func completed(for file: GANFile) throws(RecipeError) -> Recipe {
    var result = self
    if options.preset == .lethe {
      if var adaptation = options.adaptation {
        goOn(with: file, "adaptation", &adaptation.training)
        result.options.adaptation = adaptation
      }
      goOn(with: file, "unlearning", &result.options.unlearning.training)
    }
    for (part, training) in [
      ("adaptation", result.options.adaptation?.training),
      ("unlearning", result.options.unlearning.training),
    ] {
      guard let training else { continue }
      for (interval, weight, value) in [
        ("r1_interval", "r1_weight", training.r1Weight),
        ("path_length_interval", "path_length_weight", training.pathLengthWeight),
      ] where value == 0 && given.contains("\(part).training.\(interval)") {
        let name = "\(part).training.\(interval)"
        throw .useless(
          place(of: name), name: name,
          reason: "the weight is 0; give \(part).training.\(weight) as well")
      }
    }
    return result
  }

  private func goOn(with file: GANFile, _ part: String, _ training: inout TrainingOptions) {
    let own = training
    training.goOn(with: file.regularisation)
    if given.contains("\(part).training.r1_weight") { training.r1Weight = own.r1Weight }
    if given.contains("\(part).training.path_length_weight") {
      training.pathLengthWeight = own.pathLengthWeight
    }
  }

  /// Every option as resolved, by the names that records use; what is off or open is null.
  ///
  /// - Returns: the record.
  /// - Throws: what encoding throws.
  public func record() throws -> OptionsRecord {
    var encoded = OptionsRecord()
    try encoded.set("recipe", to: options)
    return OptionsRecord(complete(encoded.values["recipe"]?.object ?? [:], under: ""))
  }

  /// The record as a recipe: what reads it resolves to the same.
  ///
  /// - Returns: YAML.
  /// - Throws: what encoding throws.
  public func yaml() throws -> String { try RecipeText.yaml(record().values) }

  /// The part with null for each name that it lacks, in the order of the options' types.
  private func complete(_ part: JSON.Object, under name: String) -> JSON.Object {
    var result = JSON.Object()
    let known = names[name] ?? []
    for key in known + part.keys.filter({ !known.contains($0) }) {
      let value = part[key] ?? .null
      let inner = name.isEmpty ? key : "\(name).\(key)"
      result[key] = value.object.map { .object(complete($0, under: inner)) } ?? value
    }
    return result
  }
}
