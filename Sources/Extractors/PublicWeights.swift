import Foundation

/// A file that the field measures with, as its name and its SHA-256 tell.
///
/// Numbers may be compared with published ones only where the weights are the published ones. PyTorch's
/// public files carry the first digits of their SHA-256 in their names; for others, the digits are given.
public struct PublicWeights: Sendable, Hashable {
  /// The file's name, such as `vgg16-397923af.pth`.
  public let fileName: String
  /// The first digits of its SHA-256, in hexadecimal, eight or more.
  public let digestStart: String
  /// The field's name of a Fréchet distance in its features, such as `fid`; nil where it has none.
  public let frechetName: String?

  /// A public file.
  ///
  /// - Parameters:
  ///   - fileName: its name.
  ///   - digestStart: the first digits of its SHA-256; unless given, what follows the last hyphen of the
  ///     name.
  ///   - frechetName: the field's name of a Fréchet distance in its features.
  /// - Precondition: there are eight hexadecimal digits or more.
  public init(_ fileName: String, digestStart: String? = nil, frechetName: String? = nil) {
    let stem = fileName.prefix { $0 != "." }
    let digits = digestStart ?? stem.split(separator: "-").last.map(String.init) ?? ""
    precondition(
      digits.count >= 8 && digits.allSatisfy(\.isHexDigit), "\(fileName) with the digits \(digits)")
    self.fileName = fileName
    self.digestStart = digits
    self.frechetName = frechetName
  }

  /// Whether a file is this one, whatever it is called.
  ///
  /// - Parameter sha256: its SHA-256 in hexadecimal.
  /// - Returns: true if its first digits are those of the public file.
  public func matches(_ sha256: String) -> Bool { sha256.hasPrefix(digestStart) }
}
