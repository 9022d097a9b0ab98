import Evaluation
import Runs
import StyleGAN2
import Torch
import Unlearning

/// One generator that is put at any point of the line through the adapted and the original.
final class ExtrapolationSweep {
  private let moving: Generator
  private let original: Tensor
  private let adapted: [Tensor]

  init(_ file: GANFile, adapted: [GANFile], device: Device) throws {
    moving = try Generator(file, device: device)
    original = moving.parameters.values.clone()
    self.adapted = try adapted.map { try Generator($0, device: device).parameters.values }
  }

  /// The generator at γ; the next call moves it.
  func generator(gamma: Double) -> Generator {
    moving.parameters.values.copyInPlace(
      Extrapolation.vector(original: original, adapted: adapted, gamma: gamma))
    return moving
  }
}

/// What extrapolation reaches at one γ.
struct ExtrapolatedPoint {
  var gamma: Double
  var pul: Double
  var frechet: Double
  var smallestKeptRatio: Double?

  /// As metrics.json records it.
  var json: JSON {
    .object([
      "gamma": JSON(gamma), "pul": JSON(pul), "frechet": JSON(frechet),
      "smallest_kept_ratio": JSON(smallestKeptRatio),
    ])
  }
}

extension EvaluationStage {
  /// Measures an extrapolated generator.
  func extrapolated(
    _ generator: Generator, gamma: Double, original: JudgedSample
  ) throws -> ExtrapolatedPoint {
    let result = try measure(generator, named: "gamma \(gamma)", original: original)
    return ExtrapolatedPoint(
      gamma: gamma, pul: result.pul, frechet: result.frechetToOriginalPositives,
      smallestKeptRatio: result.smallestKeptRatio)
  }

  /// The γ at which extrapolation forgets as much as was forgotten by training, by bisection.
  ///
  /// The last of the points returned is the smallest γ found that reaches `pul`, if any does.
  func extrapolation(
    reaching pul: Double, sweep: ExtrapolationSweep, original: JudgedSample
  ) throws -> [ExtrapolatedPoint] {
    func point(_ gamma: Double) throws -> ExtrapolatedPoint {
      try extrapolated(sweep.generator(gamma: gamma), gamma: gamma, original: original)
    }
    var (low, points) = (1.0, [ExtrapolatedPoint]())
    var high = try point(1.5)
    while high.pul < pul, high.gamma < 4 {
      points.append(high)
      low = high.gamma
      high = try point(high.gamma + 0.5)
    }
    guard high.pul >= pul else { return points + [high] }
    for _ in 0..<3 {
      let middle = try point((low + high.gamma) / 2)
      if middle.pul >= pul {
        points.append(high)
        high = middle
      } else {
        points.append(middle)
        low = middle.gamma
      }
    }
    return points.sorted { $0.gamma < $1.gamma } + [high]
  }
}
