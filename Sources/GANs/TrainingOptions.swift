import Foundation
public import Torch
public import TorchNN

/// The constants of GAN training, for pre-training, adaptation and unlearning alike.
///
/// The defaults are those of the public StyleGAN2 implementations, which the method's reference code
/// never overrides (Docs/Method.md).
public struct TrainingOptions: Sendable, Equatable, Codable {
  /// Pictures per iteration: at most 4, or a multiple of 4, for the minibatch statistics.
  public var batchSize = 16
  /// Whether a discriminator is trained and asked.
  ///
  /// Without one, only lessons teach the generator: R1, the real pictures and the adversarial loss are left
  /// out.
  public var usesDiscriminator = true
  /// Adam's step size before the correction for lazy regularisation.
  public var learningRate = 0.002
  /// The factor of both networks' learning rates, whoever gives them.
  public var learningRateFactor = 1.0
  /// The iteration at which the learning rates have fallen to nothing, in a straight line from half of it
  /// on; nil keeps them constant.
  public var decayIterations: Int?
  /// Whether Adam's constants in a checkpoint win over these, as they do in the reference.
  public var keepsOptimiserConstants = true
  /// The weight of R1; 0 turns it off.
  public var r1Weight = 10.0
  /// R1 is applied every `r1Interval` iterations, with its weight multiplied by the interval (lazy
  /// regularisation).
  public var r1Interval = 16
  /// The weight of the path length penalty; 0 turns it off.
  public var pathLengthWeight = 2.0
  /// The penalty is applied every `pathLengthInterval` iterations, with its weight multiplied by
  /// the interval (lazy regularisation).
  public var pathLengthInterval = 4
  /// The penalty's batch is the batch divided by this factor, because the penalty needs much
  /// memory.
  public var pathLengthBatchShrink = 2
  /// Weight of the newest batch in the running mean of path lengths.
  public var pathLengthDecay = 0.01
  /// The probability that a batch's pictures mix two styles.
  public var mixingProbability = 0.9
  /// The half-life of the generator's moving average, in thousands of pictures.
  ///
  /// 5 is the reference's decay of `0.5^(32/10000)` per iteration of 16 pictures: a half-life of
  /// 312 iterations, longer than many adaptations. See ``emaRampUp``.
  public var emaHalfLifeKimg = 5.0
  /// Keeps the half-life within this share of the pictures shown so far; nil keeps it constant.
  ///
  /// Without it, the average of a run of a few hundred iterations shows a state long before its
  /// end. StyleGAN2-ADA calls this EMA ramp-up, with 0.05.
  public var emaRampUp: Double?

  /// How pictures are changed before the discriminator sees them; nil leaves them as they are.
  public var augmentation: AugmentationOptions?

  /// The precision of both networks' steps; the penalties R1 and path length are always in `fp32`.
  public var precision = Precision.fp32

  /// Whether the device records each phase once and replays it; see `DeviceGraph`.
  ///
  /// Styles are then mixed by a mask, which may change the last bits.
  public var usesGraphs = false

  /// The defaults.
  public init() {}

  /// Throws unless training can run with these options.
  ///
  /// - Throws: ``ConfigurationError`` naming the field as records do.
  public func validate() throws(ConfigurationError) {
    guard batchSize > 0, batchSize <= 4 || batchSize % 4 == 0 else {
      throw .outOfRange(
        field: "batch_size", value: "\(batchSize)",
        expected: "1 to 4 or a multiple of 4 (minibatch statistics are over groups of 4)")
    }
    guard batchSize <= 65_536 else {
      throw .outOfRange(field: "batch_size", value: "\(batchSize)", expected: "at most 65536")
    }
    for (field, value) in [
      ("learning_rate", learningRate), ("learning_rate_factor", learningRateFactor),
      ("ema_half_life_kimg", emaHalfLifeKimg),
    ] where !(value > 0 && value.isFinite) {
      throw .outOfRange(field: field, value: "\(value)", expected: "above 0")
    }
    for (field, value) in [("r1_weight", r1Weight), ("path_length_weight", pathLengthWeight)]
    where !(value >= 0 && value.isFinite) {
      throw .outOfRange(field: field, value: "\(value)", expected: "0 (off) or above")
    }
    for (field, value) in [
      ("r1_interval", r1Interval), ("path_length_interval", pathLengthInterval),
      ("path_length_batch_shrink", pathLengthBatchShrink),
    ] where value < 1 {
      throw .outOfRange(field: field, value: "\(value)", expected: "at least 1")
    }
    for (field, value) in [
      ("mixing_probability", mixingProbability), ("path_length_decay", pathLengthDecay),
    ] where !(0...1).contains(value) {
      throw .outOfRange(field: field, value: "\(value)", expected: "0 to 1")
    }
    if let decayIterations, decayIterations < 1 {
      throw .outOfRange(
        field: "decay_iterations", value: "\(decayIterations)", expected: "at least 1")
    }
    if let emaRampUp, !(emaRampUp > 0 && emaRampUp.isFinite) {
      throw .outOfRange(field: "ema_ramp_up", value: "\(emaRampUp)", expected: "above 0")
    }
    if let augmentation, !usesDiscriminator {
      throw .outOfRange(
        field: "augmentation", value: augmentation.preset.rawValue,
        expected: "none where there is no discriminator to see changed pictures")
    }
    try augmentation?.validate()
  }

