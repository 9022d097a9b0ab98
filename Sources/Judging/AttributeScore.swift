/// How well a judge tells one attribute on labelled pictures.
public struct AttributeScore: Sendable, Equatable {
  /// The attribute.
  public let name: String
  /// How many pictures have it.
  public let presentCount: Int
  /// How many pictures lack it.
  public let absentCount: Int
  /// How many of those that have it the judge says so of.
  public let foundCount: Int
  /// How many of those that lack it the judge says they have it.
  public let falseCount: Int
  /// The area under the receiver operating characteristic: how often a picture that has it is held for
  /// likelier to have it than one that lacks it, ties counting half; nil where all have it or none.
  public let areaUnderCurve: Double?

  /// The score of some pictures.
  ///
  /// - Parameters:
  ///   - name: the attribute.
  ///   - truths: whether each picture has it.
  ///   - probabilities: how likely the judge holds it, for each picture.
  ///   - threshold: above which the judge says so.
  /// - Precondition: as many probabilities as truths.
  public init(name: String, truths: [Bool], probabilities: [Double], threshold: Double) {
    precondition(
      truths.count == probabilities.count,
      "\(probabilities.count) probabilities of \(truths.count) pictures")
    self.name = name
    presentCount = truths.count { $0 }
    absentCount = truths.count - presentCount
    let verdicts = probabilities.map { $0 > threshold }
    foundCount = zip(truths, verdicts).count { $0 && $1 }
    falseCount = zip(truths, verdicts).count { !$0 && $1 }
    areaUnderCurve = AreaUnderCurve.area(truths, by: probabilities)
  }

  /// A score that was counted before.
  ///
  /// - Parameters:
  ///   - name: the attribute.
  ///   - presentCount: how many pictures have it.
  ///   - absentCount: how many lack it.
  ///   - foundCount: how many of those that have it the judge says so of.
  ///   - falseCount: how many of those that lack it the judge says so of.
  ///   - areaUnderCurve: in 0 to 1; nil where all have it or none.
  public init(
    name: String, presentCount: Int, absentCount: Int, foundCount: Int, falseCount: Int,
    areaUnderCurve: Double?
  ) {
    self.name = name
    self.presentCount = presentCount
    self.absentCount = absentCount
    self.foundCount = foundCount
    self.falseCount = falseCount
    self.areaUnderCurve = areaUnderCurve
  }

  /// How many pictures there are.
  public var pictureCount: Int { presentCount + absentCount }

  /// How many pictures the judge is right about.
  public var rightCount: Int { foundCount + absentCount - falseCount }

  /// The share of pictures that the judge is right about; nil without pictures.
  public var accuracy: Double? {
    pictureCount == 0 ? nil : Double(rightCount) / Double(pictureCount)
  }

  /// The share of those that have it which the judge finds; nil if none has it.
  public var recall: Double? {
    presentCount == 0 ? nil : Double(foundCount) / Double(presentCount)
  }

  /// The share that has it among those that the judge says have it; nil if it says so of none.
  public var precision: Double? {
    foundCount + falseCount == 0 ? nil : Double(foundCount) / Double(foundCount + falseCount)
  }
}
