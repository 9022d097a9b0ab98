import Checkpoints
public import Foundation
public import Judging
public import Torch

extension Judge {
  /// The names under which a file may hold a network: at the top, or as a part.
  private static let places = ["", "state_dict"]

  /// Reads a judge from a snapshot of Lethe or a foreign state dict such as `lenet5-mnist.pth`.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - device: where the network lives.
  ///   - formats: the networks that are recognised.
  /// - Returns: the judge.
  /// - Throws: `CheckpointError` if the file cannot be read or is written to meanwhile,
  ///   ``ClassifierError`` if it holds none of the networks, `ParameterError` if a tensor does not fit.
  public static func read(
    _ url: URL, device: Device = .cpu, formats: [any ClassifierFormat] = ClassifierFormats.all
  ) throws -> Judge {
    let checkpoint = try Checkpoint.read(url)
    let names = ClassifierRecord.names(checkpoint)
    let training = try ClassifierRecord.training(checkpoint, file: url.path)
    for place in places {
      let tensors = place.isEmpty ? checkpoint.tensors : checkpoint.tensors.under(place)
      guard let format = formats.first(where: { $0.recognises(tensors) }) else { continue }
      let classifier = try format.classifier(
        from: ClassifierContents(file: url.path, tensors: tensors, names: names), device: device)
      // The network's values are copies by now.
      try checkpoint.requireUnchanged()
      return Judge(classifier, training: training)
    }
    throw ClassifierError.notAClassifier(
      file: url.path, reason: "its tensors are \(list(checkpoint.tensors.keys))",
      expected: formats.map(\.expectation))
  }

  private static func list(_ keys: [String]) -> String {
    guard !keys.isEmpty else { return "none" }
    return keys.prefix(5).joined(separator: ", ") + (keys.count > 5 ? " and more" : "")
  }
}
