public import GANs
public import Torch

/// StyleGAN2 of the public family.
///
/// Karras et al. 2020.
public struct StyleGAN2Architecture: Architecture {
  /// The architecture; it has no settings.
  public init() {}

  /// `StyleGAN2`.
  public var name: String { "StyleGAN2" }

  /// The public PyTorch scripts.
  public var sources: [any CheckpointSource] { [PublicCheckpoints()] }

  /// The sizes that a generator's tensors tell.
  ///
  /// - Parameters:
  ///   - tensors: a generator's, by their names within it.
  ///   - path: what to call the file in an error.
  /// - Returns: a ``NetworkConfiguration``.
  /// - Throws: `GANFileError.unknownArchitecture` if they are of another family.
  public func configuration(
    inferredFrom tensors: StateDict, path: String
  ) throws(GANFileError) -> any GANConfiguration {
    try NetworkConfiguration(inferredFrom: tensors, path: path)
  }

  /// Covered are the parameters that the reference consolidates: the convolutions from 8x8 on.
  ///
  /// - Parameter parameter: a parameter's name.
  /// - Returns: whether it is one of `convs.*`.
  public func isConsolidated(_ parameter: String) -> Bool { parameter.hasPrefix("convs.") }
}

extension Architecture where Self == StyleGAN2Architecture {
  /// StyleGAN2 of the public family.
  public static var styleGAN2: StyleGAN2Architecture { StyleGAN2Architecture() }
}
