import Extractors
import Judging
import Runs

extension [FileFeatureExtractor] {
  /// Refuses extractors whose numbers would have the names of others.
  ///
  /// - Parameter judge: in whose features distributions are compared as well.
  /// - Throws: ``FeatureExtractorError``.
  func requireDifferentNames(beside judge: Judge) throws(FeatureExtractorError) {
    for (index, extractor) in enumerated() {
      let file = extractor.weights.provenance.path
      if extractor.name == judge.classifier.name {
        throw .judge(name: extractor.name, file: file)
      }
      guard let other = self[..<index].first(where: { $0.name == extractor.name }) else {
        continue
      }
      throw .twice(name: extractor.name, files: [other.weights.provenance.path, file])
    }
  }
}

/// Extractors that cannot be used together.
public enum FeatureExtractorError: Error, Equatable, CustomStringConvertible {
  /// Two of one network.
  case twice(name: String, files: [String])
  /// Statistics without the one network that they are of.
  case notOne(count: Int)
  /// One of the judge's network.
  case judge(name: String, file: String)

  /// One sentence that names the files and the way out.
  public var description: String {
    switch self {
    case .twice(let name, let files):
      "\(files.joined(separator: " and ")) are both a \(name), and their numbers would have the same names: "
        + "measure with one after the other"
    case .notOne(let count):
      "statistics are of one network, and \(count == 0 ? "none" : "\(count)") \(count < 2 ? "is" : "are") named: "
        + "name the one whose features they are"
    case .judge(let name, let file):
      "\(file) is a \(name), as the judge is, and their numbers would have the same names: the judge's own "
        + "features are compared when everything is measured"
    }
  }
}
