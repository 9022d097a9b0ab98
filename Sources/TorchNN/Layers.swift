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

/// A convolution with stride 1 and no padding: `[N, I, H, W]` to `[N, O, H - k + 1, W - k + 1]`.
public struct Convolution {
  private let weight: Parameter
  private let bias: Parameter

  /// A layer that starts as PyTorch's does: uniform within `1 / sqrt(I k²)`.
  ///
  /// - Parameters:
  ///   - scope: where `weight` and `bias` are declared.
  ///   - input: channels in.
  ///   - output: channels out.
  ///   - kernel: the side k of the kernel in pixels.
  public init(_ scope: ParameterScope, input: Int, output: Int, kernel: Int) {
    let bound = 1 / Double(input * kernel * kernel).squareRoot()
    weight = scope.declare(
      "weight", shape: [output, input, kernel, kernel], .uniform(bound: bound))
    bias = scope.declare("bias", shape: [output], .uniform(bound: bound))
  }

  /// Applies the layer.
  ///
  /// - Parameter x: `[N, I, H, W]`.
  /// - Returns: `[N, O, H - k + 1, W - k + 1]`.
  public func callAsFunction(_ x: Tensor) -> Tensor { x.convolved(weight.value, bias: bias.value) }
}
