import Torch

/// A family of networks that a file may hold: how it is recognised, and what the method asks of it.
///
/// Lethe's own are a list (`Architecture.known`); a file is of the first one that accepts its
/// tensors. A further family is a folder with networks, a configuration and an architecture, and one
/// line in that list.
public protocol Architecture: Sendable {
  /// The family's name, such as `StyleGAN2`.
  var name: String { get }

  /// The sizes that a generator's tensors tell.
  ///
  /// - Parameters:
  ///   - tensors: a generator's, by their names within it.
  ///   - path: what to call the file in an error.
  /// - Returns: the configuration.
  /// - Throws: ``GANFileError/unknownArchitecture(file:reason:)`` if they are of another family.
  func configuration(
    inferredFrom tensors: StateDict, path: String
  ) throws(GANFileError) -> any GANConfiguration

  /// Whether elastic weight consolidation covers a parameter of the generator.
  ///
  /// - Parameter parameter: its name.
  /// - Returns: whether its Fisher information is estimated; that of others is zero.
  func isConsolidated(_ parameter: String) -> Bool
}

extension [any Architecture] {
  /// The sizes by the first architecture that accepts a generator's tensors.
  ///
  /// - Throws: the first one's refusal, if all refuse.
  func configuration(
    inferredFrom tensors: StateDict, path: String
  ) throws(GANFileError) -> any GANConfiguration {
    precondition(!isEmpty, "no architecture to recognise a file by")
    var refusals: [GANFileError] = []
    for architecture in self {
      do {
        return try architecture.configuration(inferredFrom: tensors, path: path)
      } catch { refusals.append(error) }
    }
    throw refusals[0]
  }
}
