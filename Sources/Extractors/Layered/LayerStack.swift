import Torch
import TorchNN

/// The convolutions of a ``LayeredDesign``.
struct LayerStack {
  private enum Layer {
    case convolution(Convolution, Kernel)
    case pooling(size: Int, roundsUp: Bool)
    case fire(squeeze: Convolution, narrow: Convolution, wide: Convolution)
  }

  private struct Kernel {
    let (size, stride, padding): (Int, Int, Int)
  }

  /// The step of all pooling layers, in pixels.
  private static let poolingStride = 2

  private let layers: [Layer]
  private let tapped: Set<Int>
  /// Channels of the outputs that LPIPS compares.
  let tappedChannels: [Int]
  /// Channels that leave the last stage.
  let output: Int

  /// - Parameters:
  ///   - scope: where `features` are declared.
  ///   - design: which network.
  ///   - width: channels of the first convolution.
  init(_ scope: ParameterScope, _ design: LayeredDesign, width: Int) {
    func scaled(_ channels: Int) -> Int { channels * width / LayeredDesign.publicWidth }
    var (layers, channels, index): ([Layer], [Int], Int) = ([], [], 0)
    var input = 3
    for stage in design.stages {
      let place = scope["features"][index]
      switch stage {
      case .convolution(let kernel, let stride, let padding, let output):
        layers.append(
          .convolution(
            Convolution(
              place, input: input, output: scaled(output), kernel: kernel, stride: stride,
              padding: padding),
            Kernel(size: kernel, stride: stride, padding: padding)))
        input = scaled(output)
        index += 2
      case .pooling(let size, let roundsUp):
        layers.append(.pooling(size: size, roundsUp: roundsUp))
        index += 1
      case .fire(let squeeze, let expansion):
        layers.append(
          .fire(
            squeeze: Convolution(
              place["squeeze"], input: input, output: scaled(squeeze), kernel: 1),
            narrow: Convolution(
              place["expand1x1"], input: scaled(squeeze), output: scaled(expansion), kernel: 1),
            wide: Convolution(
              place["expand3x3"], input: scaled(squeeze), output: scaled(expansion), kernel: 3,
              padding: 1)))
        input = 2 * scaled(expansion)
        index += 1
      }
      channels.append(input)
    }
    self.layers = layers
    tapped = design.tapped
    tappedChannels = channels.indices.filter(design.tapped.contains).map { channels[$0] }
    output = input
  }

  /// The outputs that LPIPS compares.
  ///
  /// - Parameter x: `[N, 3, H, W]`.
  /// - Returns: `[N, C, H', W']` each, not negative.
  func taps(_ x: Tensor) -> [Tensor] {
    var (result, x): ([Tensor], Tensor) = ([], x.contiguous(.channelsLast))
    for (index, layer) in layers.enumerated() where result.count < tapped.count {
      x = Self.apply(layer, to: x)
      if tapped.contains(index) { result.append(x) }
    }
    return result
  }

  /// What leaves the last stage.
  ///
  /// - Parameter x: `[N, 3, H, W]`.
  /// - Returns: `[N, output, H', W']`, not negative.
  func callAsFunction(_ x: Tensor) -> Tensor {
    layers.reduce(x.contiguous(.channelsLast)) { Self.apply($1, to: $0) }
  }

  private static func apply(_ layer: Layer, to x: Tensor) -> Tensor {
    switch layer {
    case .convolution(let convolution, _): return convolution(x).relu()
    case .pooling(let size, roundsUp: false): return x.maxPooled(size: size, stride: poolingStride)
    // Poolings follow ReLU.
    case .pooling(let size, roundsUp: true):
      return x.maxPooledRoundingUp(size: size, stride: poolingStride)
    case .fire(let squeeze, let narrow, let wide):
      let y = squeeze(x).relu()
      return .concatenated([narrow(y).relu(), wide(y).relu()], dimension: 1)
    }
  }

  /// Rows and columns of the smallest pictures of which something is left for each output that LPIPS
  /// compares.
  var smallestSize: Int { (1...).first(where: leavesSomething(of:)) ?? 1 }

  private func leavesSomething(of size: Int) -> Bool {
    var (side, found) = (size, 0)
    for (index, layer) in layers.enumerated() where found < tapped.count {
      switch layer {
      case .convolution(_, let kernel):
        guard side + 2 * kernel.padding >= kernel.size else { return false }
        side = (side + 2 * kernel.padding - kernel.size) / kernel.stride + 1
      case .pooling(let size, let roundsUp):
        // Rounding up, PyTorch takes a square that reaches beyond the border by one pixel.
        guard side >= (roundsUp ? size - 1 : size) else { return false }
        side = (side - size + (roundsUp ? 1 : 0)) / Self.poolingStride + 1
      case .fire: break
      }
      if tapped.contains(index) { found += 1 }
    }
    return true
  }
}
