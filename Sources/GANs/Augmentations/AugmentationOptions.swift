import TorchNN

/// Kinds of changes that belong together in adaptive discriminator augmentation.
public enum AugmentationGroup: String, Sendable, CaseIterable {
  /// Pixels move as they are: mirrored, turned by right angles, shifted by whole pixels.
  case blit
  /// Any scale, angle and shift.
  case geom
  /// Brightness, contrast, luma, hue, saturation.
  case color
  /// Bands of frequencies are made stronger or weaker.
  case filter
  /// Noise is added.
  case noise
  /// A square is left out.
  case cutout
}

/// Which changes pictures may undergo: one group, or those that others use together.
///
/// The names are those of the public code.
public enum AugmentationPreset: String, Sendable, CaseIterable, Codable {
  /// ``AugmentationGroup/blit`` alone.
  case blit
  /// ``AugmentationGroup/geom`` alone.
  case geom
  /// ``AugmentationGroup/color`` alone.
  case color
  /// ``AugmentationGroup/filter`` alone.
  case filter
  /// ``AugmentationGroup/noise`` alone.
  case noise
  /// ``AugmentationGroup/cutout`` alone.
  case cutout
  /// Blitting and geometry.
  case bg
  /// Blitting, geometry and colours: what the paper recommends.
  case bgc
  /// Those of ``bgc``, and filters.
  case bgcf
  /// Those of ``bgcf``, and noise.
  case bgcfn
  /// All groups.
  case bgcfnc

  /// The groups.
  public var groups: Set<AugmentationGroup> {
    switch self {
    case .blit: [.blit]
    case .geom: [.geom]
    case .color: [.color]
    case .filter: [.filter]
    case .noise: [.noise]
    case .cutout: [.cutout]
    case .bg: [.blit, .geom]
    case .bgc: [.blit, .geom, .color]
    case .bgcf: [.blit, .geom, .color, .filter]
    case .bgcfn: [.blit, .geom, .color, .filter, .noise]
    case .bgcfnc: Set(AugmentationGroup.allCases)
    }
  }
}

/// How pictures are changed before the discriminator sees them, and how often.
///
/// Karras et al., *Training Generative Adversarial Networks with Limited Data*, arXiv 2006.06676.
public struct AugmentationOptions: Sendable, Equatable, Codable {
  /// What may happen to a picture.
  public var preset = AugmentationPreset.bgc
  /// The probability of each change; nil lets it follow the discriminator's overfitting.
  public var probability: Double?
  /// The r_t that an adaptive probability aims at: the mean sign of the logits of real pictures.
  public var target = 0.6
  /// Real pictures until an adaptive probability would have gone from 0 to 1.
  public var length = 500_000

  /// The paper's constants: `bgc`, adaptive.
  public init() {}

  /// Throws unless pictures can be changed with these.
  ///
  /// - Throws: `ConfigurationError` naming the field as records do.
  public func validate() throws(ConfigurationError) {
    // The public scripts mean "adaptive" by 0; as a probability it would change no picture, without a word.
    if let probability, !(probability > 0 && probability <= 1) {
      throw .outOfRange(
        field: "augmentation.probability", value: "\(probability)",
        expected: "more than 0, up to 1; none at all for an adaptive one")
    }
    guard (-1...1).contains(target) else {
      throw .outOfRange(
        field: "augmentation.target", value: "\(target)",
        expected: "-1 to 1 (it is a mean of signs)")
    }
    guard length >= 1 else {
      throw .outOfRange(field: "augmentation.length", value: "\(length)", expected: "at least 1")
    }
  }
}
