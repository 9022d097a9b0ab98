public import Judging

/// How many pictures of a sample show each class or attribute, as a judge sees them.
///
/// Classes exclude each other: their counts are a histogram and sum to the number of pictures.
/// Attributes do not: a picture is counted under each that it has, or under none.
public struct ConceptCounts: Sendable, Equatable {
  /// What the judge tells apart.
  public let labels: LabelSpace
  /// The pictures that show each class or have each attribute, in the order of `labels.names`.
  public let counts: [Int]
  /// How many pictures there are.
  public let pictureCount: Int

  /// Counts that are known.
  ///
  /// - Parameters:
  ///   - counts: one for each name.
  ///   - labels: the names.
  ///   - pictureCount: how many pictures were counted.
  /// - Precondition: as many counts as names; counts of classes sum to the number of pictures.
  public init(counts: [Int], labels: LabelSpace, pictureCount: Int) {
    precondition(
      counts.count == labels.names.count, "\(counts.count) counts of \(labels.names.count) names")
    if case .classes = labels {
      precondition(
        counts.reduce(0, +) == pictureCount, "counts \(counts) of \(pictureCount) pictures")
    }
    self.labels = labels
    self.counts = counts
    self.pictureCount = pictureCount
  }

  /// The counts of a judgement.
  ///
  /// - Parameter judgement: of the pictures to count.
  public init(of judgement: Judgement) {
    var counts = [Int](repeating: 0, count: judgement.labels.names.count)
    switch judgement.labels {
    case .classes:
      for index in judgement.classes { counts[index] += 1 }
    case .attributes:
      counts = judgement.labels.concepts.map { judgement.shows($0).count { $0 } }
    }
    self.init(counts: counts, labels: judgement.labels, pictureCount: judgement.count)
  }

  /// How many pictures show a concept.
  ///
  /// - Parameter concept: one that the judge knows.
  /// - Returns: in 0 to ``pictureCount``.
  public func count(of concept: Concept) -> Int {
    guard let position = labels.position(of: concept) else {
      preconditionFailure("counts of \(labels.names) asked for \(concept)")
    }
    if case .attribute(_, isPresent: false) = concept { return pictureCount - counts[position] }
    return counts[position]
  }

  /// A concept's share of all pictures.
  ///
  /// - Parameter concept: one that the judge knows.
  /// - Returns: in 0 to 1; 0 if there are no pictures.
  public func share(of concept: Concept) -> Double {
    Double(count(of: concept)) / Double(max(1, pictureCount))
  }

  /// Each concept's share over what it was before.
  ///
  /// - Parameter former: the counts of the original generator.
  /// - Returns: in the order of `labels.names`; nil for what the original did not show.
  /// - Precondition: both are of one judge.
  public func keptRatios(from former: ConceptCounts) -> [Double?] {
    precondition(labels == former.labels, "counts of different judges")
    return labels.concepts.map {
      former.count(of: $0) == 0 ? nil : share(of: $0) / former.share(of: $0)
    }
  }
}
