import Foundation
import Recipes
import Records
import Terminal

extension RecipeEstimate {
  /// The figures as comments of YAML.
  ///
  /// - Parameter memory: the most memory of the process, in units of 2^20 bytes; nil where it says little.
  /// - Returns: lines that begin with `#`.
  func comments(peakMegabytes memory: Int?) -> String {
    let width = parts.map(\.name.count).max() ?? 0
    let seeds = seedCount == 1 ? "one seed" : "\(seedCount) seeds"
    let lines =
      [
        "networks: \(network)",
        "generator: \(NumberText.grouped(generatorParameters)) parameters",
        "discriminator: \(NumberText.grouped(discriminatorParameters)) parameters",
        memory.map {
          "memory: \(NumberText.grouped($0)) MiB at most, in the iterations that were timed"
        }
          ?? "memory: that of the device is not measured",
        "snapshots on disk: \(NumberText.plain(Double(snapshotBytes) / 1e9)) GB for \(seeds)",
        "",
        "estimated time for each seed:",
      ]
      + parts.map { part in
        "  \(part.name.leftAligned(to: width))  "
          + NumberText.duration(part.seconds).rightAligned(to: 9)
          + "  \(NumberText.grouped(part.steps)) \(part.unit), "
          + "\(NumberText.plain(1000 * part.secondsPerStep)) ms each"
          + (part.stepsAtOnce > 1 ? ", \(part.stepsAtOnce) at a time" : "")
      }
      + ["estimated time for \(seeds): \(NumberText.duration(seconds))"]
      + notes.map { "note: \($0)" }
    return "\n"
      + lines.map { $0.isEmpty ? "#" : "# " + ShownText.sentence($0) }.joined(separator: "\n")
  }
}
