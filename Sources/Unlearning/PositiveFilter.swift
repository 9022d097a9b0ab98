/// Which pictures are positives that a generator may train on.
public struct PositiveFilter: Sendable, Equatable {
  /// The largest probability of an undesired concept that a positive may have; 1 takes every picture
  /// that is likelier something else, as the reference does.
  public var largestDoubt: Double
  /// The share of each other class's pictures that are positives at least, the least doubtful ones,
  /// whatever their doubt.
  ///
  /// A class that resembles the undesired one has doubtful pictures: of Fashion-MNIST's sneakers, four of
  /// five are no sure non-sandals. Without it, it would be forgotten as well.
  public var leastClassShare: Double

  /// A filter.
  ///
  /// - Parameters:
  ///   - largestDoubt: the largest probability of an undesired concept; above 0, at most 1.
  ///   - leastClassShare: the least share of each other class; in 0 to 1.
  public init(largestDoubt: Double, leastClassShare: Double = 0) {
    self.largestDoubt = largestDoubt
    self.leastClassShare = leastClassShare
  }

  /// The pictures of one class that pass.
  ///
  /// - Parameter doubts: of each picture, the probability of an undesired concept.
  /// - Returns: whether each picture passes, and how many are free of doubt.
  func passing(_ doubts: [Double]) -> (isTaken: [Bool], sureCount: Int) {
    let sureCount = doubts.count { $0 <= largestDoubt }
    let least = Int((leastClassShare * Double(doubts.count)).rounded(.up))
    guard sureCount < least else { return (doubts.map { $0 <= largestDoubt }, sureCount) }
    var isTaken = [Bool](repeating: false, count: doubts.count)
    for index in doubts.indices.sorted(by: { (doubts[$0], $0) < (doubts[$1], $1) }).prefix(least) {
      isTaken[index] = true
    }
    return (isTaken, sureCount)
  }
}

/// What the filter of positives took of one class or attribute.
public struct FilterToll: Sendable, Equatable {
  /// The class, or the attribute that pictures have.
  public let className: String
  /// Its pictures that show no undesired concept.
  public let pictureCount: Int
  /// Those whose doubt is small enough.
  public let sureCount: Int
  /// Those that are positives.
  public let takenCount: Int
}
