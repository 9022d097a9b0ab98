/// How many pictures show each class, as a judge sees them.
public struct ClassHistogram: Sendable, Equatable, Codable {
  /// The names, by index.
  public let classNames: [String]
  /// The pictures of each class, by index.
  public let counts: [Int]

  /// A histogram of counts.
  ///
  /// - Parameters:
  ///   - counts: the pictures of each class.
  ///   - classNames: the classes' names.
  /// - Precondition: as many as each other.
  public init(counts: [Int], classNames: [String]) {
    precondition(counts.count == classNames.count, "\(counts.count) of \(classNames.count) classes")
    self.counts = counts
    self.classNames = classNames
  }

  /// The histogram of pictures' classes.
  ///
  /// - Parameters:
  ///   - classes: the index of each picture's class.
  ///   - classNames: the classes' names.
  public init(of classes: [Int], classNames: [String]) {
    var counts = [Int](repeating: 0, count: classNames.count)
    for index in classes { counts[index] += 1 }
    self.init(counts: counts, classNames: classNames)
  }

  /// The number of pictures.
  public var total: Int { counts.reduce(0, +) }

  /// A class's share of all pictures.
  ///
  /// - Parameter index: the class.
  /// - Returns: in 0 to 1; 0 if there are no pictures.
  public func share(of index: Int) -> Double {
    Double(counts[index]) / Double(max(1, total))
  }

  /// Each class's share over what it was before.
  ///
  /// - Parameter former: the histogram of the original generator.
  /// - Returns: by index; nil for a class that the original did not show.
  /// - Precondition: the classes are the same.
  public func keptRatios(from former: ClassHistogram) -> [Double?] {
    precondition(classNames == former.classNames, "histograms of different judges")
    return counts.indices.map {
      former.counts[$0] == 0 ? nil : share(of: $0) / former.share(of: $0)
    }
  }
}
