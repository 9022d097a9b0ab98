public import Judging
public import Torch
import TorchNN

/// Inception-v3 under torchvision's names, told apart by its classes.
public struct InceptionV3Format: FeatureExtractorFormat {
  private static let firstLayer = "Conv2d_1a_3x3.conv.weight"
  private static let lastLayer = "fc.weight"
  /// Classes of the FID's network: ImageNet's and eight that no picture shows.
  private static let fidClassCount = 1008
  private static let torchvisionClassCount = 1000

  /// The format; it has no settings.
  public init() {}

  /// The names of the layers.
  public var expectation: String {
    "an Inception-v3 with \(Self.firstLayer), Mixed_5b to Mixed_7c and \(Self.lastLayer) of "
      + "\(Self.fidClassCount) rows (the FID's, pt_inception-2015-12-05-6726825d.pth) or "
      + "\(Self.torchvisionClassCount) (torchvision's)"
  }

  /// The FID's weights in PyTorch, and torchvision's.
  public var publicFiles: [PublicWeights] {
    [
      PublicWeights("pt_inception-2015-12-05-6726825d.pth", frechetName: "fid"),
      PublicWeights("inception_v3_google-0cc3c7bd.pth"),
      PublicWeights("inception_v3_google-1a9a5a14.pth"),
    ]
  }

  /// Whether there are a first convolution and a first block.
  ///
  /// - Parameter tensors: all that a file holds.
  /// - Returns: true if so.
  public func recognises(_ tensors: StateDict) -> Bool {
    tensors[Self.firstLayer]?.rank == 4 && tensors["Mixed_5b.branch1x1.conv.weight"]?.rank == 4
  }

  /// The network with the values of a file.
  ///
  /// - Parameters:
  ///   - contents: the tensors.
  ///   - device: where the network lives.
  /// - Returns: the network.
  /// - Throws: ``ExtractorError/unfit(file:network:reason:expected:)`` if the number of classes does not
  ///   tell which network it is, or there is a tensor that it does not have; `ParameterError`.
  public func extractor(
    from contents: FeatureExtractorContents, device: Device
  ) throws -> any FeatureExtractor {
    func refusal(_ reason: String) -> ExtractorError {
      .unfit(
        file: contents.file, network: "Inception-v3 that lethe knows", reason: reason,
        expected: expectation)
    }
    let width = contents.size(0, of: Self.firstLayer)
    guard width > 0, width % 2 == 0 else {
      throw refusal("\(Self.firstLayer) has \(width) channels that leave, no even number of them")
    }
    let variant: InceptionV3.Variant
    let use = "which tells one network from the other"
    switch contents.size(0, of: Self.lastLayer) {
    case Self.fidClassCount: variant = .fid
    case Self.torchvisionClassCount: variant = .torchvision
    case 0: throw refusal("the tensor \(Self.lastLayer), \(use), is missing")
    case let count: throw refusal("the tensor \(Self.lastLayer), \(use), has \(count) rows")
    }
    let scope = ParameterScope()
    _ = InceptionLayers(scope, variant, width: width)
    try contents.requireFit(
      scope, of: InceptionV3.name(variant, width: width), expected: expectation,
      // Scores of classes, the auxiliary ones of training among them, follow the features.
      skipping: {
        ["fc.weight", "fc.bias"].contains($0)
          || variant == .torchvision && $0.hasPrefix("AuxLogits.")
      })
    let network = InceptionV3(variant, width: width, device: device)
    try network.parameters.load(contents.tensors, file: contents.file)
    return network
  }
}
