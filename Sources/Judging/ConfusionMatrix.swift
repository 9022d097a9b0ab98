public import Torch

/// How often a judge took pictures of each class for each class.
///
/// ```swift
/// let matrix = ConfusionMatrix(names: ["cat", "dog"], truths: [0, 0, 1], verdicts: [0, 1, 1])
/// matrix.rightCount       // 2
/// matrix.recall(of: 0)    // 0.5: one cat of two was named a cat
/// matrix.precision(of: 1) // 0.5: one of the two that were named dogs is one
/// ```
public struct ConfusionMatrix: Sendable, Equatable {
  /// The judge's classes.
  public let names: [String]
  /// The number of pictures by their class, then by the class that the judge named.
  public let counts: [[Int]]
  /// The area under the receiver operating characteristic of each class against the rest.
  ///
  /// Nil where all pictures are of the class or none is, and where only verdicts are known.
  public let areasUnderCurve: [Double?]

  /// The counts of some pictures.
  ///
  /// - Parameters:
  ///   - names: the judge's classes.
  ///   - truths: the class of each picture, an index into the names.
  ///   - verdicts: the class that the judge named for each picture.
  /// - Precondition: as many verdicts as truths; all are indices into the names.
  public init(names: [String], truths: [Int], verdicts: [Int]) {
    self.init(
      names: names, truths: truths, verdicts: verdicts,
      areasUnderCurve: [Double?](repeating: nil, count: names.count))
  }

  /// The counts of some pictures, and how well the probabilities of each class tell it from the rest.
  ///
  /// - Parameters:
  ///   - names: the judge's classes.
  ///   - truths: the class of each picture, an index into the names.
  ///   - probabilities: of each class, `[truths.count, names.count]`; the likeliest is the verdict.
  /// - Precondition: the shape is right; the truths are indices into the names.
  public init(names: [String], truths: [Int], probabilities: Tensor) {
    precondition(
      probabilities.shape == [truths.count, names.count],
      "probabilities \(probabilities.shape) of \(truths.count) pictures, \(names.count) classes")
    let seen = Set(truths)
    self.init(
      names: names, truths: truths,
      verdicts: truths.isEmpty ? [] : probabilities.argmax(1).array(of: Int64.self).map(Int.init),
      areasUnderCurve: names.indices.map { index in
        guard seen.contains(index), seen.count > 1 else { return nil }
        return AreaUnderCurve.area(
          truths.map { $0 == index },
          by: probabilities.sliced(index..<index + 1, dimension: 1).array(of: Double.self))
      })
  }

  private init(names: [String], truths: [Int], verdicts: [Int], areasUnderCurve: [Double?]) {
    precondition(
      truths.count == verdicts.count, "\(verdicts.count) verdicts of \(truths.count) pictures")
    var counts = [[Int]](repeating: [Int](repeating: 0, count: names.count), count: names.count)
    for (truth, verdict) in zip(truths, verdicts) { counts[truth][verdict] += 1 }
    self.names = names
    self.counts = counts
    self.areasUnderCurve = areasUnderCurve
  }

  /// How many pictures there are.
  public var pictureCount: Int { counts.reduce(0) { $0 + $1.reduce(0, +) } }

  /// How many pictures the judge names right.
  public var rightCount: Int { names.indices.reduce(0) { $0 + counts[$1][$1] } }

  /// The share of pictures that the judge names right; nil without pictures.
  public var accuracy: Double? { Self.share(rightCount, of: pictureCount) }

  /// How many pictures are of a class.
  ///
  /// - Parameter index: of the class.
  /// - Returns: the number.
  public func pictureCount(of index: Int) -> Int { counts[index].reduce(0, +) }

  /// How many pictures the judge takes for a class, rightly or not.
  ///
  /// - Parameter index: of the class.
  /// - Returns: the number.
  public func verdictCount(of index: Int) -> Int { counts.reduce(0) { $0 + $1[index] } }

  /// The share of a class's pictures that the judge names so.
  ///
  /// - Parameter index: of the class.
  /// - Returns: in 0 to 1; nil if no picture is of the class.
  public func recall(of index: Int) -> Double? {
    Self.share(counts[index][index], of: pictureCount(of: index))
  }

  /// The share of those that the judge takes for a class which are of that class.
  ///
  /// - Parameter index: of the class.
  /// - Returns: in 0 to 1; nil if the judge takes no picture for one of the class.
  public func precision(of index: Int) -> Double? {
    Self.share(counts[index][index], of: verdictCount(of: index))
  }

  /// The classes that some picture is of or is taken for.
  ///
  /// A judge may know more classes than a data set shows: numbers that start at 1 leave class 0 empty.
  public var classesSeen: [Int] {
    names.indices.filter { pictureCount(of: $0) > 0 || verdictCount(of: $0) > 0 }
  }

  /// The kinds of mistakes, the most frequent first.
  public var mistakes: [(truth: Int, verdict: Int, count: Int)] {
    let all = names.indices.flatMap { truth in
      names.indices.map { (truth: truth, verdict: $0, count: counts[truth][$0]) }
    }
    return all.filter { $0.truth != $0.verdict && $0.count > 0 }
      .sorted { ($1.count, $0.truth, $0.verdict) < ($0.count, $1.truth, $1.verdict) }
  }

  private static func share(_ part: Int, of whole: Int) -> Double? {
    whole == 0 ? nil : Double(part) / Double(whole)
  }
}
