public import Torch

/// A fully connected layer: `[N, I]` to `[N, O]`.
public struct Linear {
  private let weight: Parameter
  private let bias: Parameter

  /// A layer that starts as PyTorch's does: uniform within `1 / sqrt(I)`.
  ///
  /// - Parameters:
  ///   - scope: where `weight` and `bias` are declared.
  ///   - input: features in.
  ///   - output: features out.
  public init(_ scope: ParameterScope, input: Int, output: Int) {
    let bound = 1 / Double(input).squareRoot()
    weight = scope.declare("weight", shape: [output, input], .uniform(bound: bound))
    bias = scope.declare("bias", shape: [output], .uniform(bound: bound))
  }

  /// Applies the layer.
  ///
  /// - Parameter x: `[N, I]`.
  /// - Returns: `[N, O]`.
  public func callAsFunction(_ x: Tensor) -> Tensor { x.linear(weight.value, bias: bias.value) }
}

/// A convolution: `[N, I, H, W]` to `[N, O, H', W']`.
public struct Convolution {
  private let weight: Parameter
  private let bias: Parameter?
  private let stride: Int
  private let padding: Int
  private let groups: Int

  /// A layer that starts as PyTorch's does: uniform within `1 / sqrt(I k² / groups)`.
  ///
  /// - Parameters:
  ///   - scope: where `weight` and `bias` are declared.
  ///   - input: channels in.
  ///   - output: channels out.
  ///   - kernel: the side k of the kernel in pixels.
  ///   - stride: the step in pixels.
  ///   - padding: zeros on each side, in pixels.
  ///   - groups: into how many parts the channels are divided.
  ///   - hasBias: whether something is added to each channel.
  public init(
    _ scope: ParameterScope, input: Int, output: Int, kernel: Int, stride: Int = 1,
    padding: Int = 0, groups: Int = 1, hasBias: Bool = true
  ) {
    let bound = 1 / Double(input / groups * kernel * kernel).squareRoot()
    weight = scope.declare(
      "weight", shape: [output, input / groups, kernel, kernel], .uniform(bound: bound))
    bias = hasBias ? scope.declare("bias", shape: [output], .uniform(bound: bound)) : nil
    (self.stride, self.padding, self.groups) = (stride, padding, groups)
  }

  /// Applies the layer.
  ///
  /// - Parameter x: `[N, I, H, W]`.
  /// - Returns: `[N, O, H', W']`, `H' = (H + 2 padding - k) / stride + 1`, rounded down.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    x.convolved(
      weight.value, bias: bias?.value, stride: stride, padding: padding, groups: groups)
  }
}

/// Batch normalisation by the running mean and variance: `[N, C, ...]` to the same.
///
/// The running values are declared as parameters, under PyTorch's names, so that files have them. Nothing
/// updates them: networks with this layer are read and not trained.
public struct BatchNormalization {
  private let weight: Parameter
  private let bias: Parameter
  private let mean: Parameter
  private let variance: Parameter
  private let epsilon: Double

  /// A layer that changes nothing yet.
  ///
  /// - Parameters:
  ///   - scope: where `weight`, `bias`, `running_mean` and `running_var` are declared.
  ///   - channels: C.
  ///   - epsilon: what is added to the variance.
  public init(_ scope: ParameterScope, channels: Int, epsilon: Double = 1e-5) {
    weight = scope.declare("weight", shape: [channels], .constant(1))
    bias = scope.declare("bias", shape: [channels], .constant(0))
    mean = scope.declare("running_mean", shape: [channels], .constant(0))
    variance = scope.declare("running_var", shape: [channels], .constant(1))
    self.epsilon = epsilon
  }

  /// Applies the layer.
  ///
  /// - Parameter x: `[N, C]` or `[N, C, H, W]`.
  /// - Returns: of the same shape.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    x.batchNormalized(
      weight: weight.value, bias: bias.value, mean: mean.value, variance: variance.value,
      epsilon: epsilon)
  }

  /// PyTorch's count of batches, which files have and nothing uses.
  ///
  /// - Parameter name: of a tensor.
  /// - Returns: whether it is one.
  public static func isCount(_ name: String) -> Bool {
    name.hasSuffix(".num_batches_tracked")
  }
}
