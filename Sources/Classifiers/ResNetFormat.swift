public import Judging
public import Torch

/// Residual networks under torchvision's names, with one layer of scores.
///
/// Depth, kind of block and groups follow from the tensors. Forty scores are CelebA's attributes, as in the
/// reference's ResNeXt-50, whose scores are above 0 for an attribute that is there, unless the file names
/// others; all others are classes.
/// Networks that the reference wraps (`resnet.conv1`) are found by `Judge.read`.
public struct ResNetFormat: ClassifierFormat {
  /// The format; it has no settings.
  public init() {}

  /// The names of the layers.
  public var expectation: String {
    "a ResNet or ResNeXt with conv1, bn1, layer1 to layer4 and fc"
  }

  /// Whether there are a first convolution, four stages and a layer of scores.
  ///
  /// - Parameter tensors: all that a file holds.
  /// - Returns: true if so.
  public func recognises(_ tensors: StateDict) -> Bool {
    tensors["fc.weight"]?.rank == 2 && ResNetConfiguration.isBody(tensors)
  }

  /// The network with the values of a file.
  ///
  /// - Parameters:
  ///   - contents: the tensors, and names where the file records them.
  ///   - device: where the network lives.
  /// - Returns: the network.
  /// - Throws: ``ClassifierError`` or `ParameterError`.
  public func classifier(
    from contents: ClassifierContents, device: Device
  ) throws -> any Classifier {
    let count = contents.rowCount(of: "fc.weight")
    let configuration = try ResNetConfiguration(of: contents, expected: expectation)
    let isCelebA =
      count == CelebAAttributes.names.count && contents.areAttributes != false
      && (contents.names ?? CelebAAttributes.names) == CelebAAttributes.names
    let network = ResNet(
      configuration,
      labels: isCelebA ? try contents.attributes(count) : try contents.labels(count),
      preprocessing: isCelebA ? Self.celebA : Self.afhq,
      device: device)
    return try contents.filled(network, by: self)
  }

  /// As the reference's ResNeXt-50 takes pictures for PUL: squeezed, in 0..1, not normalised.
  static let celebA = Preprocessing(size: 218, width: 178, channels: 3, isAntialiased: false)
  /// As the reference's ResNet-50 for AFHQ takes them: in -1..1, not normalised.
  static let afhq = Preprocessing(
    size: 224, channels: 3, isAntialiased: false, range: .minusOneToOne)
}
