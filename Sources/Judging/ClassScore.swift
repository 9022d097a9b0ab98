/// How well a judge tells one class from the rest on labelled pictures.
public struct ClassScore: Sendable, Equatable {
  /// The class.
  public let name: String
  /// How many pictures are of it.
  public let pictureCount: Int
  /// How many pictures the judge takes for it, rightly or not.
  public let verdictCount: Int
  /// How many of its pictures the judge names so.
  public let rightCount: Int
  /// The area under the receiver operating characteristic of the class against the rest: how often a
  /// picture of it is held for likelier to be one than a picture of another class, ties counting half;
  /// nil where all pictures are of the class or none is.
  public let areaUnderCurve: Double?

  /// A score.
  ///
  /// - Parameters:
  ///   - name: the class.
  ///   - pictureCount: how many pictures are of it.
  ///   - verdictCount: how many pictures the judge takes for it.
  ///   - rightCount: how many of its pictures the judge names so.
  ///   - areaUnderCurve: in 0 to 1; nil where all pictures are of the class or none is.
  public init(
    name: String, pictureCount: Int, verdictCount: Int, rightCount: Int, areaUnderCurve: Double?
  ) {
    self.name = name
    self.pictureCount = pictureCount
    self.verdictCount = verdictCount
    self.rightCount = rightCount
    self.areaUnderCurve = areaUnderCurve
  }

  /// The share of the class's pictures that the judge names so; nil if no picture is of the class.
  public var recall: Double? {
    pictureCount == 0 ? nil : Double(rightCount) / Double(pictureCount)
  }

  /// The share of those that the judge takes for the class which are of it; nil if it takes none.
  public var precision: Double? {
    verdictCount == 0 ? nil : Double(rightCount) / Double(verdictCount)
  }
}

extension ConfusionMatrix {
  /// A score for each class that some picture is of or is taken for.
  public var scores: [ClassScore] {
    classesSeen.map { index in
      ClassScore(
        name: names[index], pictureCount: pictureCount(of: index),
        verdictCount: verdictCount(of: index), rightCount: counts[index][index],
        areaUnderCurve: areasUnderCurve[index])
    }
  }
}
