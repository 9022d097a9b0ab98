public import Judging
public import Torch
public import TorchNN

/// A network of ImageNet of one convolution after another: VGG16, AlexNet or SqueezeNet 1.1 as torchvision has
/// them, always in evaluation mode.
///
/// Its features are what its scores are computed from: what leaves the second fully connected layer, after
/// ReLU, or the means over the last stage's channels where there is no such layer.
public final class LayeredNetwork: FeatureExtractor {
  /// Such as `VGG16`, with the width where it is not the public one.
  public let name: String
  /// The length of ``features(_:)``: 4,096 or, for SqueezeNet, 512, unless its width is another one.
  public let featureCount: Int
  /// The middle 224x224 of 256x256, less ImageNet's mean, by its standard deviation.
  public let preprocessing = Preprocessing(
    size: 224, channels: 3, resizedSize: 256, mean: [0.485, 0.456, 0.406],
    standardDeviation: [0.229, 0.224, 0.225])

  /// All parameters; those of the scores of classes are not among them.
  public let parameters: ParameterVector

  private let layers: Layers

  /// A network with zero parameters, to be loaded.
  ///
  /// - Parameters:
  ///   - design: which network.
  ///   - width: channels of the first convolution, a multiple of 4.
  ///   - device: where it lives.
  public init(
    _ design: LayeredDesign, width: Int = LayeredDesign.publicWidth, device: Device = .cpu
  ) {
    name = Self.name(design, width: width)
    let root = ParameterScope()
    layers = Layers(root, design, width: width)
    featureCount = layers.featureCount
    parameters = ParameterVector(root, device: device)
    parameters.requiresGradient = false
  }

  static func name(_ design: LayeredDesign, width: Int) -> String {
    design.name + (width == LayeredDesign.publicWidth ? "" : " of width \(width)")
  }

  /// Where the network lives.
  public var device: Device { parameters.device }

  /// What the network's scores are computed from.
  ///
  /// - Parameter pictures: `[N, 3, 224, 224]`, as ``preprocessing`` leaves them.
  /// - Returns: `[N, featureCount]`, not negative.
  public func features(_ pictures: Tensor) -> Tensor { layers.features(pictures) }

  /// Convolutions, and the fully connected layers before the scores.
  struct Layers {
    let featureCount: Int
    private let stack: LayerStack
    private let connected: [Linear]

    init(_ scope: ParameterScope, _ design: LayeredDesign, width: Int) {
      stack = LayerStack(scope, design, width: width)
      guard let classifier = design.classifier else {
        connected = []
        featureCount = stack.output
        return
      }
      // 4,096 of 64.
      let hidden = 64 * width
      var input = stack.output * classifier.side * classifier.side
      connected = classifier.indices.map { index in
        defer { input = hidden }
        return Linear(scope["classifier"][index], input: input, output: hidden)
      }
      featureCount = hidden
    }

    func features(_ pictures: Tensor) -> Tensor {
      let x = stack(pictures)
      guard !connected.isEmpty else { return x.mean([2, 3]) }
      return connected.reduce(x.reshaped([x.shape[0], -1])) { $1($0).relu() }
    }
  }
}
