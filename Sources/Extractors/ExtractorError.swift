import Records

/// A file that makes no feature extractor.
public enum ExtractorError: Error, Equatable, CustomStringConvertible {
  /// A file whose tensors are none of the networks that were expected.
  case unknown(file: String, tensors: [String], expected: [String])
  /// A file with several networks, where one was expected.
  case several(file: String, what: String, places: [String])
  /// A file that is meant to be of a network, and is not.
  case unfit(file: String, network: String, reason: String, expected: String)
  /// A file that holds no statistics of reference pictures.
  case notStatistics(file: String, found: String)
  /// Statistics that contradict themselves, or are not all there.
  case wrongStatistics(file: String, problem: String)
  /// Statistics of other features than those that are asked for.
  case otherFeatures(file: String, what: String, found: String, asked: String)

  /// One sentence that names what was found, what was expected and the way out.
  public var description: String {
    switch self {
    case .unknown(let file, let tensors, let expected):
      "\(file) holds no network whose features lethe knows: its tensors are "
        + "\(tensors.isEmpty ? "none" : tensors.listed(atMost: 5)); expected "
        + expected.joined(separator: ", or ")
    case .several(let file, let what, let places):
      "\(file) holds \(places.count) \(what): \(places.listed(atMost: 5)); save the one whose "
        + "features are wanted in a file of its own"
    case .unfit(let file, let network, let reason, let expected):
      "\(file) is no \(network): \(reason); expected \(expected)"
    case .notStatistics(let file, let found):
      "\(file) holds no statistics of reference pictures but \(found); expected those that lethe saved, "
        + "an .npz with mu and sigma, or a pickle with mu and sigma, mean and cov, or raw_mean, raw_cov "
        + "and num_items"
    case .wrongStatistics(let file, let problem):
      "\(file): \(problem); make the statistics again, from the pictures themselves"
    case .otherFeatures(let file, let what, let found, let asked):
      "\(file) holds statistics of features of \(what)\(what.isEmpty ? "" : " ")\(found), asked for are "
        + "those of \(asked); "
        + "make statistics of the same pictures with that network, or name the network of the file"
    }
  }
}
