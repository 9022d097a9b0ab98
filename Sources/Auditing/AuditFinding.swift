public import Records
public import Torch

/// What an audit has found of one generator.
public struct AuditFinding {
  /// The numbers, the one that counts most first.
  public var measurements: [MetricMeasurement]
  /// How a number goes with another.
  public var curves: [AuditRecord.Curve]
  /// Pictures to look at.
  public var pictures: [Sheet]

  /// A finding.
  ///
  /// - Parameters:
  ///   - measurements: the numbers, the one that counts most first.
  ///   - curves: how a number goes with another.
  ///   - pictures: pictures to look at.
  public init(
    _ measurements: [MetricMeasurement], curves: [AuditRecord.Curve] = [], pictures: [Sheet] = []
  ) {
    self.measurements = measurements
    self.curves = curves
    self.pictures = pictures
  }

  /// Pictures that become one file.
  public struct Sheet {
    /// The end of its file's name, such as `found`; unique within a finding.
    public var name: String
    /// What it shows, in a sentence.
    public var caption: String
    /// `[N, 3, size, size]`, in host memory.
    public var pictures: Tensor
    /// The range of their values.
    public var range: PixelRange
    /// How many stand in a row.
    public var columns: Int

    /// A sheet.
    ///
    /// - Parameters:
    ///   - name: the end of its file's name.
    ///   - caption: what it shows, in a sentence.
    ///   - pictures: `[N, 3, size, size]`.
    ///   - range: the range of their values.
    ///   - columns: how many stand in a row.
    public init(
      _ name: String, caption: String, pictures: Tensor, range: PixelRange, columns: Int = 8
    ) {
      self.name = name
      self.caption = caption
      self.pictures = pictures
      self.range = range
      self.columns = columns
    }
  }
}
