import ArgumentParser

/// Seeds, layers and directions as a user lists them: `7`, `0-15` or `0-15,20,31`.
enum SeedList {
  /// More would be a mistake of the keyboard: each is a picture that somebody wants to look at.
  static let most = 1_000_000

  /// The seeds of a list, in the order given, each once.
  ///
  /// - Parameters:
  ///   - text: numbers and ranges.
  ///   - option: what the user calls the list.
  /// - Returns: every seed.
  /// - Throws: `ValidationError` in words for the option.
  static func seeds(in text: String, option: String = "--seeds") throws -> [UInt64] {
    try numbers(in: text, option: option, noun: "seed", example: "0-15,20")
  }

  /// Layers or directions, counted from 0, in the order given, each once.
  ///
  /// - Parameters:
  ///   - text: numbers and ranges.
  ///   - option: what the user calls the list.
  ///   - noun: what they number.
  /// - Returns: every number.
  /// - Throws: `ValidationError` in words for the option.
  static func indices(in text: String, option: String, noun: String) throws -> [Int] {
    try numbers(in: text, option: option, noun: noun, example: "0-4").map { number in
      guard let index = Int(exactly: number) else {
        throw ValidationError("\(option) has '\(number)', which is no \(noun)")
      }
      return index
    }
  }

  private static func numbers(
    in text: String, option: String, noun: String, example: String
  ) throws -> [UInt64] {
    var numbers: [UInt64] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false)
        .map { UInt64($0.trimmingPrefix { $0 == " " }) }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2,
        first <= last
      else {
        throw ValidationError(
          "\(option) has '\(part)', expected \(noun)s and ranges of them such as \(example)")
      }
      guard last - first < UInt64(most - numbers.count) else {
        throw ValidationError(
          "\(option) names more than \(most) \(noun)s: take fewer at a time")
      }
      numbers += first...last
    }
    guard Set(numbers).count == numbers.count else {
      throw ValidationError(
        "\(option) names a \(noun) twice, and \(noun == "seed" ? "its picture" : "the result") would be the same"
      )
    }
    return numbers
  }
}
