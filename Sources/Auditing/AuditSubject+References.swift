import Evaluation

extension AuditSubject {
  /// Pictures of the original that no measurement of a generator looks at.
  ///
  /// - Parameter progress: called with the share that is done.
  /// - Returns: what the judge sees in them, and their latents.
  /// - Throws: `EvaluationError`; what `progress` throws.
  func probes(
    _ progress: (Double) throws -> Void
  ) throws -> (sample: JudgedSample, latents: LatentList) {
    let latents = LatentList(count: effort.samples, seed: otherSeed)
    let sample = try reference("probes", of: original, latents, progress)
    return (sample, latents)
  }

  /// What the judge sees in the retrained generator's pictures of other latents.
  ///
  /// - Parameter progress: called with the share that is done.
  /// - Returns: the sample.
  /// - Throws: `EvaluationError`; what `progress` throws.
  /// - Precondition: there is a retrained generator.
  func retrainedReference(_ progress: (Double) throws -> Void) throws -> JudgedSample {
    guard let retrained else { preconditionFailure("no retrained generator") }
    return try reference(
      "retrained", of: retrained, LatentList(count: effort.samples, seed: otherSeed), progress)
  }

  /// A seed that no sample of the audits has.
  private var otherSeed: UInt64 { seed ^ 0x9E37_79B9_7F4A_7C15 }
}
