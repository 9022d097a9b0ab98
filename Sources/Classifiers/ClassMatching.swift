public import Datasets
public import Judging

/// Which of a judge's classes each picture of a data set is of.
///
/// A class is its name: the judge of ants, bees, cows and dogs finds the dogs of a folder that has no
/// bees. Only a judge whose file names no classes is asked by position.
public struct ClassMatching: Sendable, Equatable {
  /// How the classes were found.
  public enum Basis: String, Sendable {
    /// Both sides have names.
    case names
    /// The judge's file names no classes, the data's names are numbers: the number is the position.
    case numbers
    /// The judge's file names no classes, and there are as many as the data names: in the same order.
    ///
    /// Nothing tells whether that is true, so whoever shows a number must say it.
    case positions
  }

  /// The class of each picture, by its position in the judge.
  public let classes: [Int]
  /// How the classes were found.
  public let basis: Basis

  /// Finds the classes of a data set among those of a judge.
  ///
  /// A judge may know more classes than the data shows.
  ///
  /// - Parameters:
  ///   - dataset: pictures with classes.
  ///   - labels: what the judge tells apart.
  /// - Throws: `DatasetError` if there are no classes; ``ClassifierError`` if the judge lacks one of
  ///   them, tells attributes and not classes, or the two sides name theirs so differently that nothing
  ///   tells which is which.
  public init(of dataset: Dataset, with labels: LabelSpace) throws {
    guard case .classes(let known, let areRecorded) = labels else {
      throw ClassifierError.judgeOfAttributes(data: dataset.provenance.path, names: labels.names)
    }
    try dataset.requireNoAttributes()
    let truths = try dataset.requireClasses()
    let names = dataset.classNames
    let used = zip(names.indices, dataset.classCounts()).filter { $0.1 > 0 }.map(\.0)
    var positions: [Int: Int] = [:]
    if areRecorded {
      basis = .names
      for index in used { positions[index] = known.firstIndex(of: names[index]) }
    } else if used.allSatisfy({ Int(names[$0]) != nil }) {
      basis = .numbers
      for index in used {
        positions[index] = Int(names[index]).flatMap { known.indices.contains($0) ? $0 : nil }
      }
    } else {
      basis = .positions
      guard names.count == known.count else {
        throw ClassifierError.unnamedClasses(
          data: dataset.provenance.path, classes: names, outputs: known.count)
      }
      for index in used { positions[index] = index }
    }
    let strangers = used.filter { positions[$0] == nil }.map { names[$0] }
    guard strangers.isEmpty else {
      throw ClassifierError.unknownClasses(
        data: dataset.provenance.path, classes: strangers, known: known,
        areNumbered: !dataset.labels.areNamesRecorded)
    }
    classes = truths.compactMap { positions[$0] }
  }
}
