public import Kernels
import Torch

/// One convolution of a generator or a discriminator: its sizes, not its weights.
public struct ConvolutionLayer: Sendable, Hashable {
  /// The network that it belongs to.
  public enum Network: String, Sendable {
    /// The synthesis network; the mapping network has no convolutions.
    case generator
    /// The discriminator.
    case discriminator
  }

  /// The network that it belongs to.
  public var network: Network
  /// The name of the layer in checkpoints, such as `convs.0`.
  public var name: String
  /// Channels in.
  public var input: Int
  /// Channels out.
  public var output: Int
  /// The side of the kernel in pixels.
  public var kernel: Int
  /// Stride, padding, direction.
  public var geometry: ConvolutionGeometry
  /// The side of its input in pixels.
  public var inputSide: Int
  /// The resolution of the block that it belongs to: what its precision depends on.
  public var resolution: Int

  /// A layer.
  ///
  /// - Parameters:
  ///   - network: the network that it belongs to.
  ///   - name: its name in checkpoints.
  ///   - input: channels in.
  ///   - output: channels out.
  ///   - kernel: the side of the kernel in pixels.
  ///   - geometry: stride, padding, direction.
  ///   - inputSide: the side of its input in pixels.
  ///   - resolution: the resolution of its block; nil for the side of its input.
  public init(
    _ network: Network, _ name: String, input: Int, output: Int, kernel: Int,
    _ geometry: ConvolutionGeometry = ConvolutionGeometry(), inputSide: Int, resolution: Int? = nil
  ) {
    self.network = network
    self.name = name
    self.input = input
    self.output = output
    self.kernel = kernel
    self.geometry = geometry
    self.inputSide = inputSide
    self.resolution = resolution ?? inputSide
  }

  /// The side of its output in pixels.
  public var outputSide: Int {
    geometry.isTransposed
      ? (inputSide - 1) * geometry.stride + kernel - 2 * geometry.padding
      : (inputSide + 2 * geometry.padding - kernel) / geometry.stride + 1
  }

  /// The sizes of its weight.
  public var weightShape: [Int] {
    (geometry.isTransposed ? [input, output] : [output, input]) + [kernel, kernel]
  }

  /// Floating-point operations of one pass over one picture, a product and a sum being two.
  ///
  /// The same for the output, the derivative by the input and that by the weight.
  public var operations: Int {
    let side = geometry.isTransposed ? inputSide : outputSide
    return 2 * input * output * kernel * kernel * side * side
  }
}

extension NetworkConfiguration {
  /// The convolutions of the generator, in the order in which they run.
  public var generatorConvolutions: [ConvolutionLayer] {
    var width = channels(at: 4)
    func plain(_ name: String, _ input: Int, _ output: Int, side: Int) -> ConvolutionLayer {
      ConvolutionLayer(
        .generator, name, input: input, output: output, kernel: 3, .init(padding: 1),
        inputSide: side)
    }
    func toRGB(_ name: String, _ input: Int, side: Int) -> ConvolutionLayer {
      ConvolutionLayer(.generator, name, input: input, output: 3, kernel: 1, inputSide: side)
    }
    var layers = [plain("conv1", width, width, side: 4), toRGB("to_rgb1", width, side: 4)]
    for (index, resolution) in resolutions.enumerated() {
      let next = channels(at: resolution)
      layers.append(
        ConvolutionLayer(
          .generator, "convs.\(2 * index)", input: width, output: next, kernel: 3,
          .init(stride: 2, isTransposed: true), inputSide: resolution / 2, resolution: resolution))
      layers.append(plain("convs.\(2 * index + 1)", next, next, side: resolution))
      layers.append(toRGB("to_rgbs.\(index)", next, side: resolution))
      width = next
    }
    return layers
  }

  /// The convolutions of the discriminator, in the order in which they run.
  ///
  /// The minibatch standard deviation lies before the last.
  public var discriminatorConvolutions: [ConvolutionLayer] {
    var width = channels(at: size)
    func layer(
      _ name: String, _ output: Int, kernel: Int, _ geometry: ConvolutionGeometry, side: Int,
      resolution: Int, extra: Int = 0
    ) -> ConvolutionLayer {
      ConvolutionLayer(
        .discriminator, name, input: width + extra, output: output, kernel: kernel, geometry,
        inputSide: side, resolution: resolution)
    }
    var layers = [
      ConvolutionLayer(
        .discriminator, "convs.0", input: 3, output: width, kernel: 1, inputSide: size)
    ]
    for (index, resolution) in resolutions.reversed().enumerated() {
      let next = channels(at: resolution / 2)
      let name = "convs.\(index + 1)"
      layers.append(
        layer(
          "\(name).conv1", width, kernel: 3, .init(padding: 1), side: resolution,
          resolution: resolution))
      // The blur before it pads by 2 on each side, which leaves one pixel more.
      layers.append(
        layer(
          "\(name).conv2", next, kernel: 3, .init(stride: 2), side: resolution + 1,
          resolution: resolution))
      layers.append(
        layer(
          "\(name).skip", next, kernel: 1, .init(), side: resolution / 2, resolution: resolution))
      width = next
    }
    layers.append(
      layer("final_conv", width, kernel: 3, .init(padding: 1), side: 4, resolution: 4, extra: 1))
    return layers
  }
}
