import Kernels
import Torch
import TorchNN

/// A fully connected layer with equalised learning rate.
///
/// Karras et al. 2018. Stored weights are about standard normal (over the multiplier); the layer scales them by
/// `multiplier / sqrt(I)` when it runs, so that Adam's steps mean the same everywhere.
struct EqualLinear {
  private let weight: Parameter
  private let bias: Parameter

  /// - Parameters:
  ///   - scope: where the parameters are declared.
  ///   - input: features in.
  ///   - output: features out.
  ///   - biasStart: the bias before training.
  ///   - learningRateMultiplier: 0.01 in the mapping network, 1 elsewhere.
  init(
    _ scope: ParameterScope, input: Int, output: Int, biasStart: Double = 0,
    learningRateMultiplier: Double = 1
  ) {
    weight = scope.declare(
      "weight", shape: [output, input],
      .normal(standardDeviation: 1 / learningRateMultiplier),
      runtimeScale: learningRateMultiplier / Double(input).squareRoot())
    bias = scope.declare(
      "bias", shape: [output], .constant(biasStart), runtimeScale: learningRateMultiplier)
  }

  /// `[N, I]` to `[N, O]`, times a gain.
  func callAsFunction(_ x: Tensor, gain: Double = 1) -> Tensor {
    x.equalLinear(
      weight.value, weightScale: weight.runtimeScale * gain, bias: bias.value,
      biasScale: bias.runtimeScale * gain)
  }

  /// `[N, I]` to `[N, O]`, followed by the leaky ReLU of ``activationGain``.
  func activated(_ x: Tensor) -> Tensor {
    x.equalLinear(
      weight.value, weightScale: weight.runtimeScale, bias: bias.value,
      biasScale: bias.runtimeScale, activation: (slope: 0.2, gain: activationGain))
  }
}

/// The gain after a leaky ReLU with slope 0.2, which preserves variances: √2.
package let activationGain = 2.0.squareRoot()
