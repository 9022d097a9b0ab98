import Foundation
import Records

/// Every option of a run as resolved, defaults included: `options` in options.json.
///
/// All keys are in snake_case, whatever the types that hold them are called in Swift. The record has a
/// version; a run folder of an earlier version is read through ``read(_:)``.
public struct OptionsRecord: Sendable, Equatable {
  /// The version that this program writes.
  ///
  /// 1 spelled the fields of nested options in camelCase and kept repulsion beside the method's options.
  public static let version = 2

  /// The options, in the order to show.
  public private(set) var values: JSON.Object

  /// A record of nothing yet.
  public init() { values = [:] }

  /// A record of options that are there already.
  ///
  /// - Parameter values: by names in snake_case.
  public init(_ values: JSON.Object) { self.values = values }

  /// Adds an option, or replaces it.
  ///
  /// - Parameters:
  ///   - name: in snake_case.
  ///   - value: a value, or options of a part with fields of their own.
  /// - Throws: what encoding throws, as for a number that is not finite.
  public mutating func set(_ name: String, to value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    values[name] = try JSON(parsing: String(decoding: encoder.encode(value), as: UTF8.self))
  }

  /// Adds an option to those of a part, or replaces it.
  ///
  /// - Parameters:
  ///   - name: in snake_case.
  ///   - path: the names of the part and of those around it, the outermost first.
  ///   - value: as in `set(_:to:)`.
  /// - Throws: what encoding throws.
  public mutating func set(_ name: String, in path: [String], to value: some Encodable) throws {
    guard let first = path.first else { return try set(name, to: value) }
    var part = OptionsRecord(values[first]?.object ?? [:])
    try part.set(name, in: Array(path.dropFirst()), to: value)
    values[first] = .object(part.values)
  }

  /// Adds options of a part, or replaces them.
  ///
  /// - Parameters:
  ///   - name: of the part, in snake_case.
  ///   - part: its options.
  public mutating func set(_ name: String, to part: OptionsRecord) {
    values[name] = .object(part.values)
  }

  /// Adds the options of another record.
  ///
  /// - Parameter other: its options replace those of the same names.
  public mutating func merge(_ other: OptionsRecord) { values.merge(other.values) }

  /// Gives one option the value that it has in another record; one that is not there goes.
  ///
  /// - Parameters:
  ///   - name: dotted, as in ``flattened``.
  ///   - other: where the value stands.
  public mutating func take(_ name: String, from other: OptionsRecord) {
    let path = name.split(separator: ".").map(String.init)
    values = Self.replaced(at: path[...], in: values, by: other.flattened[name])
  }

  private static func replaced(
    at path: ArraySlice<String>, in options: JSON.Object, by value: JSON?
  ) -> JSON.Object {
    var result = options
    guard let first = path.first else { return options }
    let rest = path.dropFirst()
    result[first] =
      rest.isEmpty
      ? value : .object(replaced(at: rest, in: options[first]?.object ?? [:], by: value))
    return result
  }

  /// The adapted models that a run makes, as many for each concept as asked; nil for a run without.
  public var adaptedModelCount: Int? {
    values["adaptation"]?.object?["model_count"]?.integer.map { models in
      models * max(1, values["forget"]?.array?.count ?? 1)
    }
  }

  /// Options within options by dotted names, such as `training.batch_size`.
  public var flattened: JSON.Object { Self.flattened(values) }

  private static func flattened(_ options: JSON.Object) -> JSON.Object {
    var result = JSON.Object()
    for (name, value) in options {
      guard let inner = value.object else {
        result[name] = value
        continue
      }
      for (innerName, innerValue) in flattened(inner) {
        result["\(name).\(innerName)"] = innerValue
      }
    }
    return result
  }
}

// MARK: - Earlier versions

extension OptionsRecord {
  /// The options of a run folder, in today's form.
  ///
  /// - Parameter options: the whole content of options.json.
  /// - Returns: the options; empty if there are none.
  public static func read(_ options: JSON.Object) -> OptionsRecord {
    let values = options["options"]?.object ?? [:]
    let version = options["options_version"]?.integer ?? 1
    var result = version == 1 ? migrated(values) : values
    // Before there was a choice, all that was trained from scratch was of this family.
    if options["command"]?.string == "train gan" {
      result["architecture"] = result["architecture"] ?? "stylegan2"
    }
    return OptionsRecord(result)
  }

  /// Options of version 1 in the form of version 2.
  static func migrated(_ former: JSON.Object) -> JSON.Object {
    var values = snakeCased(former)
    // Runs from before there was a choice computed in fp32, without graphs.
    for name in ["training", "adaptation", "unlearning"] {
      guard var part = values[name]?.object else { continue }
      if var training = name == "training" ? part : part["training"]?.object {
        training["precision"] = training["precision"] ?? "fp32"
        training["uses_graphs"] = training["uses_graphs"] ?? false
        if name == "training" { part = training } else { part["training"] = .object(training) }
      }
      // A run of one stage kept the number of iterations beside the stage's options.
      if name != "training", part["iterations"] == nil {
        part["iterations"] = values["iterations"]
        values["iterations"] = nil
      }
      values[name] = .object(part)
    }
    if var unlearning = values["unlearning"]?.object {
      if let loss = values["loss"], loss != "none" {
        var repulsion: JSON.Object = ["loss": loss]
        for name in ["alpha", "distance", "gamma", "closed_loop"] {
          repulsion[name] = values[name]
        }
        // α that the network's own scale decides.
        if repulsion["alpha"] == "1/d2" { repulsion["alpha"] = .null }
        unlearning["repulsion"] = .object(repulsion)
        values["method"] = "adapt-then-unlearn"
      } else {
        values["method"] = "positives-only"
      }
      values["unlearning"] = .object(unlearning)
    }
    for name in ["loss", "alpha", "distance", "gamma", "closed_loop"]
    where values["unlearning"] != nil { values[name] = nil }
    return values
  }

  private static func snakeCased(_ object: JSON.Object) -> JSON.Object {
    var result = JSON.Object()
    for (name, value) in object {
      result[snakeCased(name)] = value.object.map { .object(snakeCased($0)) } ?? value
    }
    return result
  }

  /// `emaHalfLifeKimg` as `ema_half_life_kimg`.
  package static func snakeCased(_ name: String) -> String {
    var result = ""
    for character in name {
      if character.isUppercase { result += "_" }
      result += character.lowercased()
    }
    return result
  }
}
