import Datasets
import Runs

extension OptionsRecord {
  /// Adds how a run is measured; a run that goes on may be measured otherwise.
  ///
  /// - Parameters:
  ///   - samples: latents that every generator is judged on.
  ///   - data: the real data to compare with, or none.
  ///   - choice: which of the generators along the way becomes the result, where there are several.
  /// - Throws: what encoding throws.
  mutating func setEvaluation(
    samples: Int, data: Dataset? = nil, choice: SnapshotChoice? = nil
  ) throws {
    var part = OptionsRecord()
    try part.set("samples", to: samples)
    if let choice {
      try part.set("candidates", to: choice.candidates)
      if choice.candidates > 1 { try part.set("least_pul", to: choice.leastPUL) }
    }
    if let data {
      try part.set("data", to: data.provenance.path)
      try part.set("data", of: data)
    }
    set(Self.evaluation, to: part)
  }

  private static let evaluation = "evaluation"

  /// Whether an option says how a run is measured.
  ///
  /// - Parameter name: dotted.
  /// - Returns: true for those of ``setEvaluation(samples:data:choice:)``.
  static func isOfEvaluation(_ name: String) -> Bool { name.hasPrefix("\(evaluation).") }
}
