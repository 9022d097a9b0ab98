/// The metrics that compare pictures pair by pair: neighbours of one generator, or the same latent
/// before and after.
extension MetricKey {
  /// The perceptual path length by the distance that defines it, under its name in the field.
  ///
  /// - Parameter variant: the space and the points, such as `wend`.
  /// - Returns: the key, such as `ppl2_wend`.
  public static func perceptualPathLength(_ variant: String) -> MetricKey {
    MetricKey("ppl2_\(variant)", title: "Perceptual path length (ppl2_\(variant))", better: .lower)
  }

  /// A path length by another distance, which is not comparable with published ones.
  ///
  /// - Parameters:
  ///   - variant: the space and the points; the name leaves the usual `wend` out.
  ///   - distance: the name of the distance of pictures.
  /// - Returns: the key, such as `path_length_lenet5`.
  public static func pathLength(_ variant: String, by distance: String) -> MetricKey {
    MetricKey(
      name(variant == "wend" ? "path_length" : "path_length_\(variant)", distance),
      title: "Path length (\(distance)\(variant == "wend" ? "" : ", \(variant)"))", better: .lower)
  }

  /// Which latents are compared before and after.
  public enum ComparedLatents: Sendable, CaseIterable {
    /// Those that showed nothing undesired: what is to stay.
    case others
    /// Those that showed what was to be forgotten.
    case forgotten

    fileprivate var stem: String { self == .others ? "" : "_forgotten" }
    fileprivate var title: String {
      self == .others ? "of the other latents" : "of latents that showed it"
    }
    fileprivate var better: Direction { self == .others ? .lower : .neither }
  }

  /// How different the pictures of the same latents look before and after.
  ///
  /// - Parameters:
  ///   - latents: which latents.
  ///   - distance: the name of the distance of pictures.
  /// - Returns: the key.
  public static func perceptualChange(
    _ latents: ComparedLatents, by distance: String
  ) -> MetricKey {
    change("perceptual_change", "Perceptual change", latents, distance)
  }

  /// The cosine distance of the features of the same latents before and after.
  ///
  /// - Parameters:
  ///   - latents: which latents.
  ///   - extractor: whose features.
  /// - Returns: the key.
  public static func cosineChange(_ latents: ComparedLatents, by extractor: String) -> MetricKey {
    change("cosine_change", "Cosine distance of features", latents, extractor)
  }

  /// How far the features of the same latents have moved, over how long they were.
  ///
  /// - Parameters:
  ///   - latents: which latents.
  ///   - extractor: whose features.
  /// - Returns: the key.
  public static func relativeChange(_ latents: ComparedLatents, by extractor: String) -> MetricKey {
    change("relative_change", "Relative change of features", latents, extractor)
  }

  private static func change(
    _ stem: String, _ title: String, _ latents: ComparedLatents, _ network: String
  ) -> MetricKey {
    MetricKey(
      name(stem + latents.stem, network), title: "\(title) \(latents.title) (\(network))",
      better: latents.better)
  }
}
