public import Foundation

/// A file that the system refuses to write.
///
/// Targets that have an error type of their own translate it.
public struct FileError: Error, Equatable, CustomStringConvertible {
  /// The file that was asked for.
  public let path: String
  /// The system's sentence, such as `No space left on device`.
  public let reason: String

  /// An error from a sentence of the system.
  ///
  /// - Parameters:
  ///   - path: The file that was asked for.
  ///   - reason: See ``systemReason(_:)``.
  public init(path: String, reason: String = systemReason()) {
    self.path = path
    self.reason = reason
  }

  /// One sentence that names the file.
  public var description: String { "cannot write \(path): \(reason)" }
}

/// The system's sentence for an error number, such as `No space left on device`.
///
/// - Parameter code: That of the call that failed last, unless given.
/// - Returns: the sentence, without a full stop.
public func systemReason(_ code: Int32 = errno) -> String { String(cString: strerror(code)) }
