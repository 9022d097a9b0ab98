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
  /// - Parameter file: the GAN; nil where it is not known yet.
  /// - Returns: the recipe.
  /// - Throws: ``RecipeError`` for what no stage takes, or nothing would look at.
  public func completed(for file: GANFile? = nil) throws -> Recipe {
    var result = self
    do {
      result.options.stages = try Settings(options.stages, given: given).resolved(for: file)
    } catch let error as SettingError {
      throw refusal(error)
    }
    return result
  }

  /// Names the line of what is refused.
  private func refusal(_ error: SettingError) -> RecipeError {
    let (name, place) = (error.field, place(of: error.field))
    return error.reason().map { .useless(place, name: name, reason: $0) }
      ?? .outOfRange(place, name: name, problem: error.problem())
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
