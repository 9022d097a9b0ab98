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

  /// A tensor that every file has under the public names.
  public var expectation: String { "a StyleGAN2 with tensors such as g_ema.style.1.weight" }

  /// The public PyTorch scripts, and NVIDIA's own.
  public var sources: [any CheckpointSource] { [PublicCheckpoints(), NVIDIACheckpoints()] }

  /// The networks of some sizes.
  ///
  /// - Parameter sizes: the sizes.
  /// - Returns: a ``NetworkConfiguration``.
  public func configuration(of sizes: NetworkSizes) -> (any GANConfiguration)? {
    NetworkConfiguration(sizes)
  }

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

  /// The side of the pictures, from the number of halvings.
  ///
  /// - Parameter tensors: a discriminator's, by their names within it.
  /// - Returns: the side in pixels; nil if there is no halving.
  public func discriminatorSize(inferredFrom tensors: StateDict) -> Int? {
    // Block 0 takes the colours; each of the others halves the side, down to 4.
    let halvings = (1...20).prefix { tensors["convs.\($0).conv1.0.weight"] != nil }.count
    return halvings == 0 ? nil : 4 << halvings
  }

  /// Covered are the parameters that the reference consolidates: the convolutions from 8x8 on.
  ///
  /// - Parameter parameter: a parameter's name.
  /// - Returns: whether it is one of `convs.*`.
  public func isConsolidated(_ parameter: String) -> Bool { parameter.hasPrefix("convs.") }

  /// Those that the public scripts factorise: the convolutions' and the first ToRGB layer's, for whatever
  /// name holds `modulation.weight` but not `to_rgbs`.
  ///
  /// - Parameter parameter: a parameter's name.
  /// - Returns: the number of its style, in the order in which the layers take them.
  public func modulatedStyle(of parameter: String) -> Int? {
    let parts = parameter.split(separator: ".")
    guard parts.suffix(2) == ["modulation", "weight"] else { return nil }
    switch parts[0] {
    case "conv1": return 0
    case "to_rgb1": return 1
    // The convolutions of a block take the styles after that of the block below it.
    case "convs": return Int(parts[1]).map { $0 + 1 }
    default: return nil
    }
  }
}

extension Architecture where Self == StyleGAN2Architecture {
  /// StyleGAN2 of the public family.
  public static var styleGAN2: StyleGAN2Architecture { StyleGAN2Architecture() }
}
