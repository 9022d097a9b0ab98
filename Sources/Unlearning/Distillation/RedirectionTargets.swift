import GANs
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

  /// Targets that somebody has found.
  ///
  /// - Parameters:
  ///   - latents: z, `[M, latentSize]`.
  ///   - styles: w*, `[M, latentSize]`.
  ///   - unresolvedCount: latents that were left out.
  public init(latents: Tensor, styles: Tensor, unresolvedCount: Int = 0) {
    self.latents = latents
    self.styles = styles
    self.unresolvedCount = unresolvedCount
  }

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
    let random = random.split("targets")
    let (negatives, positives) = withoutGradients {
      (generator.styles(z), generator.styles(others))
    }
    let ways = RedirectionWays(
      from: negatives, to: positives, classes: survey.positiveClasses,
      options: options, areClasses: judge.labels.areClasses,
      traits: survey.traits)
    var offsets: [Double]?
    if ways.canBeBalanced {
      let some = Array(0..<min(Self.balancedLatents, negatives.shape[0]))
      var balance = RedirectionBalance(of: survey.positiveClasses)
      for _ in 0..<Self.balancings {
        let found = steps(
          some, of: negatives, ways.directions(offsets), ways.steps, options, random)
        balance.observe(found.flatMap(\.classes))
        offsets = balance.offsets
      }
    }
    var found = steps(
      Array(0..<negatives.shape[0]), of: negatives, ways.directions(offsets), ways.steps, options,
      random)
    if let traits = survey.traits, options.target == .local {
      found = agreeing(found, from: negatives, to: positives, ways, traits, options, random)
    }
    let chosen = found.flatMap(\.indices)
    try progress(chosen.count)
    guard !chosen.isEmpty else { return nil }
    return RedirectionTargets(
      latents: z.gathered(chosen), styles: .concatenated(found.map(\.styles)),
      unresolvedCount: negatives.shape[0] - chosen.count)
  }

  /// Sends latents whose targets differ in other attributes toward the nearest positive that agrees with
  /// them, and as far as that positive itself where nothing nearer agrees.
  ///
  /// Where an attribute is rarer among faces without the concept, the way that loses the concept may lose
  /// the attribute first: beards go with glasses.
  private func agreeing(
    _ found: [Found], from negatives: Tensor, to positives: Tensor, _ ways: RedirectionWays,
    _ traits: StyleTraits, _ options: RedirectionOptions, _ random: RandomGenerator
  ) -> [Found] {
    let others = judge.labels.otherAttributes(than: undesired)
    var best: [Int: (differing: Int, style: Tensor)] = [:]
    func offer(_ found: [Found]) {
      let order = found.flatMap(\.indices)
      guard !order.isEmpty else { return }
      let styles = Tensor.concatenated(found.map(\.styles))
      let seen = opinions(of: styles, noiseFrom: random).map { $0.judgement.traits(others) }
      let differing = traits.differing(order, from: .concatenated(seen))
      for (place, index) in order.enumerated()
      where differing[place] < best[index]?.differing ?? .max {
        best[index] = (differing[place], styles.sliced(place..<place + 1))
      }
    }
    func differing() -> [Int] { best.keys.filter { best[$0]?.differing != 0 }.sorted() }
    offer(found)
    let nearest = ways.nearestAgreeing()
    let directions = positives.gathered(nearest) - negatives
    offer(
      steps(
        differing(), of: negatives, directions, RedirectionWays.partSteps, options, random,
        margin: 1))
    for index in differing() {
      let place = nearest[index]
      let apart = traits.differing([index], from: traits.positives.sliced(place..<place + 1))[0]
      if apart < best[index]?.differing ?? .max {
        best[index] = (apart, positives.sliced(place..<place + 1))
      }
    }
    return best.keys.sorted().compactMap { index in best[index].map { ([index], $0.style, []) } }
  }

  /// Latents that the balance of classes is found with, and how often it is corrected.
  private static let balancedLatents = 512
  private static let balancings = 4

  /// Latents whose step is the same: their targets, and the class of the picture at the border.
  private typealias Found = (indices: [Int], styles: Tensor, classes: [Int])

  /// For each latent the first step at which the judge sees none of the concepts; those that have none
  /// are missing.
  private func steps(
    _ latents: [Int], of negatives: Tensor, _ directions: Tensor, _ steps: [Double],
    _ options: RedirectionOptions, _ random: RandomGenerator, margin: Double? = nil
  ) -> [Found] {
    let margin = margin ?? options.margin
    var (left, result): ([Int], [Found]) = (latents, [])
    for step in steps where !left.isEmpty {
      let way = directions.gathered(left)
      let candidates = negatives.gathered(left) + way * step
      let opinions = opinions(of: candidates, noiseFrom: random)
      let doubts = opinions.flatMap(\.doubts)
      let found = left.indices.filter { doubts[$0] <= options.largestDoubt }
      guard !found.isEmpty else { continue }
      let classes = judge.labels.areClasses ? opinions.flatMap(\.judgement.classes) : []
      result.append(
        (
          found.map { left[$0] },
          negatives.gathered(found.map { left[$0] }) + way.gathered(found)
            * (step * margin),
          classes.isEmpty ? [] : found.map { classes[$0] }
        ))
      left = left.indices.filter { doubts[$0] > options.largestDoubt }.map { left[$0] }
    }
    return result
  }

  /// What the judges say of the pictures of some styles, not mixed.
  private func opinions(of styles: Tensor, noiseFrom random: RandomGenerator) -> [Opinion] {
    var parts: [Opinion] = []
    let most = Self.surveyed(generator.configuration)
    for start in stride(from: 0, to: styles.shape[0], by: most) {
      let some = styles.sliced(start..<min(start + most, styles.shape[0]))
      let pictures = generator.pictures(generator.layered(some), noise: .random(random))
      parts.append(opinion(of: pictures))
    }
    return parts
  }
}
