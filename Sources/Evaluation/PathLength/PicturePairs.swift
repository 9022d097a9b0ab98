/// How many pairs of pictures a distance compares at a time.
enum PicturePairs {
  /// As many as memory holds beside the feature maps of VGG16 for both: 4 of 256x256, at most 64.
  ///
  /// - Parameter size: rows and columns of the pictures.
  /// - Returns: at least 1; it depends on nothing else, so bits do not either.
  static func atOnce(size: Int) -> Int { max(1, min(64, 4 * 256 * 256 / (size * size))) }
}
