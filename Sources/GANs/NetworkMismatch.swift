/// Two networks that should be of one kind, and are not.
public struct NetworkMismatch: Error, Equatable, CustomStringConvertible {
  /// The network that does not fit: a file, or what it is.
  public let subject: String
  /// Its sizes.
  public let actual: String
  /// The network that it should fit.
  public let reference: String
  /// The sizes of that.
  public let expected: String

  /// One sentence that names both networks.
  public var description: String {
    "\(subject) is a network of \(actual), but \(reference) is one of \(expected)"
  }
}

extension GANConfiguration {
  /// Throws unless the networks are the same as another's: what one vector of parameters must fit.
  ///
  /// - Parameters:
  ///   - other: the configuration to be equal to.
  ///   - subject: what to call these networks in an error.
  ///   - reference: what to call the others.
  /// - Throws: ``NetworkMismatch``.
  public func requireSameNetworks(
    as other: any GANConfiguration, subject: String, reference: String
  ) throws(NetworkMismatch) {
    guard isEqual(to: other) else {
      throw NetworkMismatch(
        subject: subject, actual: "\(self)", reference: reference, expected: "\(other)")
    }
  }

  /// Throws unless generators make pictures of the same size from the same latents.
  ///
  /// - Parameters:
  ///   - other: the configuration to be compared with.
  ///   - subject: what to call these networks in an error.
  ///   - reference: what to call the others.
  /// - Throws: ``NetworkMismatch``.
  public func requireSamePictures(
    as other: any GANConfiguration, subject: String, reference: String
  ) throws(NetworkMismatch) {
    guard size == other.size, latentSize == other.latentSize, classCount == other.classCount
    else {
      throw NetworkMismatch(
        subject: subject, actual: "\(self)", reference: reference, expected: "\(other)")
    }
  }
}
