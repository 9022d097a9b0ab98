import ArgumentParser

/// How far styles stay from the mean one.
struct TruncationArguments: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "Truncation psi: 1 leaves the styles, 0 makes all pictures the mean one.")
  var truncation = 1.0

  func validate() throws {
    guard truncation.isFinite else {
      throw ValidationError("--truncation is \(truncation), expected a number such as 0.7")
    }
  }
}
