/// The metrics of distributions of features, and of the scores of a concept.
///
/// Their values depend on whose features they are taken in, so the names and titles of features'
/// metrics say it: `kernel_distance_to_positives_lenet5` and `..._pixels_of_32x32` stand side by
/// side.
extension MetricKey {
  /// What the pictures of a generator are compared with, or what is compared.
  public enum ComparedPictures: String, Sendable, CaseIterable {
    /// The unlearned generator's pictures with the original's positives, the ideal result.
    case toPositives = "to_positives"
    /// The original's pictures with its positives: the value for a generator that forgot nothing.
    case originalToPositives = "original_to_positives"
    /// The unlearned generator's pictures with real positives.
    case toData = "to_data"
    /// The original's pictures with real positives.
    case originalToData = "original_to_data"
    /// The unlearned generator's pictures with those of one that was retrained without the concept.
    case toRetrained = "to_retrained"
    /// The original's pictures with those of one that was retrained without the concept.
    case originalToRetrained = "original_to_retrained"

    /// The same in a title.
    var title: String {
      switch self {
      case .toPositives: "to the original's positives"
      case .originalToPositives: "of the original to its positives"
      case .toData: "to real positives"
      case .originalToData: "of the original to real positives"
      case .toRetrained: "to the retrained generator"
      case .originalToRetrained: "of the original to the retrained generator"
      }
    }

    /// Whether it is the unlearned generator that is compared, so that the value judges it.
    public var isOfUnlearned: Bool {
      switch self {
      case .toPositives, .toData, .toRetrained: true
      case .originalToPositives, .originalToData, .originalToRetrained: false
      }
    }
  }

  /// The Fréchet distance in an extractor's features.
  ///
  /// - Parameters:
  ///   - pictures: what is compared.
  ///   - name: what the distance is called there: `fid` in the features that define it, else such as
  ///     `fd-efficientnet-lite0`.
  /// - Returns: the key.
  public static func frechet(_ pictures: ComparedPictures, named name: String) -> MetricKey {
    MetricKey(
      name.lowercased().replacing("-", with: "_") + "_\(pictures.rawValue)",
      title: "\(name.uppercased()) \(pictures.title)",
      better: pictures.isOfUnlearned ? .lower : .neither)
  }

  /// The mean kernel distance of subsets, which is called KID in Inception's features.
  ///
  /// - Parameters:
  ///   - pictures: what is compared.
  ///   - extractor: whose features they are compared in.
  /// - Returns: the key.
  public static func kernelDistance(
    _ pictures: ComparedPictures, by extractor: String
  ) -> MetricKey {
    distance("kernel_distance", "Kernel distance", pictures, extractor)
  }

  /// The standard deviation of ``kernelDistance(_:by:)`` among subsets.
  ///
  /// - Parameters:
  ///   - pictures: what is compared.
  ///   - extractor: whose features they are compared in.
  /// - Returns: the key.
  public static func kernelDistanceDeviation(
    _ pictures: ComparedPictures, by extractor: String
  ) -> MetricKey {
    MetricKey(
      name("kernel_distance_deviation_\(pictures.rawValue)", extractor),
      title: "Deviation of the kernel distance \(pictures.title) (\(extractor))")
  }

  /// The kernel distance of all pictures at once.
  ///
  /// - Parameters:
  ///   - pictures: what is compared.
  ///   - extractor: whose features they are compared in.
  /// - Returns: the key.
  public static func wholeKernelDistance(
    _ pictures: ComparedPictures, by extractor: String
  ) -> MetricKey {
    distance("whole_kernel_distance", "Kernel distance of all pictures", pictures, extractor)
  }

  /// The sliced Wasserstein distance on the scale of MIND, which it is called in Inception's
  /// features.
  ///
  /// - Parameters:
  ///   - pictures: what is compared.
  ///   - extractor: whose features they are compared in.
  /// - Returns: the key.
  public static func slicedWasserstein(
    _ pictures: ComparedPictures, by extractor: String
  ) -> MetricKey {
    distance("sliced_wasserstein", "Sliced Wasserstein distance", pictures, extractor)
  }

