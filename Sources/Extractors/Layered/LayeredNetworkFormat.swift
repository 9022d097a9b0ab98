public import Judging
public import Torch
import TorchNN

/// A ``LayeredDesign`` under torchvision's names.
public struct LayeredNetworkFormat: FeatureExtractorFormat {
  /// Which network.
  public let design: LayeredDesign

  static let firstLayer = "features.0.weight"

  /// The format of a network.
  ///
  /// - Parameter design: which.
  public init(_ design: LayeredDesign) { self.design = design }

  /// The names of the layers.
  public var expectation: String {
    let classifier = design.classifier.map { parts in
      " and " + parts.indices.map { "classifier.\($0).weight" }.joined(separator: ", ")
    }
    return "\(design.name) with \(layerNames)\(classifier ?? "") (torchvision's "
      + "\(design.publicFiles.map(\.fileName).first ?? ""))"
  }

  /// The first convolution, and the last.
  private var layerNames: String {
    let names = weightNames
    return "\(Self.firstLayer) to \(names.last ?? "")"
  }

  /// The kernels, by their names in a file.
  private var weightNames: [String] {
    let scope = ParameterScope()
    _ = LayerStack(scope, design, width: LayeredDesign.publicWidth)
    return scope.names.filter { $0.hasSuffix(".weight") }
  }

  /// torchvision's.
  public var publicFiles: [PublicWeights] { design.publicFiles }

  /// Whether there is a first convolution with this network's kernel, and fires where it has them.
  ///
  /// - Parameter tensors: all that a file holds.
  /// - Returns: true if so; networks of the same family are recognised as well, to be refused with the name
  ///   of a tensor that this one does not have.
  public func recognises(_ tensors: StateDict) -> Bool {
    guard let first = tensors[Self.firstLayer], first.rank == 4 else { return false }
    let hasFires = tensors.keys.contains { $0.hasSuffix(".squeeze.weight") }
    for case .fire in design.stages { return hasFires }
    guard case .convolution(let kernel, _, _, _) = design.stages[0] else { return false }
    return !hasFires && first.shape[2] == kernel
  }

  /// The network with the values of a file.
  ///
  /// - Parameters:
  ///   - contents: the tensors.
  ///   - device: where the network lives.
  /// - Returns: the network.
  /// - Throws: ``ExtractorError/unfit(file:network:reason:expected:)`` or `ParameterError`.
  public func extractor(
    from contents: FeatureExtractorContents, device: Device
  ) throws -> any FeatureExtractor {
    let width = try width(of: contents)
    let scores = "classifier.\(design.scoreIndex)."
    let scope = ParameterScope()
    _ = LayeredNetwork.Layers(scope, design, width: width)
    try contents.requireFit(
      scope, of: LayeredNetwork.name(design, width: width), expected: expectation,
      skipping: { $0.hasPrefix(scores) })
    let network = LayeredNetwork(design, width: width, device: device)
    try network.parameters.load(contents.tensors, file: contents.file)
    return network
  }

  /// The convolutions alone, which LPIPS compares.
  ///
  /// - Parameters:
  ///   - contents: the tensors, those of `classifier` with them or not.
  ///   - device: where they live.
  /// - Returns: the convolutions, their values, and the network's name.
  /// - Throws: ``ExtractorError/unfit(file:network:reason:expected:)`` or `ParameterError`.
  func stack(
    from contents: FeatureExtractorContents, device: Device
  ) throws -> (name: String, stack: LayerStack, parameters: ParameterVector) {
    let width = try width(of: contents)
    let name = LayeredNetwork.name(design, width: width)
    let scope = ParameterScope()
    let stack = LayerStack(scope, design, width: width)
    try contents.requireFit(
      scope, of: name, expected: expectation, skipping: { $0.hasPrefix("classifier.") })
    let parameters = ParameterVector(scope, device: device)
    parameters.requiresGradient = false
    try parameters.load(contents.tensors, file: contents.file)
    return (name, stack, parameters)
  }

  private func width(of contents: FeatureExtractorContents) throws(ExtractorError) -> Int {
    let width = contents.size(0, of: Self.firstLayer)
    // A fire's few channels are a quarter of the width.
    guard width > 0, width % 4 == 0 else {
      throw .unfit(
        file: contents.file, network: design.name,
        reason: "\(Self.firstLayer) has \(width) channels that leave, no multiple of 4",
        expected: expectation)
    }
    return width
  }
}
