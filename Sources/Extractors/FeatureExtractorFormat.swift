public import Judging
public import Torch
import TorchNN

/// A network that is recognised in a file by the names and shapes of its tensors, for its features alone.
///
/// A new network takes a file of its own and a line in ``FeatureExtractorFormats/all``.
public protocol FeatureExtractorFormat: Sendable {
  /// What a file of this network holds, for those whose file holds something else.
  var expectation: String { get }
  /// The files that the field measures with.
  var publicFiles: [PublicWeights] { get }

  /// Whether tensors look like this network's; the first format that says so reads the file.
  ///
  /// - Parameter tensors: all that a file holds, by the network's names.
  /// - Returns: true if the file is meant to be of this network, even if it is damaged.
  func recognises(_ tensors: StateDict) -> Bool

  /// The network with the values of a file.
  ///
  /// - Parameters:
  ///   - contents: what ``recognises(_:)`` was asked about, and the file it is of.
  ///   - device: where the network lives.
  /// - Returns: the network, in evaluation mode; its values are copies.
  /// - Throws: ``ExtractorError/unfit(file:network:reason:expected:)`` for a relative of the network,
  ///   `ParameterError` if a tensor is missing or does not fit.
  func extractor(
    from contents: FeatureExtractorContents, device: Device
  ) throws -> any FeatureExtractor
}

/// The networks that are recognised.
public enum FeatureExtractorFormats {
  /// All of them, in the order in which they are asked; judges are asked after them.
  public static let all: [any FeatureExtractorFormat] = [
    InceptionV3Format(), LayeredNetworkFormat(.vgg16), LayeredNetworkFormat(.alexNet),
    LayeredNetworkFormat(.squeezeNet),
  ]
}

/// What a file holds that may be a network.
public struct FeatureExtractorContents {
  /// The file, for messages.
  public var file: String
  /// All tensors, by the network's names.
  public var tensors: StateDict

  /// Contents.
  ///
  /// - Parameters:
  ///   - file: what to call them in messages.
  ///   - tensors: by the network's names.
  public init(file: String, tensors: StateDict) {
    self.file = file
    self.tensors = tensors
  }

  /// The size of one dimension of a tensor; 0 where there is none.
  ///
  /// - Parameters:
  ///   - dimension: which, from 0.
  ///   - name: of the tensor.
  /// - Returns: the size.
  func size(_ dimension: Int, of name: String) -> Int {
    guard let tensor = tensors[name], tensor.rank > dimension else { return 0 }
    return tensor.shape[dimension]
  }

  /// Refuses tensors that are not those of a network.
  ///
  /// Formats ask this before they make the network: a file may claim any width, and the memory of a network of
  /// that width is nothing that its bytes would justify.
  ///
  /// - Parameters:
  ///   - scope: where the network's layers are declared.
  ///   - network: what it is called.
  ///   - expectation: what a file of it holds.
  ///   - isSkipped: which tensors are left alone, beside PyTorch's counts of batches.
  /// - Throws: ``ExtractorError/unfit(file:network:reason:expected:)`` if there is a tensor that the network
  ///   does not have, `ParameterError` if one is missing or has another shape.
  func requireFit(
    _ scope: ParameterScope, of network: String, expected expectation: String,
    skipping isSkipped: (String) -> Bool
  ) throws {
    let known = Set(scope.names)
    let stranger = tensors.keys.first {
      !known.contains($0) && !BatchNormalization.isCount($0) && !isSkipped($0)
    }
    if let stranger {
      throw ExtractorError.unfit(
        file: file, network: network, reason: "it holds a tensor \(stranger) that it does not have",
        expected: expectation)
    }
    for (name, shape) in scope.shapes {
      guard let tensor = tensors[name] else {
        throw ParameterError.missing(name: name, shape: shape, file: file)
      }
      guard tensor.shape == shape else {
        throw ParameterError.mismatched(
          name: name, expected: shape, actual: tensor.shape, file: file)
      }
    }
  }
}
