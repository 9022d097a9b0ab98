public import GANs
import Judging
public import Torch

/// For each latent that shows the concept, the style of the frozen original that it is sent to.
public struct RedirectionTargets {
  /// The latents z, `[M, latentSize]`.
  public let latents: Tensor
  /// w*, the styles of the original whose pictures they shall become, `[M, latentSize]`.
  public let styles: Tensor
  /// Latents that were left out, because no step found a picture without the concept.
  public let unresolvedCount: Int

  /// How many latents there are.
  public var count: Int { latents.shape[0] }
}

extension Feedback {
  /// Finds a target for each latent of a survey that shows the concept: the first step in w at which
  /// the judge no longer sees it.
  ///
  /// - Parameters:
  ///   - survey: of this generator.
  ///   - options: how targets are found.
  ///   - progress: called with the number of latents that have a target; may throw to stop.
  /// - Returns: the targets; nil if there is no negative, or nothing to send it to.
  /// - Throws: what `progress` throws.
  public func targets(
    of survey: StyleSurvey, options: RedirectionOptions,
    progress: (Int) throws -> Void = { _ in }
  ) throws -> RedirectionTargets? {
    guard let z = survey.negativeLatents, let others = survey.positiveLatents else { return nil }
    let (negatives, positives) = withoutGradients {
      (generator.styles(z), generator.styles(others))
    }
    let random = random.split("targets")
    let (directions, steps) = Self.directions(from: negatives, to: positives, options)
    var left = Array(0..<negatives.shape[0])
    var (chosen, targets): ([Int], [Tensor]) = ([], [])
    for step in steps where !left.isEmpty {
      let candidates = negatives.gathered(left) + directions.gathered(left) * step
      let isFree = isFree(candidates, within: options.largestDoubt, noiseFrom: random)
      let found = left.indices.filter { isFree[$0] }
      guard !found.isEmpty else { continue }
      chosen += found.map { left[$0] }
      let those = found.map { left[$0] }
      targets.append(
        negatives.gathered(those) + directions.gathered(those) * (step * options.margin))
      left = left.indices.filter { !isFree[$0] }.map { left[$0] }
      try progress(chosen.count)
    }
    guard !chosen.isEmpty else { return nil }
    return RedirectionTargets(
      latents: z.gathered(chosen), styles: .concatenated(targets), unresolvedCount: left.count)
  }

  /// Whether the judge sees none of the concepts in the pictures of some styles.
  private func isFree(
    _ styles: Tensor, within largestDoubt: Double, noiseFrom random: RandomGenerator
  ) -> [Bool] {
    var result: [Bool] = []
    let most = Self.surveyed(generator.configuration)
    for start in stride(from: 0, to: styles.shape[0], by: most) {
      let some = styles.sliced(start..<min(start + most, styles.shape[0]))
      let pictures = generator.pictures(generator.layered(some), noise: .random(random))
      result += judge.judge(pictures, in: generator.pixelRange).probability(ofAny: undesired)
        .map { $0 <= largestDoubt }
    }
    return result
  }

  /// The way of each negative, and the parts of it that are tried.
  private static func directions(
    from negatives: Tensor, to positives: Tensor, _ options: RedirectionOptions
  ) -> (directions: Tensor, steps: [Double]) {
    let steps = (1...16).map { Double($0) / 4 }
    switch options.target {
    case .direction:
      let difference =
        positives.mean([0], keepingDimensions: true) - negatives.mean([0], keepingDimensions: true)
      return (difference.expanded(negatives.shape), steps)
    case .local:
      return (
        localMean(around: negatives, of: positives, options.locality)
          - localMean(around: negatives, of: negatives, options.locality),
        steps
      )
    case .nearest:
      return (
        nearest(to: negatives, among: positives) - negatives, (2...8).map { Double($0) / 8 }
      )
    }
  }

  /// The mean of some styles around each of others, nearer ones with more weight.
  static func localMean(
    around styles: Tensor, of others: Tensor, _ locality: Double
  ) -> Tensor {
    let lengths = others.square().sum([1]).reshaped([1, others.shape[0]])
    let transposed = others.permuted([1, 0])
    var parts: [Tensor] = []
    for start in stride(from: 0, to: styles.shape[0], by: 512) {
      let some = styles.sliced(start..<min(start + 512, styles.shape[0]))
      let squared =
        lengths - some.matmul(transposed) * 2
        + some.square().sum([1]).reshaped([some.shape[0], 1])
      let scale = squared.mean([1], keepingDimensions: true) * locality
      parts.append((-(squared / scale)).softmax(1).matmul(others))
    }
    return .concatenated(parts)
  }

  /// The nearest of some styles to each of others, by their squared distance.
  static func nearest(to styles: Tensor, among others: Tensor) -> Tensor {
    let lengths = others.square().sum([1]).reshaped([1, others.shape[0]])
    let transposed = others.permuted([1, 0])
    var chosen: [Int] = []
    for start in stride(from: 0, to: styles.shape[0], by: 512) {
      let some = styles.sliced(start..<min(start + 512, styles.shape[0]))
      chosen += (some.matmul(transposed) * 2 - lengths).argmax(1).array(of: Int64.self).map(
        Int.init)
    }
    return others.gathered(chosen)
  }
}
