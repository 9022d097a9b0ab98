import Foundation
public import Runs

/// A file of weights that features come from, as a record names it.
public struct WeightsFile: Sendable, Equatable {
  /// Where it lies, with its size and its SHA-256.
  public let provenance: Provenance
  /// The public file that it is; nil where its SHA-256 is none that lethe knows.
  public let publicFile: PublicWeights?

  /// The fingerprint of a file.
  ///
  /// - Parameters:
  ///   - url: the file, read once.
  ///   - role: what it is to a run, such as `features`.
  ///   - publicFiles: those that it may be.
  /// - Throws: `RunError` if it cannot be read.
  init(_ url: URL, role: String, publicFiles: [PublicWeights]) throws {
    provenance = try Provenance(of: url, role: role)
    let sha256 = provenance.sha256
    publicFile = publicFiles.first { $0.matches(sha256) }
  }

  /// The file in a few words that two numbers must share to be compared: `vgg16-397923af.pth`, or
  /// `weights 0a1b2c3d` with the first digits of the SHA-256.
  public var summary: String {
    publicFile?.fileName ?? "weights \(provenance.sha256.prefix(8))"
  }

  /// The file as a record holds it.
  public var json: JSON {
    var fields = provenance.json.object ?? [:]
    fields["public_file"] = JSON(publicFile?.fileName)
    return .object(fields)
  }
}
