public import Torch

/// How pictures become what a network takes: the one place where that happens.
///
/// The steps, in order: black to 0 and full intensity to 1, clamped, as a viewer would see them; grey or
/// colour; resizing; the square in the centre; the network's range; mean and standard deviation. A step
/// that has nothing to do leaves the bits as they are.
public struct Preprocessing: Sendable, Hashable, Codable {
  /// Rows of the pictures that the network takes, and columns unless ``width`` says otherwise.
  public var size: Int
  /// Columns, where they are not as many as rows: pictures are then squeezed, as CelebA's public judges
  /// take them.
  public var width: Int?
  /// 1 (grey) or 3 (red, green, blue).
  public var channels: Int
  /// Rows and columns that pictures are resized to; what exceeds ``size`` is cropped off around the
  /// centre.
  public var resizedSize: Int
  /// Whether shrinking averages over all source pixels, as image libraries do.
  public var isAntialiased: Bool
  /// The range of the values that the network takes, before normalisation.
  public var range: PixelRange
  /// What is subtracted from each channel; empty for nothing.
  public var mean: [Double]
  /// What each channel is divided by afterwards; empty for nothing.
  public var standardDeviation: [Double]

  /// A network's way with pictures.
  ///
  /// - Parameters:
  ///   - size: rows and columns that the network takes.
  ///   - width: columns, where they are not as many; nothing is cropped then.
  ///   - channels: 1 or 3.
  ///   - resizedSize: rows and columns before the crop; `size` when nil.
  ///   - isAntialiased: whether shrinking averages over all source pixels.
  ///   - range: the range of the values.
  ///   - mean: one number for each channel, or none.
  ///   - standardDeviation: one number for each channel, or none.
  /// - Precondition: the sizes are positive, the crop is no larger than the picture, and mean and
  ///   standard deviation have no or `channels` numbers.
  public init(
    size: Int, width: Int? = nil, channels: Int, resizedSize: Int? = nil,
    isAntialiased: Bool = true, range: PixelRange = .zeroToOne, mean: [Double] = [],
    standardDeviation: [Double] = []
  ) {
    let resizedSize = resizedSize ?? size
    precondition(
      size > 0 && resizedSize >= size && (width == nil || resizedSize == size),
      "pictures of \(size) cropped from \(resizedSize)")
    precondition(channels == 1 || channels == 3, "pictures with \(channels) channels")
    for values in [mean, standardDeviation] {
      precondition(
        values.isEmpty || values.count == channels,
        "\(values.count) numbers for \(channels) channels")
    }
    self.size = size
    self.width = width
    self.channels = channels
    self.resizedSize = resizedSize
    self.isAntialiased = isAntialiased
    self.range = range
    self.mean = mean
    self.standardDeviation = standardDeviation
  }

  /// Pictures as the network takes them.
  ///
  /// - Parameters:
  ///   - pictures: `[N, 1 or 3, H, W]`, floating point.
  ///   - source: the range of their values.
  /// - Returns: `[N, channels, size, width ?? size]`.
  public func prepared(_ pictures: Tensor, from source: PixelRange) -> Tensor {
    // The weights of grey do not sum to exactly 1, so channels change where black is 0.
    var x = source.convert(pictures, to: .zeroToOne).clamped(0, 1).withPictureChannels(channels)
    let resizedWidth = width ?? resizedSize
    if x.shape[2] != resizedSize || x.shape[3] != resizedWidth {
      x = x.contiguous().resized(
        height: resizedSize, width: resizedWidth, antialias: isAntialiased)
    }
    if resizedSize != size {
      let start = (resizedSize - size) / 2
      x = x.sliced(start..<start + size, dimension: 2).sliced(start..<start + size, dimension: 3)
    }
    x = PixelRange.zeroToOne.convert(x, to: range)
    if !mean.isEmpty { x = x - perChannel(mean, like: x) }
    if !standardDeviation.isEmpty { x = x / perChannel(standardDeviation, like: x) }
    return x
  }

  private func perChannel(_ values: [Double], like pictures: Tensor) -> Tensor {
    Tensor(values.map(Float.init), shape: [1, channels, 1, 1]).to(pictures.device)
  }
}
