import ArgumentParser

/// Seeds as a user lists them: `7`, `0-15` or `0-15,20,31`.
enum SeedList {
  /// More would be a mistake of the keyboard: each is a picture that somebody wants to look at.
  static let most = 1_000_000

  /// The seeds of a list, in the order given, each once.
  ///
  /// - Parameter text: numbers and ranges.
  /// - Returns: every seed.
  /// - Throws: `ValidationError` in words for `--seeds`.
  static func seeds(in text: String) throws -> [UInt64] {
    var seeds: [UInt64] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false)
        .map { UInt64($0.trimmingPrefix { $0 == " " }) }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2,
        first <= last
      else {
        throw ValidationError(
          "--seeds has '\(part)', expected seeds and ranges of them such as 0-15,20")
      }
      guard last - first < UInt64(most - seeds.count) else {
        throw ValidationError("--seeds names more than \(most) seeds: take fewer at a time")
      }
      seeds += first...last
    }
    guard Set(seeds).count == seeds.count else {
      throw ValidationError("--seeds names a seed twice, and its picture would be the same")
    }
    return seeds
  }
}
