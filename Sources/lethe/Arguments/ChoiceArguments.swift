import ArgumentParser
import Experiments

/// Which of the generators along an unlearning becomes its result.
struct ChoiceArguments: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: """
      Generators along the way, the last included, of which the best becomes the result: the one nearest to the \
      original's other pictures among those that have forgotten enough (--least-pul). 1 takes the last. A \
      training of fewer than 100 iterations is judged at its end only.
      """)
  var candidates = SnapshotChoice().candidates

  @Option(
    name: .customLong("least-pul"), parsing: .unconditional,
    help: "The PUL in % from which on a generator has forgotten enough to become the result.")
  var leastPUL = SnapshotChoice().leastPUL

  func validate() throws {
    guard (1...100).contains(candidates) else {
      throw ValidationError("--candidates is \(candidates), expected 1 to 100")
    }
    guard (...100).contains(leastPUL) else {
      throw ValidationError("--least-pul is \(leastPUL), expected at most 100")
    }
  }

  /// The choice.
  var choice: SnapshotChoice {
    var choice = SnapshotChoice()
    choice.candidates = candidates
    choice.leastPUL = leastPUL
    return choice
  }
}
