import Checkpoints
public import Foundation
public import Judging
public import Torch
public import TorchNN

/// A classifier whose parameters are one vector: it can be trained, written and read again.
///
/// Parameters need no gradient unless somebody trains them.
public protocol ClassifierNetwork: Classifier {
  /// All trainable parameters, under the names that its files use.
  var parameters: ParameterVector { get }
  /// The network that a judge's file holds: itself, or itself with what it was trained upon.
  var whole: any ClassifierNetwork { get throws }
}

extension ClassifierNetwork {
  /// Where the parameters live.
  public var device: Device { parameters.device }

  /// Writes the network as safetensors, under the names of its parameters.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - training: what the network was trained and tested on.
  ///   - metadata: what else to record in words.
  ///   - isReplacing: whether an existing file may be replaced.
  /// - Throws: `CheckpointError` if it exists and shall stay, or cannot be written.
  public func write(
    to url: URL, training: JudgeTraining? = nil, metadata: [String: String] = [:],
    replacing isReplacing: Bool = false
  ) throws {
    var words = metadata
    words[ClassifierRecord.kindKey] = "classifier"
    if labels.areNamesRecorded {
      words[ClassifierRecord.namesKey] = try ClassifierRecord.text(labels.names)
    }
    if !labels.areClasses { words[ClassifierRecord.labelsKey] = ClassifierRecord.attributesValue }
    if let training { words[ClassifierRecord.trainingKey] = try ClassifierRecord.text(training) }
    try SafetensorsFile(tensors: parameters.named(), metadata: words)
      .write(to: url, replacing: isReplacing)
  }
}
