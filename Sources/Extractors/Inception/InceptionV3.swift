public import Judging
public import Torch
public import TorchNN

/// Inception-v3 (Szegedy et al., arXiv 1512.00567) up to its features, always in evaluation mode.
///
/// Its names are torchvision's, which the FID's weights in PyTorch have as well.
public final class InceptionV3: FeatureExtractor {
  /// Which of the two networks with the same names it is.
  public enum Variant: Sendable, Hashable {
    /// TensorFlow's of 2015-12-05, in whose features the FID is defined (Heusel et al., arXiv 1706.08500).
    ///
    /// Means of neighbours leave out what is beyond the border, the pooling of the last block takes the
    /// largest neighbour, and the network has 1,008 classes. Pictures are resized to 299x299 without
    /// antialiasing, as pytorch-fid does.
    case fid
    /// torchvision's: means over nine, with zeros beyond the border, in all blocks, and 1,000 classes.
    ///
    /// Pictures are the middle of 342x342. A Fréchet distance in its features is no FID.
    case torchvision
  }

  /// Channels of the first convolution; all others are proportional.
  public static let publicWidth = 32

  /// `Inception-2015-12-05` for the FID's, `InceptionV3` for torchvision's; with the width where it is
  /// another one.
  public let name: String
  /// Which of the two networks it is.
  public let variant: Variant
  /// 2,048, unless its width is another one.
  public let featureCount: Int

  /// All parameters, the running means and variances among them.
  public let parameters: ParameterVector

  private let layers: InceptionLayers

  /// A network with zero parameters, to be loaded.
  ///
  /// - Parameters:
  ///   - variant: which of the two networks it is.
  ///   - width: channels of the first convolution, an even number.
  ///   - device: where it lives.
  public init(_ variant: Variant, width: Int = publicWidth, device: Device = .cpu) {
    self.variant = variant
    name = Self.name(variant, width: width)
    let root = ParameterScope()
    layers = InceptionLayers(root, variant, width: width)
    featureCount = layers.output
    parameters = ParameterVector(root, device: device)
    parameters.requiresGradient = false
  }

  static func name(_ variant: Variant, width: Int) -> String {
    (variant == .fid ? "Inception-2015-12-05" : "InceptionV3")
      + (width == publicWidth ? "" : " of width \(width)")
  }

  /// Colour pictures of 299x299 in -1..1.
  public var preprocessing: Preprocessing { Self.preprocessing(variant) }

  /// What a network does to pictures before it looks at them.
  ///
  /// - Parameter variant: which network.
  /// - Returns: colour pictures of 299x299 in -1..1.
  public static func preprocessing(_ variant: Variant) -> Preprocessing {
    switch variant {
    case .fid:
      Preprocessing(size: 299, channels: 3, isAntialiased: false, range: .minusOneToOne)
    case .torchvision:
      Preprocessing(size: 299, channels: 3, resizedSize: 342, range: .minusOneToOne)
    }
  }

  /// Where the network lives.
  public var device: Device { parameters.device }

  /// The means over the last block's channels.
  ///
  /// - Parameter pictures: `[N, 3, 299, 299]` in -1..1.
  /// - Returns: `[N, featureCount]`, not negative.
  public func features(_ pictures: Tensor) -> Tensor { layers(pictures).mean([2, 3]) }
}
