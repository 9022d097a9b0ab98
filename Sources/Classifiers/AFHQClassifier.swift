public import Judging
public import Torch
public import TorchNN

/// The judge of the paper's AFHQ evaluation: four convolutions and two layers, always in evaluation mode.
///
/// The reference judges with the statistics of each batch, so that its labels depend on the other pictures;
/// ours takes the running statistics. Its three classes are cat, dog and wild, in that order; the
/// reference's file does not name them.
public final class AFHQClassifier: ClassifierNetwork {
  /// Colour pictures of 250x250 in [0, 1], resized as the reference resizes what a generator makes:
  /// without antialiasing.
  public static let preprocessing = Preprocessing(size: 250, channels: 3, isAntialiased: false)

  /// `AFHQ CNN`.
  public let name = "AFHQ CNN"
  /// All parameters, the running means and variances among them.
  public let parameters: ParameterVector
  /// The classes it tells apart.
  public let labels: LabelSpace
  /// The length of ``features(_:)``.
  public let featureCount = 512

  private let first: Convolution
  private let stages: [(convolution: Convolution, norm: BatchNormalization)]
  private let middle: Linear
  private let scores: Linear

  /// 256 channels of 2x2: each convolution halves the side and rounds up, each pooling halves it and rounds
  /// down, 250, 125, 63, 31, 16, 8, 4, 2.
  private static let flattenedCount = 256 * 2 * 2

  /// A network with zero parameters, to be loaded.
  ///
  /// - Parameters:
  ///   - labels: the classes it tells apart.
  ///   - device: where it lives.
  public init(labels: LabelSpace = .numberedClasses(3), device: Device = .cpu) {
    self.labels = labels
    let root = ParameterScope()
    first = Convolution(root["conv1"], input: 3, output: 32, kernel: 3, stride: 2, padding: 1)
    stages = (1...3).map { stage in
      let output = 32 << stage
      return (
        Convolution(
          root["conv\(stage + 1)"], input: output / 2, output: output, kernel: 3, stride: 2,
          padding: 1),
        BatchNormalization(root["batchnorm\(stage)"], channels: output)
      )
    }
    middle = Linear(root["fc1"], input: Self.flattenedCount, output: featureCount)
    scores = Linear(root["fc2"], input: featureCount, output: labels.names.count)
    parameters = ParameterVector(root, device: device)
    parameters.requiresGradient = false
  }

  /// What it does to pictures before it looks at them.
  public var preprocessing: Preprocessing { Self.preprocessing }

  /// What the first fully connected layer makes of pictures; no activation follows it.
  ///
  /// - Parameter pictures: `[N, 3, 250, 250]` in [0, 1].
  /// - Returns: `[N, 512]`, of both signs.
  public func features(_ pictures: Tensor) -> Tensor {
    var x = first(pictures).relu()  // [N, 32, 125, 125]
    for (convolution, norm) in stages {
      x = norm(convolution(x).relu()).maxPooled(size: 2, stride: 2)
    }
    return middle(x.reshaped([-1, Self.flattenedCount]))  // from [N, 256, 2, 2]
  }

  /// Class scores before the softmax, from features.
  ///
  /// - Parameter features: `[N, 512]`.
  /// - Returns: logits `[N, labels.names.count]`.
  public func logits(fromFeatures features: Tensor) -> Tensor { scores(features) }
}

/// The judge of the paper's AFHQ evaluation under the reference's names.
public struct AFHQClassifierFormat: ClassifierFormat {
  private static let lastLayer = "fc2.weight"

  /// The format; it has no settings.
  public init() {}

  /// The names of the layers.
  public var expectation: String {
    "an AFHQ CNN with conv1 to conv4, batchnorm1 to batchnorm3, fc1 and fc2"
  }

  /// Whether there are a first convolution, a first batch normalisation and two fully connected layers.
  ///
  /// - Parameter tensors: all that a file holds.
  /// - Returns: true if so.
  public func recognises(_ tensors: StateDict) -> Bool {
    tensors["conv1.weight"]?.rank == 4 && tensors["batchnorm1.weight"]?.rank == 1
      && tensors["fc1.weight"]?.rank == 2 && tensors[Self.lastLayer]?.rank == 2
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
      AFHQClassifier(labels: contents.labels(ofRowsIn: Self.lastLayer), device: device), by: self)
  }
}
