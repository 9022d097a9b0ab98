import Foundation
public import Judging
public import Torch
public import TorchNN

/// The reference's judge of CelebA: a ResNet-50, a layer that all attributes share, and two scores for each,
/// always in evaluation mode.
///
/// An attribute is there where its second score is larger than its first, so its logit is the difference. The
/// reference judges with batch statistics and dropout, so that its labels depend on the batch: ours do not.
public final class ResNetHeads: ClassifierNetwork, AnySizeClassifier {
  /// Such as `ResNet50 with 40 heads`.
  public var name: String { "\(body.configuration.name) with \(heads.count) heads" }
  /// All parameters, the running means and variances among them.
  public let parameters: ParameterVector
  /// The attributes that it tells.
  public let labels: LabelSpace
  /// Pictures of 256x256 in -1..1, not normalised.
  public let preprocessing = Preprocessing(
    size: 256, channels: 3, isAntialiased: false, range: .minusOneToOne)
  /// The length of ``features(_:)``.
  public var featureCount: Int { body.configuration.featureCount }

  private let body: ResNetBody
  private let stem: Layer
  private let heads: [(Layer, Linear)]

  /// A network with zero parameters, to be loaded.
  ///
  /// - Parameters:
  ///   - configuration: the sizes of its body.
  ///   - stemWidth: outputs of the common layer, 512.
  ///   - headWidth: outputs of each head's first layer, 256.
  ///   - labels: as many attributes as heads.
  ///   - device: where it lives.
  public init(
    _ configuration: ResNetConfiguration = .resNet50, stemWidth: Int = 512, headWidth: Int = 256,
    labels: LabelSpace = .attributes(CelebAAttributes.names, threshold: 0.5), device: Device = .cpu
  ) {
    self.labels = labels
    let root = ParameterScope()
    body = ResNetBody(root, configuration)
    stem = Layer(root["stem"], input: configuration.featureCount, output: stemWidth)
    heads = labels.names.indices.map { index in
      let scope = root[Self.headName(index)]
      return (
        Layer(scope[0], input: stemWidth, output: headWidth),
        Linear(scope[1], input: headWidth, output: 2)
      )
    }
    parameters = ParameterVector(root, device: device)
    parameters.requiresGradient = false
  }

  /// The means over the last stage's channels.
  ///
  /// - Parameter pictures: `[N, 3, 256, 256]` in -1..1.
  /// - Returns: `[N, featureCount]`, not negative.
  public func features(_ pictures: Tensor) -> Tensor { body.features(pictures) }

  /// How much the second score of each attribute exceeds the first.
  ///
  /// - Parameter features: `[N, featureCount]`.
  /// - Returns: logits `[N, labels.names.count]`.
  public func logits(fromFeatures features: Tensor) -> Tensor {
    let common = stem(features)
    return Tensor.concatenated(
      heads.map { layer, scores in
        let pair = scores(layer(common))
        return pair.sliced(1..<2, dimension: 1) - pair.sliced(0..<1, dimension: 1)
      }, dimension: 1)
  }

  /// `classifier00`, `classifier01` ...
  static func headName(_ index: Int) -> String {
    "classifier" + (index < 10 ? "0" : "") + "\(index)"
  }

  /// A fully connected layer with batch normalisation.
  private struct Layer {
    private let linear: Linear
    private let norm: BatchNormalization

    init(_ scope: ParameterScope, input: Int, output: Int) {
      linear = Linear(scope["fc"], input: input, output: output)
      norm = BatchNormalization(scope["bn"], channels: output)
    }

    func callAsFunction(_ x: Tensor) -> Tensor { norm(linear(x)).relu() }
  }
}

/// The reference's forty heads on a ResNet-50, under its names.
public struct ResNetHeadsFormat: ClassifierFormat {
  private static let stemName = "stem.fc.weight"

  /// The format; it has no settings.
  public init() {}

  /// The names of the layers.
  public var expectation: String {
    "a ResNet with conv1, bn1, layer1 to layer4, stem.fc and classifier00 to the last attribute's"
  }

  /// Whether there are the body, the common layer and a first head.
  ///
  /// - Parameter tensors: all that a file holds.
  /// - Returns: true if so.
  public func recognises(_ tensors: StateDict) -> Bool {
    ResNetConfiguration.isBody(tensors) && tensors[Self.stemName]?.rank == 2
      && tensors["classifier00.0.fc.weight"]?.rank == 2
  }

  /// The network with the values of a file.
  ///
  /// - Parameters:
  ///   - contents: the tensors, and the attributes' names where the file records them.
  ///   - device: where the network lives.
  /// - Returns: the network.
  /// - Throws: ``ClassifierError`` or `ParameterError`.
  public func classifier(
    from contents: ClassifierContents, device: Device
  ) throws -> any Classifier {
    let tensors = contents.tensors
    let count = (0...).prefix { tensors["\(ResNetHeads.headName($0)).0.fc.weight"] != nil }.count
    let network = ResNetHeads(
      try ResNetConfiguration(of: contents, expected: expectation),
      stemWidth: contents.rowCount(of: Self.stemName),
      headWidth: contents.rowCount(of: "classifier00.0.fc.weight"),
      labels: try contents.attributes(count), device: device)
    return try contents.filled(network, by: self)
  }
}
