import GANs
import Torch
import TorchNN

/// The synthesis network: styles and noise to pictures.
struct SynthesisNetwork {
  private let configuration: NetworkConfiguration
  private let constant: Parameter
  private let first: StyledConvolution
  private let firstToRGB: ToRGB
  private let blocks: [(up: StyledConvolution, plain: StyledConvolution, toRGB: ToRGB)]

  /// - Parameters:
  ///   - root: the generator's root, where the layers are `input`, `conv1` and so on.
  ///   - configuration: the sizes of the feature maps.
  ///   - colours: what the channels of its ToRGB layers stand for.
  init(
    _ root: ParameterScope, _ configuration: NetworkConfiguration, colours: ColourTransform
  ) {
    self.configuration = configuration
    let latentSize = configuration.latentSize
    var width = configuration.channels(at: 4)
    constant = root["input"].declare(
      "input", shape: [1, width, 4, 4], .normal(standardDeviation: 1))
    first = StyledConvolution(
      root["conv1"], .plain, input: width, output: width, latentSize: latentSize)
    firstToRGB = ToRGB(
      root["to_rgb1"], input: width, latentSize: latentSize, colours: colours)
    // Declared in the order of the public checkpoints: all convolutions, then all ToRGB layers.
    var convolutions: [(StyledConvolution, StyledConvolution)] = []
    for (index, resolution) in configuration.resolutions.enumerated() {
      let next = configuration.channels(at: resolution)
      convolutions.append(
        (
          StyledConvolution(
            root["convs"][2 * index], .upsampling, input: width, output: next,
            latentSize: latentSize),
          StyledConvolution(
            root["convs"][2 * index + 1], .plain, input: next, output: next,
            latentSize: latentSize)
        ))
      width = next
    }
    blocks = configuration.resolutions.enumerated().map { index, resolution in
      (
        convolutions[index].0, convolutions[index].1,
        ToRGB(
          root["to_rgbs"][index], input: configuration.channels(at: resolution),
          latentSize: latentSize, colours: colours)
      )
    }
  }

  /// - Parameters:
  ///   - styles: `[N, styleCount, latentSize]`.
  ///   - precision: of the convolutions and the activations between them.
  ///   - map: the noise map of an index, asked for in order.
  ///   - visit: is shown the feature maps of each layer.
  /// - Returns: `[N, 3, side·size, side·size]`, `float32`.
  func callAsFunction(
    _ styles: Tensor, precision: Precision, noise map: (Int) -> Tensor,
    visit: (Tensor) -> Void = { _ in }
  ) -> Tensor {
    let count = styles.shape[0]
    precondition(
      styles.shape == [count, configuration.styleCount, configuration.latentSize],
      "styles of shape \(styles.shape)")
    let style = styles.unbound(dimension: 1)
    // 4x4. Every layer computes in its input's type: what is cast here stays so up to the next cast.
    var x = constant.value.to(precision.scalarType(at: 4, of: configuration.size))
      .expanded([count] + constant.shape.dropFirst())
    x = first(x, style: style[0], noise: map(0))
    visit(x)
    var picture = firstToRGB(x, style: style[1], below: nil)
    // 8x8 and up: the styles of a block overlap with the next one's by one (ToRGB and up share it).
    for (index, (block, resolution)) in zip(blocks, configuration.resolutions).enumerated() {
      x = x.to(precision.scalarType(at: resolution, of: configuration.size))
      x = block.up(x, style: style[2 * index + 1], noise: map(2 * index + 1))
      visit(x)
      x = block.plain(x, style: style[2 * index + 2], noise: map(2 * index + 2))
      visit(x)
      picture = block.toRGB(x, style: style[2 * index + 3], below: picture)
    }
    return picture
  }
}