  /// The share of the unlearned generator's pictures among the positives.
  ///
  /// - Parameters:
  ///   - pictures: what is compared.
  ///   - extractor: whose features they are compared in.
  /// - Returns: the key.
  public static func precision(_ pictures: ComparedPictures, by extractor: String) -> MetricKey {
    share("precision", "Precision", pictures, extractor)
  }

  /// The share of the positives among the unlearned generator's pictures.
  ///
  /// - Parameters:
  ///   - pictures: what is compared.
  ///   - extractor: whose features they are compared in.
  /// - Returns: the key.
  public static func recall(_ pictures: ComparedPictures, by extractor: String) -> MetricKey {
    share("recall", "Recall", pictures, extractor)
  }

  /// How densely the unlearned generator's pictures lie among the positives; 1 for equal
  /// distributions.
  ///
  /// - Parameters:
  ///   - pictures: what is compared.
  ///   - extractor: whose features they are compared in.
  /// - Returns: the key.
  public static func density(_ pictures: ComparedPictures, by extractor: String) -> MetricKey {
    MetricKey(
      name("density_\(pictures.rawValue)", extractor),
      title: "Density \(pictures.title) (\(extractor))",
      better: pictures.isOfUnlearned ? .higher : .neither)
  }

  /// The share of the positives with a picture of the unlearned generator near by.
  ///
  /// - Parameters:
  ///   - pictures: what is compared.
  ///   - extractor: whose features they are compared in.
  /// - Returns: the key.
  public static func coverage(_ pictures: ComparedPictures, by extractor: String) -> MetricKey {
    share("coverage", "Coverage", pictures, extractor)
  }

  /// How likely the original's pictures show the concept, on average.
  public static let conceptProbabilityBefore = MetricKey(
    "concept_probability_before", title: "Mean probability of the concept before")
  /// How likely the unlearned generator's pictures show the concept, on average.
  public static let conceptProbabilityAfter = MetricKey(
    "concept_probability_after", title: "Mean probability of the concept after", better: .lower)
  /// The same of the latents that showed it, before.
  public static let negativesProbabilityBefore = MetricKey(
    "negatives_probability_before", title: "Mean probability of the concept before, of negatives")
  /// The same of the latents that showed it, after.
  public static let negativesProbabilityAfter = MetricKey(
    "negatives_probability_after", title: "Mean probability of the concept after, of negatives",
    better: .lower)
  /// How unsure the judge was of the latents that showed the concept.
  public static let negativesEntropyBefore = MetricKey(
    "negatives_entropy_before", title: "Mean entropy before, of negatives", unit: "nats")
  /// How unsure the judge is of them now.
  public static let negativesEntropyAfter = MetricKey(
    "negatives_entropy_after", title: "Mean entropy after, of negatives", unit: "nats")
  /// How far the concept's probabilities have moved, as a distribution.
  public static let conceptScoreDistance = MetricKey(
    "concept_score_distance", title: "Wasserstein distance of the concept's probabilities")

  private static func distance(
    _ stem: String, _ title: String, _ pictures: ComparedPictures, _ extractor: String
  ) -> MetricKey {
    MetricKey(
      name("\(stem)_\(pictures.rawValue)", extractor),
      title: "\(title) \(pictures.title) (\(extractor))",
      better: pictures.isOfUnlearned ? .lower : .neither)
  }

  private static func share(
    _ stem: String, _ title: String, _ pictures: ComparedPictures, _ extractor: String
  ) -> MetricKey {
    MetricKey(
      name("\(stem)_\(pictures.rawValue)", extractor),
      title: "\(title) \(pictures.title) (\(extractor))", unit: "%",
      better: pictures.isOfUnlearned ? .higher : .neither)
  }

  /// A name on disk that ends with the extractor's, in snake_case.
  static func name(_ stem: String, _ extractor: String) -> String {
    let words = extractor.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    return ([stem] + words.map(String.init)).joined(separator: "_")
  }
}
