import Judging
import Torch
import TorchNN

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
  /// - Returns: the network; its classes are the digits where the file names none.
  /// - Throws: ``ClassifierError/notAClassifier(file:reason:expected:)`` or `ParameterError`.
  public func classifier(
    from contents: ClassifierContents, device: Device
  ) throws -> any Classifier {
    let count = contents.tensors[Self.lastLayer]?.shape[0] ?? 0
    let network = LeNet5(
      labels: contents.names(count).map(LabelSpace.classes) ?? .numberedClasses(count),
      device: device)
    let known = Set(network.parameters.parameters.map(\.name))
    if let stranger = contents.tensors.keys.first(where: { !known.contains($0) }) {
      throw ClassifierError.notAClassifier(
        file: contents.file, reason: "it holds a tensor \(stranger) that LeNet5 does not have",
        expected: [expectation])
    }
    try network.parameters.load(contents.tensors, file: contents.file)
    return network
  }
}
