/// The area under the receiver operating characteristic.
///
/// Mann and Whitney's U as a share: how often something true has a higher score than something false.
public enum AreaUnderCurve {
  /// The area of some scores, counted pair by pair and so exact until the division.
  ///
  /// The smaller of the two groups is sorted, the larger one looked up in it: a class among a thousand
  /// costs little.
  ///
  /// - Parameters:
  ///   - truths: whether each is true.
  ///   - scores: the higher, the likelier true; as many as truths.
  /// - Returns: in 0 to 1, ties counting half; nil where all are true or none is.
  public static func area(_ truths: [Bool], by scores: [Double]) -> Double? {
    var (present, absent): ([Double], [Double]) = ([], [])
    for (truth, score) in zip(truths, scores) {
      if truth { present.append(score) } else { absent.append(score) }
    }
    guard !present.isEmpty, !absent.isEmpty else { return nil }
    let isRarer = present.count < absent.count
    let (sorted, others) = isRarer ? (present.sorted(), absent) : (absent.sorted(), present)
    // Twice the pairs in which the looked-up score is the higher one, ties once.
    var doubled = 0
    for score in others {
      doubled += sorted.countOfLeading { $0 < score } + sorted.countOfLeading { $0 <= score }
    }
    let pairs = present.count * absent.count
    return Double(isRarer ? 2 * pairs - doubled : doubled) / 2 / Double(pairs)
  }
}

extension [Double] {
  /// How many elements come before the first of which something does not hold, found by halving.
  fileprivate func countOfLeading(where holds: (Double) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if holds(self[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
