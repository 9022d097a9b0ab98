public import Judging
public import Torch
public import TorchNN

/// The judge of the paper's MNIST experiments: LeNet-5 with ReLU and max pooling.
///
/// LeCun et al. 1998. It takes grey pictures of 32x32 in [0, 1], not normalised. Its names are those of
/// the paper's `lenet5-mnist.pth`: `convnet.c1`, `convnet.c3`, `convnet.c5`, `fc.f6`, `fc.f7`.
public final class LeNet5: ClassifierNetwork {
  /// Grey pictures of 32x32, resized with antialiasing.
  public static let preprocessing = Preprocessing(size: 32, channels: 1)

  /// `LeNet5`.
  public let name = "LeNet5"
  /// All trainable parameters.
  public let parameters: ParameterVector
  /// The classes it tells apart.
  public let labels: LabelSpace
  /// The length of ``features(_:)``.
  public let featureCount = 84

  private let c1: Convolution
  private let c3: Convolution
  private let c5: Convolution
  private let f6: Linear
  private let f7: Linear

  /// A network with zero parameters, to be initialised or loaded.
  ///
  /// - Parameters:
  ///   - labels: the classes it tells apart.
  ///   - device: where it lives.
  public init(labels: LabelSpace = .numberedClasses(10), device: Device = .cpu) {
    self.labels = labels
    let root = ParameterScope()
    c1 = Convolution(root["convnet"]["c1"], input: 1, output: 6, kernel: 5)
    c3 = Convolution(root["convnet"]["c3"], input: 6, output: 16, kernel: 5)
    c5 = Convolution(root["convnet"]["c5"], input: 16, output: 120, kernel: 5)
    f6 = Linear(root["fc"]["f6"], input: 120, output: featureCount)
    f7 = Linear(root["fc"]["f7"], input: featureCount, output: labels.names.count)
    parameters = ParameterVector(root, device: device)
    parameters.requiresGradient = false
  }

  /// What it does to pictures before it looks at them.
  public var preprocessing: Preprocessing { Self.preprocessing }

  /// The activations before the last layer, in which Fréchet distances are measured.
  ///
  /// - Parameter pictures: `[N, 1, 32, 32]` in [0, 1].
  /// - Returns: `[N, 84]`, not negative.
  public func features(_ pictures: Tensor) -> Tensor {
    var x = c1(pictures).relu().maxPooled(size: 2, stride: 2)  // [N, 6, 14, 14]
    x = c3(x).relu().maxPooled(size: 2, stride: 2)  // [N, 16, 5, 5]
    x = c5(x).relu()  // [N, 120, 1, 1]
    return f6(x.reshaped([-1, 120])).relu()
  }

  /// Class scores before the softmax, from features.
  ///
  /// - Parameter features: `[N, 84]`.
  /// - Returns: logits `[N, labels.names.count]`.
  public func logits(fromFeatures features: Tensor) -> Tensor { f7(features) }
}

/// LeNet-5 under the names of the paper's `lenet5-mnist.pth`.
public struct LeNet5Format: ClassifierFormat {
  private static let lastLayer = "fc.f7.weight"

  /// The format; it has no settings.
  public init() {}

  /// The names of the layers.
  public var expectation: String {
    "a LeNet5 with convnet.c1, convnet.c3, convnet.c5, fc.f6 and fc.f7"
  }

  /// Whether there is a last layer, whose rows are the classes.
  ///
  /// - Parameter tensors: all that a file holds.
  /// - Returns: true if there is.
  public func recognises(_ tensors: StateDict) -> Bool { tensors[Self.lastLayer]?.rank == 2 }

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
      LeNet5(labels: contents.labels(ofRowsIn: Self.lastLayer), device: device), by: self)
  }
}
