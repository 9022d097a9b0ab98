public import Torch

extension Dataset {
  /// A few of the pictures, drawn at random, each at most once.
  ///
  /// - Parameters:
  ///   - most: how many.
  ///   - random: draws them.
  /// - Returns: as many pictures; the data set itself if it has no more.
  /// - Precondition: at least one is wanted.
  public func drawn(atMost most: Int, using random: RandomGenerator) -> Dataset {
    precondition(most > 0, "\(most) pictures drawn")
    guard most < count else { return self }
    return selecting(Array(random.permutation(count).prefix(most)), "\(most) pictures drawn")
  }

  /// Divides the pictures at random in two parts.
  ///
  /// - Parameters:
  ///   - share: the share of the second part, above 0 and below 1; it gets at least one picture.
  ///   - random: assigns each picture to a part.
  /// - Returns: both parts.
  /// - Throws: ``DatasetError/tooFewToSplit(path:count:)`` if there are too few pictures for two parts.
  public func split(
    holdingOut share: Double, using random: RandomGenerator
  ) throws(DatasetError) -> (kept: Dataset, held: Dataset) {
    let heldCount = max(1, Int((Double(count) * share).rounded()))
    guard heldCount < count else {
      throw .tooFewToSplit(path: provenance.path, count: count)
    }
    let order = random.permutation(count)
    return (
      selecting(Array(order.dropFirst(heldCount)), "without \(heldCount) pictures held out"),
      selecting(Array(order.prefix(heldCount)), "\(heldCount) pictures held out")
    )
  }
}
