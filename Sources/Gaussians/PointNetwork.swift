import Kernels
public import Torch
public import TorchNN

/// A small fully connected network: the generator or the discriminator of points.
public final class PointNetwork {
  /// The sizes of a network.
  struct Sizes: Equatable {
    var input: Int
    var width: Int
    var hiddenLayers: Int
    var output: Int
  }

  private struct Layer {
    let weight: Parameter
    let bias: Parameter

    /// A layer that starts as PyTorch's does: uniform within `1 / sqrt(I)`.
    init(_ scope: ParameterScope, input: Int, output: Int) {
      let bound = 1 / Double(input).squareRoot()
      weight = scope.declare("weight", shape: [output, input], .uniform(bound: bound))
      bias = scope.declare("bias", shape: [output], .uniform(bound: bound))
    }
  }

  /// All parameters, in one vector.
  public let parameters: ParameterVector
  private let sizes: Sizes
  private let layers: [Layer]

  /// A network of zeros.
  init(_ sizes: Sizes, device: Device) {
    let scope = ParameterScope()
    let widths =
      [sizes.input] + [Int](repeating: sizes.width, count: sizes.hiddenLayers) + [sizes.output]
    layers = zip(widths, widths.dropFirst()).enumerated().map {
      Layer(scope["layers"][$0], input: $1.0, output: $1.1)
    }
    self.sizes = sizes
    parameters = ParameterVector(scope, device: device)
  }

  /// A copy with a vector of its own.
  ///
  /// - Returns: a network of equal parameters.
  public func copy() -> PointNetwork {
    let result = PointNetwork(sizes, device: parameters.device)
    result.parameters.copy(from: parameters)
    return result
  }

  /// Applies the network; a leaky ReLU follows every layer but the last.
  ///
  /// - Parameter x: `[N, I]`.
  /// - Returns: `[N, O]`.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    layers.indices.reduce(x) { x, index in
      let isLast = index == layers.count - 1
      return x.equalLinear(
        layers[index].weight.value, weightScale: 1, bias: layers[index].bias.value, biasScale: 1,
        activation: isLast ? nil : (slope: 0.2, gain: 1))
    }
  }
}
