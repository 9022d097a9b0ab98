public import Judging
public import Torch
public import TorchNN

/// A small network of 3x3 convolutions for coloured pictures, which two cores train in minutes.
///
/// Convolution, ReLU and 2x2 max pooling, as often as it takes to come from the picture's side to 4; 32
/// channels at first, twice as many after each pooling, at most 128; 256 features; a score for each label.
/// It learns classes or attributes. Its names are `convolutions.0`, `convolutions.1` and so on,
/// `features` and `scores`.
public final class ConvNet: ClassifierNetwork {
  /// The sides of the pictures that a network may take, in pixels.
  public static let sizes = [16, 32, 64, 128, 256]

  /// `ConvNet`.
  public let name = "ConvNet"
  /// All trainable parameters.
  public let parameters: ParameterVector
  /// What it tells apart.
  public let labels: LabelSpace
  /// Coloured pictures in -1 to 1, resized with antialiasing.
  public let preprocessing: Preprocessing
  /// The length of ``features(_:)``.
  public let featureCount = 256

  private let convolutions: [Convolution]
  private let last: Linear
  private let scores: Linear
  /// Rows and columns of what the last pooling leaves.
  private static let lastSide = 4

  /// A network with zero parameters, to be initialised or loaded.
  ///
  /// - Parameters:
  ///   - labels: what it tells apart.
  ///   - size: the side of its pictures, one of ``sizes``.
  ///   - device: where it lives.
  public init(labels: LabelSpace, size: Int = 64, device: Device = .cpu) {
    precondition(Self.sizes.contains(size), "a ConvNet for pictures of \(size)")
    self.labels = labels
    preprocessing = Preprocessing(size: size, channels: 3, range: .minusOneToOne)
    let root = ParameterScope()
    let channels = Self.channels(size)
    convolutions = channels.indices.map { index in
      Convolution(
        root["convolutions"]["\(index)"], input: index == 0 ? 3 : channels[index - 1],
        output: channels[index], kernel: 3, padding: 1)
    }
    flattened = channels[channels.count - 1] * Self.lastSide * Self.lastSide
    last = Linear(root["features"], input: flattened, output: featureCount)
    scores = Linear(root["scores"], input: featureCount, output: labels.names.count)
    parameters = ParameterVector(root, device: device)
    parameters.requiresGradient = false
  }

  private let flattened: Int

  /// The channels after each convolution.
  private static func channels(_ size: Int) -> [Int] {
    var (channels, side) = ([Int](), size)
    while side > lastSide {
      channels.append(min(32 << channels.count, 128))
      side /= 2
    }
    return channels
  }

  /// The activations before the last layer, in which Fréchet distances are measured.
  ///
  /// - Parameter pictures: `[N, 3, size, size]` in [-1, 1].
  /// - Returns: `[N, 256]`, not negative.
  public func features(_ pictures: Tensor) -> Tensor {
    let pooled = convolutions.reduce(pictures) { $1($0).relu().maxPooled(size: 2, stride: 2) }
    return last(pooled.reshaped([-1, flattened])).relu()
  }

  /// Scores from features.
  ///
  /// - Parameter features: `[N, 256]`.
  /// - Returns: logits `[N, labels.names.count]`.
  public func logits(fromFeatures features: Tensor) -> Tensor { scores(features) }
}

/// A ``ConvNet`` as its training writes it.
public struct ConvNetFormat: ClassifierFormat {
  /// The format; it has no settings.
  public init() {}

  /// The names of the layers.
  public var expectation: String { "a ConvNet with convolutions, features and scores" }

  /// Whether there are a first convolution and a layer of scores.
  ///
  /// - Parameter tensors: all that a file holds.
  /// - Returns: true if so.
  public func recognises(_ tensors: StateDict) -> Bool {
    tensors["convolutions.0.weight"]?.rank == 4 && tensors["scores.weight"]?.rank == 2
  }

  /// The network with the values of a file; its side follows from the number of convolutions.
  ///
  /// - Parameters:
  ///   - contents: the tensors, and names where the file records them.
  ///   - device: where the network lives.
  /// - Returns: the network.
  /// - Throws: ``ClassifierError`` or `ParameterError`.
  public func classifier(
    from contents: ClassifierContents, device: Device
  ) throws -> any Classifier {
    let depth = contents.tensors.keys.count {
      $0.hasPrefix("convolutions.") && $0.hasSuffix(".weight")
    }
    guard let size = ConvNet.sizes.first(where: { $0 == 4 << depth }) else {
      throw ClassifierError.notAClassifier(
        file: contents.file, reason: "it has \(depth) convolutions", expected: [expectation])
    }
    let labels = try contents.labels(ofRowsIn: "scores.weight")
    return try contents.filled(ConvNet(labels: labels, size: size, device: device), by: self)
  }
}
