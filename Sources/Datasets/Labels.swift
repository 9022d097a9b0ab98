/// What a data set knows of its pictures.
public enum Labels: Sendable, Equatable {
  /// Nothing.
  case none
  /// A class for each picture, as an index into the names.
  ///
  /// Some may have no pictures: labels stay what they are when a class is removed. Where the source
  /// only numbers its classes, the numbers are the names, and nothing else is recorded.
  case classes([Int], names: [String], areRecorded: Bool = true)
  /// For each picture whether it has each attribute, in the order of the names.
  case attributes([[Bool]], names: [String])

  /// The names of the classes or attributes; empty without labels.
  public var names: [String] {
    switch self {
    case .none: []
    case .classes(_, let names, _), .attributes(_, let names): names
    }
  }

  /// Whether the source has names, and not only numbers.
  public var areNamesRecorded: Bool {
    if case .classes(_, _, areRecorded: false) = self { false } else { true }
  }

  /// Classes that the source only numbers.
  ///
  /// - Parameters:
  ///   - classes: the number of each picture's class, none negative.
  ///   - names: the names of all numbers from 0, where something records them.
  /// - Returns: labels; the numbers are the names unless others are given.
  static func numbered(_ classes: [Int], names: [String]?) -> Labels {
    .classes(
      classes, names: names ?? (0...(classes.max() ?? 0)).map(String.init),
      areRecorded: names != nil)
  }

  /// The labels of some pictures.
  ///
  /// - Parameter positions: which, in any order, repeated or not.
  /// - Returns: labels of the same names.
  public func gathered(_ positions: [Int]) -> Labels {
    switch self {
    case .none: .none
    case .classes(let classes, let names, let areRecorded):
      .classes(positions.map { classes[$0] }, names: names, areRecorded: areRecorded)
    case .attributes(let rows, let names): .attributes(positions.map { rows[$0] }, names: names)
    }
  }

  /// Whether there is a label of these names for each of so many pictures.
  func fit(count: Int) -> Bool {
    switch self {
    case .none: true
    case .classes(let classes, let names, _):
      classes.count == count && classes.allSatisfy(names.indices.contains)
    case .attributes(let rows, let names):
      rows.count == count && rows.allSatisfy { $0.count == names.count }
    }
  }

  /// Numbers that tell labels apart, for a digest: classes in order, or attributes picture by picture.
  var numbers: [Int64] {
    switch self {
    case .none: []
    case .classes(let classes, _, _): classes.map(Int64.init)
    case .attributes(let rows, _): rows.flatMap { $0.map { $0 ? 1 : 0 } }
    }
  }
}
