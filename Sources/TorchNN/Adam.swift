public import Torch

/// Adam (Kingma and Ba 2015) over a network's parameter vector, in one pass per step.
///
/// Agrees with `torch.optim.Adam` to float rounding.
public final class Adam {
  /// The constants of the update.
  public struct Options: Sendable, Equatable, Codable {
    /// The step size.
    public var learningRate: Double
    /// The decay of the first moment.
    public var beta1: Double
    /// The decay of the second moment.
    public var beta2: Double
    /// What keeps the quotient finite.
    public var epsilon: Double

    /// Options; GANs take `beta1` 0.
    ///
    /// - Parameters:
    ///   - learningRate: the step size, above 0.
    ///   - beta1: the decay of the first moment, in `0 ..< 1`.
    ///   - beta2: the decay of the second moment, in `0 ..< 1`.
    ///   - epsilon: what keeps the quotient finite.
    public init(
      learningRate: Double, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8
    ) {
      self.learningRate = learningRate
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
    }
  }

  /// The constants of the update.
  public var options: Options
  /// How many steps have been taken.
  public private(set) var stepCount = 0
  /// The running mean of the gradients.
  public let firstMoments: Tensor
  /// The running mean of the squared gradients.
  public let secondMoments: Tensor
  private let parameters: ParameterVector

  /// An optimiser that has seen no gradient.
  ///
  /// - Parameters:
  ///   - parameters: what it updates.
  ///   - options: the constants.
  public init(_ parameters: ParameterVector, options: Options) {
    self.parameters = parameters
    self.options = options
    firstMoments = Tensor.zeros([parameters.length], device: parameters.device)
    secondMoments = Tensor.zeros([parameters.length], device: parameters.device)
  }

  /// Updates the parameters by their accumulated gradients; frozen ones and their moments stay.
  ///
  /// - Parameter learningRateFactor: of the learning rate, in this step alone.
  public func step(learningRateFactor: Double = 1) {
    stepCount += 1
    for range in parameters.trainableRanges {
      parameters.values.sliced(range).adamStepInPlace(
        gradients: parameters.gradients.sliced(range), firstMoments: firstMoments.sliced(range),
        secondMoments: secondMoments.sliced(range),
        learningRate: options.learningRate * learningRateFactor,
        beta1: options.beta1, beta2: options.beta2, epsilon: options.epsilon, step: stepCount)
    }
  }

  /// Goes on from moments and a count saved before.
  ///
  /// - Parameters:
  ///   - firstMoments: one tensor for each parameter.
  ///   - secondMoments: one tensor for each parameter.
  ///   - stepCount: the steps that made them.
  ///   - file: what to call the source in an error.
  /// - Throws: ``ParameterError``; the state is unchanged then.
  public func restore(
    firstMoments: StateDict, secondMoments: StateDict, stepCount: Int, file: String
  ) throws(ParameterError) {
    let first = try parameters.fitting(firstMoments, file: file)
    let second = try parameters.fitting(secondMoments, file: file)
    parameters.scatter(first, into: self.firstMoments)
    parameters.scatter(second, into: self.secondMoments)
    self.stepCount = stepCount
  }
}
