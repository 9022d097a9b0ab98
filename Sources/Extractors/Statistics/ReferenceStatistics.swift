import Runs
public import Torch

/// The mean and the covariance of a network's features of real pictures, kept in a file, so that a
/// Fréchet distance needs the pictures no more.
///
/// ```swift
/// let statistics = try ReferenceStatistics.read(URL(filePath: "ffhq.npz"))
/// try statistics.requireFeatures(inception.statisticsFeatures, width: inception.featureCount)
/// ```
///
/// Lethe's own files say of which network the features are, with the SHA-256 of its weights, and of
/// how many pictures. Those of other programs say less, and ``notes`` say what is missing.
public struct ReferenceStatistics: Sendable {
  /// Whose features they are.
  public struct Features: Sendable, Equatable {
    /// The network's name, such as `Inception-v3 (FID)`.
    public let name: String
    /// The SHA-256 of the file of its weights; nil of a network without a file.
    public let weightsSHA256: String?
    /// How pictures were prepared, as one line of JSON.
    public let preprocessing: String

    /// The features of a network.
    ///
    /// - Parameters:
    ///   - name: the network's name.
    ///   - weightsSHA256: the SHA-256 of the file of its weights; nil if it has none.
    ///   - preprocessing: how it takes pictures, as one line of JSON.
    public init(name: String, weightsSHA256: String?, preprocessing: String) {
      self.name = name
      self.weightsSHA256 = weightsSHA256
      self.preprocessing = preprocessing
    }
  }

  /// `[F]`, `float64`.
  public let mean: Tensor
  /// `[F, F]`, `float64`, symmetric; over N - 1 where the count is known.
  public let covariance: Tensor
  /// How many pictures; nil where the file does not say.
  public let count: Int?
  /// What the pictures are, for messages.
  public let source: String
  /// Whose features they are; nil where the file does not say.
  public let features: Features?
  /// What is to be known about the numbers, each in a sentence: what a file does not say, and what was
  /// computed of its numbers.
  public let notes: [String]

  /// The length of a feature vector.
  public var width: Int { mean.shape[0] }

  /// Statistics that were taken, to be written.
  ///
  /// - Parameters:
  ///   - mean: `[F]`.
  ///   - covariance: `[F, F]`, over N - 1.
  ///   - count: how many pictures, at least 2.
  ///   - source: what they are.
  ///   - features: whose features.
  /// - Throws: ``ExtractorError/wrongStatistics(file:problem:)``, with the source in place of a file, if
  ///   a number is not finite or the covariance is none.
  public init(
    mean: Tensor, covariance: Tensor, count: Int, source: String, features: Features
  ) throws(ExtractorError) {
    try self.init(
      mean: mean, covariance: covariance, count: count, source: source, features: features,
      notes: [], file: source)
  }

  /// Statistics of a file, checked.
  init(
    mean: Tensor, covariance: Tensor, count: Int?, source: String, features: Features?,
    notes: [String], file: String
  ) throws(ExtractorError) {
    let (mean, covariance) = (
      mean.to(.cpu).to(.float64).clone(), covariance.to(.cpu).to(.float64).clone()
    )
    if let problem = Self.problem(mean: mean, covariance: covariance, count: count) {
      throw .wrongStatistics(file: file, problem: problem)
    }
    self.mean = mean
    self.covariance = covariance
    self.count = count
    self.source = source
    self.features = features
    self.notes = notes
  }

  /// How far a covariance may be from a symmetric one without negative variances, as a share of its
  /// largest variance: what single precision and sums in another order leave.
  private static let tolerance = 1e-5

  /// What makes numbers no statistics, in a few words; nil where nothing does.
  private static func problem(mean: Tensor, covariance: Tensor, count: Int?) -> String? {
    guard mean.rank == 1, let width = mean.shape.first, width > 0 else {
      return "the mean has shape \(mean.shape), expected one number for each feature"
    }
    guard covariance.shape == [width, width] else {
      return "the covariance has shape \(covariance.shape), expected \([width, width]) as the mean "
        + "has \(width) numbers"
    }
    guard mean.hasOnlyFiniteElements else { return "the mean holds numbers that are not finite" }
    guard covariance.hasOnlyFiniteElements else {
      return "the covariance holds numbers that are not finite"
    }
    if let count, count < 2 { return "they are of \(count) pictures, expected at least 2" }
    let variances = covariance.reshaped([width * width]).gathered(
      (0..<width).map { $0 * (width + 1) })
    let allowed = tolerance * max(0, variances.max().item())
    guard variances.min().item() >= -allowed else {
      return "the covariance has a negative number on its diagonal (\(variances.min().item()))"
    }
    let asymmetry = (covariance - covariance.transposed).abs().max().item()
    guard asymmetry <= allowed else {
      return "the covariance is not symmetric (two numbers that should be equal are \(asymmetry) "
        + "apart)"
    }
    return nil
  }

  /// Refuses statistics of other features than those asked for.
  ///
  /// What the file does not say is not compared: ``notes`` say so.
  ///
  /// - Parameters:
  ///   - asked: whose features they are to be.
  ///   - width: the length of its feature vectors.
  ///   - file: what to call the statistics in a message.
  /// - Throws: ``ExtractorError/otherFeatures(file:what:found:asked:)``.
  public func requireFeatures(
    _ asked: Features, width: Int, file: String
  ) throws(ExtractorError) {
    func refusal(_ what: String, _ found: String, _ asked: String) -> ExtractorError {
      .otherFeatures(file: file, what: what, found: found, asked: asked)
    }
    if let features {
      guard features.name == asked.name else { throw refusal("", features.name, asked.name) }
      if let found = features.weightsSHA256, let wanted = asked.weightsSHA256, found != wanted {
        throw refusal(
          features.name, "with the weights \(found.prefix(16))",
          "the weights \(wanted.prefix(16))")
      }
      guard features.preprocessing == asked.preprocessing else {
        throw refusal(
          features.name, "from pictures prepared by \(features.preprocessing)",
          "\(asked.preprocessing)")
      }
    }
    guard self.width == width else {
      throw refusal("length", "\(self.width)", "\(asked.name), of length \(width)")
    }
  }
}

extension FileFeatureExtractor {
  /// What files of reference statistics name the network by.
  public var statisticsFeatures: ReferenceStatistics.Features {
    ReferenceStatistics.Features(
      name: name, weightsSHA256: weights.provenance.sha256,
      preprocessing: preprocessing.recorded.encoded(.line))
  }
}
