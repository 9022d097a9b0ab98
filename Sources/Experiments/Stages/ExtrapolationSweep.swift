import Evaluation
import GANs
import Records
import Torch
import TorchNN
import Unlearning

/// One generator that is put at any point of the line through the adapted and the original.
final class ExtrapolationSweep {
  private let moving: any GeneratorNetwork
  private let original: Tensor
  private let adapted: [Tensor]

  init(_ file: GANFile, adapted: [GANFile], device: Device) throws {
    moving = try file.makeGenerator(device: device)
    original = moving.parameters.values.clone()
    self.adapted = try adapted.map { try $0.makeGenerator(device: device).parameters.values }
  }

  /// The generator at γ; the next call moves it.
  func generator(gamma: Double) -> any GeneratorNetwork {
    moving.parameters.values.copyInPlace(
      Extrapolation.vector(original: original, adapted: adapted, gamma: gamma))
    return moving
  }
}

extension EvaluationStage {
  /// Measures an extrapolated generator.
  ///
  /// - Returns: the numbers, and what makes some of them doubtful.
  func extrapolated(
    _ generator: any GeneratorNetwork, gamma: Double, against baseline: Baseline
  ) throws -> (point: ExtrapolatedPoint, warnings: [String]) {
    let sample = try judged(generator, name: "gamma \(gamma)")
    let result = try measure(sample, against: baseline)
    let point = ExtrapolatedPoint(
      gamma: gamma, samples: samples, pul: try pul(of: sample, original: baseline.original),
      frechet: result.number(.frechetToOriginalPositives),
      frechetToData: result.number(.frechetToData),
      smallestKeptRatio: result.number(.smallestKeptRatio))
    return (point, result.warnings)
  }

  /// The γ at which extrapolation forgets as much as training did.
  ///
  /// The search compares both on a part of the latents. Its result is then measured with all
  /// latents, and raised by a step until it suffices there too.
  ///
  /// - Parameters:
  ///   - unlearned: what the trained generator has shown.
  ///   - sweep: the generators on the line.
  ///   - baseline: what the original has shown.
  /// - Returns: the points, each with how many latents it was measured; the last is the smallest γ
  ///   found to suffice with all, if any does.
  /// - Throws: what judging throws.
  func extrapolation(
    reaching unlearned: JudgedSample, sweep: ExtrapolationSweep, against baseline: Baseline
  ) throws -> [ExtrapolatedPoint] {
    var search = self
    search.samples = searchCount(baseline.original)
    let part = baseline.first(search.samples)
    let goal = try pul(of: unlearned.first(search.samples), original: part.original)
    var points: [ExtrapolatedPoint] = []
    func reaches(_ gamma: Double) throws -> Bool {
      points.append(
        try search.extrapolated(
          sweep.generator(gamma: gamma), gamma: gamma, against: part
        ).point)
      return points[points.count - 1].pul >= goal
    }
    let found = try Extrapolation.smallestGamma(reaches) ?? Extrapolation.largestGamma
    points.sort { $0.gamma < $1.gamma }
    if search.samples == samples, let last = points.firstIndex(where: { $0.gamma == found }) {
      points.append(points.remove(at: last))
      return points
    }

    let needed = try pul(of: unlearned, original: baseline.original)
    for gamma in stride(
      from: found, through: Extrapolation.largestGamma, by: Extrapolation.gammaStep)
    {
      points.append(
        try extrapolated(
          sweep.generator(gamma: gamma), gamma: gamma, against: baseline
        ).point)
      if points[points.count - 1].pul >= needed { break }
    }
    return points
  }

  /// A quarter of the latents, or all where too few of the original's first ones show the class.
  private func searchCount(_ original: JudgedSample) -> Int {
    let quarter = samples / 4
    let shown = original.first(quarter).count(ofAny: subject.concepts)
    return shown >= 50 ? quarter : samples
  }

  private func pul(of unlearned: JudgedSample, original: JudgedSample) throws -> Double {
    try UnlearningPercentage(
      before: original, after: unlearned, forgotten: subject.concepts
    ).value
  }
}
