import Checkpoints
public import Classifiers
public import Foundation
import Judging
public import Torch

extension FeatureExtractorFormats {
  /// Reads a feature extractor: one of the networks of ``all``, or any judge.
  ///
  /// ```swift
  /// let inception = try FeatureExtractorFormats.read(
  ///   URL(filePath: "pt_inception-2015-12-05-6726825d.pth"))
  /// inception.frechetName  // "fid"
  /// ```
  ///
  /// The network may lie in an entry of the file such as `state_dict`, and in networks that only wrap it.
  ///
  /// - Parameters:
  ///   - url: the file, of torch or safetensors.
  ///   - device: where the network lives.
  ///   - formats: the networks that are recognised first.
  ///   - judges: those whose features are taken, where none of the first is there.
  /// - Returns: the network, and the SHA-256 of its file.
  /// - Throws: `CheckpointError` if the file cannot be read or is written to meanwhile,
  ///   ``ExtractorError`` or `ClassifierError` if it holds none of the networks, several or a relative of
  ///   one; `ParameterError` if a tensor is missing or does not fit.
  public static func read(
    _ url: URL, device: Device = .cpu, formats: [any FeatureExtractorFormat] = all,
    judges: [any ClassifierFormat] = ClassifierFormats.all
  ) throws -> FileFeatureExtractor {
    let file = try OpenedWeights(url)
    let match = try file.only("networks") { tensors in
      formats.first { $0.recognises(tensors) }
    }
    let network: any FeatureExtractor
    if let (format, contents) = match {
      try file.requireNoSettings()
      network = try format.extractor(from: contents, device: device)
    } else {
      network = try judge(in: file, device: device, formats: formats, judges: judges)
    }
    let weights = try WeightsFile(
      url, role: "features", publicFiles: match?.found.publicFiles ?? publicJudges)
    // The network's values are copies by now.
    try file.checkpoint.requireUnchanged()
    return FileFeatureExtractor(network: network, weights: weights)
  }

  /// Judges whose weights the field has.
  private static let publicJudges = [PublicWeights("efficientnet-lite0-57934424.pth")]

  /// The network of a judge, as the settings beside its file change it.
  private static func judge(
    in file: OpenedWeights, device: Device, formats: [any FeatureExtractorFormat],
    judges: [any ClassifierFormat]
  ) throws -> any FeatureExtractor {
    do {
      return try Judge.read(file.url, device: device, formats: judges).classifier
    } catch ClassifierError.notAClassifier(_, _, let expected)
      where expected == judges.map(\.expectation)
    {
      // No judge's network was recognised.
      throw ExtractorError.unknown(
        file: file.url.path, tensors: file.checkpoint.tensors.keys,
        expected: formats.map(\.expectation) + ["a judge that lethe knows"])
    }
  }
}
