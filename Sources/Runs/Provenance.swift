import Files
public import Foundation

/// The fingerprint of a file that a run read.
public struct Provenance: Sendable, Equatable {
  /// What the file is to the run, such as `gan` or `judge`.
  public let role: String
  /// The path as resolved.
  public let path: String
  /// Its size in bytes.
  public let bytes: Int
  /// Its SHA-256 in hexadecimal.
  public let sha256: String

  /// The fingerprint of a file.
  ///
  /// - Parameters:
  ///   - file: Read once, a mebibyte at a time.
  ///   - role: What the file is to the run, such as `gan` or `judge`.
  /// - Throws: ``RunError/cannotRead(path:reason:)``.
  public init(of file: URL, role: String) throws(RunError) {
    let path = file.standardizedFileURL.path
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .cannotRead(path: path, reason: systemReason()) }
    defer { close(descriptor) }
    var digest = SHA256()
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var bytes = 0
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .cannotRead(path: path, reason: systemReason()) }
      guard count > 0 else { break }
      bytes += count
      buffer.withUnsafeBytes { digest.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }
    self.role = role
    self.path = path
    self.bytes = bytes
    sha256 = digest.finished()
  }

  /// The fingerprint as options.json holds it.
  public var json: JSON {
    [
      "role": .string(role), "path": .string(path), "bytes": .integer(bytes),
      "sha256": .string(sha256),
    ]
  }
}
