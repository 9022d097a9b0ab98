public import Runs

/// What a recipe will cost, from a few timed iterations of each stage.
///
/// It trains copies in memory, and leaves no file behind.
public struct RecipeEstimate: Sendable {
  /// A part of a run for one seed.
  public struct Part: Sendable, Equatable {
    /// What is done, such as `unlearn`.
    public let name: String
    /// How many steps it has for one seed.
    public let steps: Int
    /// What a step is, such as `iterations`.
    public let unit: String
    /// How many steps are done at the same time, as those of adapted models side by side.
    public let stepsAtOnce: Int
    /// Seconds from the end of one step to that of the next, on average.
    public let secondsPerStep: Double

    /// Seconds for one seed.
    public var seconds: Double { Double(steps) * secondsPerStep }
  }

  /// The networks' sizes, in words.
  public let network: String
  /// The generator's parameters.
  public let generatorParameters: Int
  /// The discriminator's parameters.
  public let discriminatorParameters: Int
  /// What every seed does, in order.
  public let parts: [Part]
  /// How many seeds there are.
  public let seedCount: Int
  /// Bytes that the snapshots of all seeds take on disk in the end.
  public let snapshotBytes: Int
  /// What the figures leave out, each in a sentence.
  public let notes: [String]

  /// Seconds for all seeds.
  public var seconds: Double { Double(seedCount) * parts.reduce(0) { $0 + $1.seconds } }

  /// The figures as a record.
  public var json: JSON.Object {
    [
      "network": JSON(network), "generator_parameters": JSON(generatorParameters),
      "discriminator_parameters": JSON(discriminatorParameters),
      "seconds": JSON(seconds), "seeds": JSON(seedCount),
      "snapshot_bytes": JSON(snapshotBytes),
      "parts": .array(
        parts.map { part in
          [
            "name": JSON(part.name), "steps": JSON(part.steps), "unit": JSON(part.unit),
            "steps_at_once": JSON(part.stepsAtOnce),
            "seconds_per_step": JSON(part.secondsPerStep), "seconds": JSON(part.seconds),
          ]
        }),
      "notes": JSON(notes),
    ]
  }
}