  /// Pictures in a batch of the path length penalty.
  public var pathLengthBatchSize: Int { max(1, batchSize / max(1, pathLengthBatchShrink)) }

  /// Adam for the generator, corrected for lazy regularisation.
  ///
  /// Karras et al. 2020, appendix B.
  public var generatorAdam: Adam.Options {
    lazyAdam(interval: pathLengthWeight > 0 ? pathLengthInterval : nil)
  }

  /// Adam for the discriminator, corrected for lazy regularisation.
  public var discriminatorAdam: Adam.Options {
    lazyAdam(interval: r1Weight > 0 ? r1Interval : nil)
  }

  /// With k iterations per regularised one, c = k / (k + 1): rate c λ, beta2 = 0.99^c.
  private func lazyAdam(interval: Int?) -> Adam.Options {
    let correction = interval.map { Double($0) / Double($0 + 1) } ?? 1
    return Adam.Options(
      learningRate: learningRate * correction, beta1: 0, beta2: pow(0.99, correction))
  }

  /// The iteration from which on the learning rates fall; nil where they are constant.
  public var decayStart: Int? { decayIterations.map { ($0 + 1) / 2 } }

  /// The factor of the learning rates in the iteration with this index.
  ///
  /// - Parameter iteration: counts from 0.
  /// - Returns: above 0: the hundredth of the full rate remains after the decay.
  public func learningRateFactor(iteration: Int) -> Double {
    guard let decayIterations else { return learningRateFactor }
    let left = 1 - Double(iteration) / Double(decayIterations)
    return learningRateFactor * max(0.01, min(1, 2 * left))
  }

  /// The decay of the moving average in the iteration with this index.
  ///
  /// - Parameter iteration: counts from 0.
  /// - Returns: the decay, in `0 ..< 1`.
  public func emaDecay(iteration: Int) -> Double {
    var halfLife = emaHalfLifeKimg * 1000
    if let emaRampUp {
      halfLife = min(halfLife, Double((iteration + 1) * batchSize) * emaRampUp)
    }
    return pow(0.5, Double(batchSize) / max(halfLife, 1e-8))
  }
}

extension TrainingOptions {
  /// How often a phase runs in an iteration, on average: 1, the inverse of its interval, or 0.
  ///
  /// - Parameter phase: the part of the iteration.
  /// - Returns: in 0 to 1.
  public func runsPerIteration(_ phase: GANTrainer.Phase) -> Double {
    switch phase {
    case .r1: r1Weight > 0 && usesDiscriminator ? 1 / Double(r1Interval) : 0
    case .pathLength: pathLengthWeight > 0 ? 1 / Double(pathLengthInterval) : 0
    case .discriminator: usesDiscriminator ? 1 : 0
    case .generator, .finish: 1
    }
  }
}

extension TrainingOptions {
  /// Takes over the weights of the penalties that a GAN was trained with, where its file records them.
  ///
  /// - Parameter regularisation: of the file that training goes on from.
  public mutating func goOn(with regularisation: GANFile.Regularisation) {
    r1Weight = regularisation.r1Weight ?? r1Weight
    pathLengthWeight = regularisation.pathLengthWeight ?? pathLengthWeight
  }
}
