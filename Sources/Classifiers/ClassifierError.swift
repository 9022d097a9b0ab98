/// A file or data set that makes no classifier.
public enum ClassifierError: Error, Equatable, CustomStringConvertible {
  /// A file whose tensors are none of the networks that were expected.
  case notAClassifier(file: String, reason: String, expected: [String])
  /// A file with several things that it should hold once.
  case several(file: String, what: String, places: [String])
  /// A data set whose pictures have no labels to learn from.
  case noLabels(source: String)

  /// One sentence that names what was found, what was expected and the way out.
  public var description: String {
    switch self {
    case .notAClassifier(let file, let reason, let expected):
      "\(file) is no classifier that lethe knows: \(reason); expected "
        + "\(expected.joined(separator: ", or ")), such as training a classifier makes"
    case .several(let file, let what, let places):
      "\(file) holds \(places.count) \(what): \(places.joined(separator: " and ")); save the one that "
        + "shall judge in a file of its own"
    case .noLabels(let source):
      "\(source) has no class labels; a classifier learns from IDX files with labels, or from a "
        + "folder with one sub-folder for each class"
    }
  }
}
