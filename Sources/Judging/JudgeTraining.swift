/// What a judge was trained and tested on: it travels in the judge's file.
///
/// So whoever scores the judge later knows which pictures it has seen. Pictures are known by the digest
/// of the whole data set that they are of, as the judge's training read it.
public struct JudgeTraining: Sendable, Equatable, Codable {
  /// The digest of the data set that was trained on, pictures held out included.
  public var digest: String
  /// How many of its pictures were trained on.
  public var pictureCount: Int
  /// How many of its pictures chose the epoch whose weights the judge has; nil where none did.
  ///
  /// They were drawn from those that were not held out for the test, and were not trained on.
  public var validationCount: Int?
  /// How pictures of that data set were held out; nil where all were trained on.
  public var heldOut: HeldOut?
  /// The digest of the data set that was tested on; that of the training, where pictures were held out.
  public var testDigest: String
  /// How many pictures were tested on.
  public var testCount: Int

  /// A draw of pictures that were not trained on.
  public struct HeldOut: Sendable, Equatable, Codable {
    /// The share of all pictures.
    public var share: Double
    /// The seed of the run, from which the draw follows.
    public var seed: UInt64
    /// The kind of device that drew: each has numbers of its own.
    public var device: String

    /// A draw.
    ///
    /// - Parameters:
    ///   - share: of all pictures.
    ///   - seed: of the run.
    ///   - device: the kind of device that drew.
    public init(share: Double, seed: UInt64, device: String) {
      self.share = share
      self.seed = seed
      self.device = device
    }
  }

  /// A record.
  ///
  /// - Parameters:
  ///   - digest: of the data set that was trained on, pictures held out included.
  ///   - pictureCount: how many of its pictures were trained on.
  ///   - validationCount: how many of its pictures chose the epoch; nil where none did.
  ///   - heldOut: how the others were chosen; nil where all were trained on.
  ///   - testDigest: of the data set that was tested on.
  ///   - testCount: how many pictures were tested on.
  public init(
    digest: String, pictureCount: Int, validationCount: Int? = nil, heldOut: HeldOut? = nil,
    testDigest: String, testCount: Int
  ) {
    self.digest = digest
    self.pictureCount = pictureCount
    self.validationCount = validationCount
    self.heldOut = heldOut
    self.testDigest = testDigest
    self.testCount = testCount
  }

  private enum CodingKeys: String, CodingKey {
    case digest
    case pictureCount = "pictures"
    case validationCount = "validation_pictures"
    case heldOut = "held_out"
    case testDigest = "test_digest"
    case testCount = "test_pictures"
  }
}
