import Records
package import Torch
package import TorchNN

/// Adds small random noise to the weights.
///
/// A generator that has only been turned off a little may be turned on again by chance. Noise ruins pictures
/// as well, so the judge's confidence stands beside every share: little of the concept among ruined pictures
/// is no forgetting.
public struct WeightNoise: Audit {
  /// `weight-noise`.
  public let name = "weight-noise"
  /// Its name in headings.
  public let title = "Weight noise"
  /// What it asks.
  public let question = "Does small random noise on the weights bring the concept back?"
  /// Where the idea comes from.
  public let source =
    "shallow dememorization under weight perturbations, SoK: Unlearnability and Unlearning for Model "
    + "Dememorization, https://arxiv.org/abs/2605.11592"

  /// The audit; it has no settings.
  public init() {}

  /// The standard deviations of the noise, each in root mean squares of the tensor that it is added to.
  private static let strengths = [0.01, 0.02, 0.05, 0.1, 0.2]

  /// Judges the generator under noise of each strength, which is the same for every generator.
  ///
  /// - Parameters:
  ///   - generator: who is asked.
  ///   - subject: what the audits are about.
  ///   - progress: called with the share that is done.
  /// - Returns: the largest share of the concept over all strengths and draws, then the mean of each
  ///   strength. Pictures that are not finite count as ruined: nothing of the concept, no confidence.
  /// - Throws: what `progress` throws.
  public func examine(
    _ generator: AuditedGenerator, in subject: AuditSubject, progress: (Double) throws -> Void
  ) throws -> AuditFinding {
    let sweep = ParameterSweep(of: generator, in: subject)
    let draws = subject.effort.noiseDraws
    let noisy = Self.strengths.flatMap { strength in
      (0..<draws).map { draw in
        ParameterSweep.Place(strength) {
          let random = subject.random("\(name), strength \(strength), draw \(draw)")
          return Self.noisy(sweep.start, strength: strength, using: random)
        }
      }
    }
    let points = try sweep.points(
      at: [ParameterSweep.Place(0) { sweep.start.values }] + noisy, progress: progress)
    let (unmoved, moved) = (Array(points.prefix(1)), Array(points.dropFirst()))
    let means = stride(from: 0, to: moved.count, by: draws).map {
      Array(moved[$0..<$0 + draws]).mean
    }
    let count = "\(draws) draws for each of \(Self.strengths.count) strengths"
    return AuditFinding(
      [
        sweep.largest(.noiseLargestShare, of: moved, method: "largest of \(count)"),
        sweep.each(.noiseShares, of: means, method: "mean of \(draws) draws") {
          100 * $0.share.value
        },
        sweep.each(.noiseConfidences, of: unmoved + means, method: "mean of \(draws) draws") {
          $0.confidence
        },
      ],
      curves: (unmoved + means).curves(
        "noise", title: "under weight noise", xTitle: "noise, relative to each tensor"))
  }

  /// Parameters with noise.
  ///
  /// - Parameters:
  ///   - parameters: of a network.
  ///   - strength: the standard deviation of the noise of each tensor, in root mean squares of the tensor.
  ///   - random: where noise comes from.
  /// - Returns: a vector of the same layout.
  package static func noisy(
    _ parameters: ParameterVector, strength: Double, using random: RandomGenerator
  ) -> Tensor {
    let values = parameters.values
    let deviations = Tensor.zeros([parameters.length], device: parameters.device)
    for range in parameters.ranges {
      deviations.sliced(range).fillInPlace(
        values.sliced(range).square().mean().item().squareRoot())
    }
    let result = values.clone()
    result.addProductInPlace(deviations, random.normal([parameters.length]), times: strength)
    return result
  }
}
