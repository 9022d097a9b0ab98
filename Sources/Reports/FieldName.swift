import Foundation
import Records
import Runs

/// Keys of JSON files as people read them.
enum FieldName {
  private static let known = [
    "pul": "PUL", "gan": "GAN", "samples": "Latents judged", "frechet": "Fréchet distance",
    "r1": "R1", "ewc": "EWC", "kimg": "kimg",
  ]

  /// A key in words, `path_length_penalty` as `Path length penalty`.
  static func words(_ key: String) -> String {
    if let name = known[key.lowercased()] { return name }
    // Options may be spelled in camel case.
    var words = ""
    var previous: Character = " "
    for character in key {
      if character.isUppercase, previous.isLowercase { words += " " }
      words.append("_-".contains(character) ? " " : character)
      previous = character
    }
    let parts = words.split(separator: " ").map { part -> String in
      let lower = part.lowercased()
      return ["pul", "r1", "ewc", "fid", "kid", "ema", "gan"].contains(lower)
        ? lower.uppercased() : part.allSatisfy(\.isUppercase) ? String(part) : lower
    }
    let text = parts.joined(separator: " ")
    return text.prefix(1).uppercased() + text.dropFirst()
  }

  /// A value as one cell.
  static func value(_ value: JSON) -> String {
    switch value {
    case .null: "none"
    case .bool(let value): value ? "yes" : "no"
    // A seed or a size is quoted as it stands; grouping would keep it from being copied.
    case .integer(let value): String(value)
    case .number(let value): NumberText.short(value)
    case .string(let value): value
    case .array(let values): values.map(self.value).joined(separator: ", ")
    case .object: value.encoded(.line)
    }
  }

  /// An object as rows, objects inside it with dots in their names.
  static func facts(_ object: JSON.Object, prefix: String = "") -> [Report.Fact] {
    object.flatMap { key, value -> [Report.Fact] in
      let name = prefix.isEmpty ? words(key) : "\(prefix), \(words(key).lowercased())"
      if case .object(let inner) = value, !inner.isEmpty { return facts(inner, prefix: name) }
      return [fact(name, value)]
    }
  }

  /// A value under a name; a path as something to copy.
  static func fact(_ name: String, _ value: JSON) -> Report.Fact {
    Report.Fact(name, self.value(value), isCode: value.string?.contains("/") == true)
  }
}
