import ArgumentParser

/// How many latents or pictures a command judges.
enum SampleCount {
  /// Refuses fewer than a distance between two sets needs.
  ///
  /// - Parameter samples: the value of `--samples`.
  /// - Throws: `ValidationError`.
  static func check(_ samples: Int) throws {
    guard samples >= 2 else {
      throw ValidationError("--samples is \(samples), expected at least 2")
    }
  }
}
