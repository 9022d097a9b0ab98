public import Judging
public import Torch
public import TorchNN

/// The body of a residual network under torchvision's names, up to its features.
///
/// The step of a stage's first block is in its 3x3 convolution, as torchvision has it.
struct ResNetBody {
  let configuration: ResNetConfiguration
  private let first: Convolution
  private let firstNorm: BatchNormalization
  private let blocks: [Block]

  /// - Parameters:
  ///   - scope: where `conv1`, `bn1` and `layer1` to `layer4` are declared.
  ///   - configuration: the sizes.
  init(_ scope: ParameterScope, _ configuration: ResNetConfiguration) {
    self.configuration = configuration
    first = Convolution(
      scope["conv1"], input: 3, output: configuration.channels, kernel: 7, stride: 2, padding: 3,
      hasBias: false)
    firstNorm = BatchNormalization(scope["bn1"], channels: configuration.channels)
    var (blocks, input): ([Block], Int) = ([], configuration.channels)
    for (stage, count) in configuration.blockCounts.enumerated() {
      for index in 0..<count {
        let block = Block(
          scope["layer\(stage + 1)"][index], configuration, input: input, stage: stage,
          isFirst: index == 0)
        blocks.append(block)
        input = block.output
      }
    }
    self.blocks = blocks
  }

  /// - Parameter pictures: `[N, 3, H, W]`.
  /// - Returns: the means over what leaves the last stage, `[N, featureCount]`.
  func features(_ pictures: Tensor) -> Tensor {
    var x = firstNorm(first(pictures)).relu().maxPooled(size: 3, stride: 2, padding: 1)
    for block in blocks { x = block(x) }
    return x.mean([2, 3])
  }

  /// Two or three convolutions, around which the input is led.
  private struct Block {
    let output: Int
    private let convolutions: [(Convolution, BatchNormalization)]
    private let shortcut: (Convolution, BatchNormalization)?

    init(
      _ scope: ParameterScope, _ sizes: ResNetConfiguration, input: Int, stage: Int, isFirst: Bool
    ) {
      let width = sizes.width << stage
      output = sizes.channels << stage * (sizes.hasBottlenecks ? 4 : 1)
      let stride = isFirst && stage > 0 ? 2 : 1
      func layer(
        _ number: Int, _ input: Int, _ output: Int, kernel: Int, stride: Int = 1, groups: Int = 1
      ) -> (Convolution, BatchNormalization) {
        (
          Convolution(
            scope["conv\(number)"], input: input, output: output, kernel: kernel, stride: stride,
            padding: kernel / 2, groups: groups, hasBias: false),
          BatchNormalization(scope["bn\(number)"], channels: output)
        )
      }
      convolutions =
        sizes.hasBottlenecks
        ? [
          layer(1, input, width, kernel: 1),
          layer(2, width, width, kernel: 3, stride: stride, groups: sizes.groups),
          layer(3, width, output, kernel: 1),
        ]
        : [
          layer(1, input, output, kernel: 3, stride: stride),
          layer(2, output, output, kernel: 3),
        ]
      let path = scope["downsample"]
      shortcut =
        stride == 1 && input == output
        ? nil
        : (
          Convolution(
            path[0], input: input, output: output, kernel: 1, stride: stride, hasBias: false),
          BatchNormalization(path[1], channels: output)
        )
    }

    func callAsFunction(_ x: Tensor) -> Tensor {
      var y = x
      for (index, layer) in convolutions.enumerated() {
        y = layer.1(layer.0(y))
        if index < convolutions.count - 1 { y = y.relu() }
      }
      return (y + (shortcut.map { $0.1($0.0(x)) } ?? x)).relu()
    }
  }
}

/// A residual network with one layer of scores, as torchvision has it: ResNet-18, ResNet-50, ResNeXt-50
/// 32x4d and their kin, always in evaluation mode.
public final class ResNet: ClassifierNetwork, AnySizeClassifier {
  /// The field's name, such as `ResNet50`.
  public var name: String { body.configuration.name }
  /// All parameters, the running means and variances among them.
  public let parameters: ParameterVector
  /// What it tells apart.
  public let labels: LabelSpace
  /// What it does to pictures before it looks at them.
  public let preprocessing: Preprocessing
  /// The length of ``features(_:)``.
  public var featureCount: Int { body.configuration.featureCount }

  private let body: ResNetBody
  private let scores: Linear

  /// A network with zero parameters, to be loaded.
  ///
  /// - Parameters:
  ///   - configuration: its sizes.
  ///   - labels: what it tells apart.
  ///   - preprocessing: what it does to pictures.
  ///   - device: where it lives.
  public init(
    _ configuration: ResNetConfiguration, labels: LabelSpace, preprocessing: Preprocessing,
    device: Device = .cpu
  ) {
    self.labels = labels
    self.preprocessing = preprocessing
    let root = ParameterScope()
    body = ResNetBody(root, configuration)
    scores = Linear(
      root["fc"], input: configuration.featureCount, output: labels.names.count)
    parameters = ParameterVector(root, device: device)
    parameters.requiresGradient = false
  }

  /// The means over the last stage's channels.
  ///
  /// - Parameter pictures: `[N, 3, S, S]`, as ``preprocessing`` leaves them.
  /// - Returns: `[N, featureCount]`, not negative.
  public func features(_ pictures: Tensor) -> Tensor { body.features(pictures) }

  /// Scores from features.
  ///
  /// - Parameter features: `[N, featureCount]`.
  /// - Returns: logits `[N, labels.names.count]`.
  public func logits(fromFeatures features: Tensor) -> Tensor { scores(features) }
}
