import Checkpoints
import Foundation
import Torch
import TorchNN

extension Judge {
  private static let kindKey = "lethe.kind"
  private static let classNamesKey = "lethe.class_names"

  /// Reads a judge from a snapshot of Lethe or a foreign state dict such as `lenet5-mnist.pth`.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - device: where the network lives.
  /// - Returns: the judge.
  /// - Throws: `CheckpointError` if the file cannot be read, ``ClassifierError`` if it is no LeNet5,
  ///   `ParameterError` if a tensor does not fit.
  public static func read(_ url: URL, device: Device = .cpu) throws -> Judge {
    let checkpoint = try Checkpoint.read(url)
    var tensors = checkpoint.tensors
    if tensors["fc.f7.weight"] == nil, !tensors.under("state_dict").isEmpty {
      tensors = tensors.under("state_dict")
    }
    guard let last = tensors["fc.f7.weight"], last.rank == 2 else {
      throw ClassifierError.notAClassifier(
        file: url.path, reason: "its tensors are \(list(checkpoint.tensors.keys))")
    }
    let network = LeNet5(classCount: last.shape[0], device: device)
    let known = Set(network.parameters.parameters.map(\.name))
    if let stranger = tensors.keys.first(where: { !known.contains($0) }) {
      throw ClassifierError.notAClassifier(
        file: url.path, reason: "it holds a tensor \(stranger) that LeNet5 does not have")
    }
    try network.parameters.load(tensors, file: url.path)
    let names = checkpoint.value(at: classNamesKey)?.text?.split(separator: "\n").map(String.init)
    return Judge(network, classNames: names?.count == network.classCount ? names : nil)
  }

  private static func list(_ keys: [String]) -> String {
    guard !keys.isEmpty else { return "none" }
    return keys.prefix(5).joined(separator: ", ") + (keys.count > 5 ? " and more" : "")
  }

  /// Writes the judge as safetensors, under the names of the paper's file.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - metadata: what else to record in words.
  /// - Throws: `CheckpointError` if it cannot be written.
  public func write(to url: URL, metadata: [String: String] = [:]) throws {
    var words = metadata
    words[Self.kindKey] = "classifier"
    words[Self.classNamesKey] = classNames.joined(separator: "\n")
    try SafetensorsFile(tensors: network.parameters.named(), metadata: words).write(to: url)
  }
}
