public import Judging
public import Torch
import TorchNN

/// A network that is recognised in a file by the names and shapes of its tensors.
///
/// A new network takes a file of its own and a line in ``ClassifierFormats/all``.
public protocol ClassifierFormat: Sendable {
  /// What a file of this network holds, for those whose file holds something else.
  var expectation: String { get }

  /// Whether tensors look like this network's; the first format that says so reads the file.
  ///
  /// - Parameter tensors: all that a file holds, by the network's names.
  /// - Returns: true if the file is meant to be of this network, even if it is damaged.
  func recognises(_ tensors: StateDict) -> Bool

  /// The network with the values of a file.
  ///
  /// - Parameters:
  ///   - contents: what ``recognises(_:)`` was asked about, and the file it is of.
  ///   - device: where the network lives.
  /// - Returns: the network; its values are copies.
  /// - Throws: ``ClassifierError/notAClassifier(file:reason:expected:)`` if there are tensors of
  ///   something else, `ParameterError` if a tensor does not fit.
  func classifier(
    from contents: ClassifierContents, device: Device
  ) throws -> any Classifier
}

/// What a file says of a classifier.
public struct ClassifierContents {
  /// The file, for messages.
  public var file: String
  /// All tensors, by the network's names.
  public var tensors: StateDict
  /// The names of the classes or attributes, where the file records them.
  public var names: [String]?
  /// Whether these are attributes; nil where neither the file nor its user says.
  public var areAttributes: Bool?
  /// The probability above which an attribute is there.
  public var threshold = 0.5

  /// What a network tells apart that may learn classes or attributes, as the file says.
  ///
  /// - Parameter count: how many scores the network has.
  /// - Returns: attributes if the file says so, otherwise classes.
  /// - Throws: ``ClassifierError/namesMisfit(file:names:outputs:)`` if the file names another number of
  ///   them, or one twice.
  public func labels(_ count: Int) throws(ClassifierError) -> LabelSpace {
    areAttributes == true ? try attributes(count) : try classes(count)
  }

  /// The classes of a network: those that the file names, numbered ones if it names none.
  ///
  /// - Parameter count: how many classes the tensors are of.
  /// - Returns: what the network tells apart.
  /// - Throws: ``ClassifierError/namesMisfit(file:names:outputs:)`` if the file names another number of
  ///   them, or one twice: forgetting a class by its name would mean another one.
  public func classes(_ count: Int) throws(ClassifierError) -> LabelSpace {
    guard let names else { return .numberedClasses(count) }
    guard names.count == count, Set(names).count == count else {
      throw .namesMisfit(file: file, names: names, outputs: count)
    }
    return .classes(names)
  }
}

extension ClassifierContents {
  /// The attributes of a network: those that the file names, CelebA's forty if it names none.
  ///
  /// - Parameter count: how many attributes the tensors are of.
  /// - Returns: what the network tells apart; an attribute is there where its probability is above the
  ///   threshold, one half unless somebody has said otherwise.
  /// - Throws: ``ClassifierError/namesMisfit(file:names:outputs:)`` if the names are not as many, or one is
  ///   there twice.
  public func attributes(_ count: Int) throws(ClassifierError) -> LabelSpace {
    let names = names ?? CelebAAttributes.names
    guard names.count == count, Set(names).count == count else {
      throw .namesMisfit(file: file, names: names, outputs: count)
    }
    return .attributes(names, threshold: threshold)
  }

  /// What a network tells apart whose last layer, named by its weight, has a row for each score.
  func labels(ofRowsIn layer: String) throws(ClassifierError) -> LabelSpace {
    try labels(rowCount(of: layer))
  }

  /// The rows of a tensor; 0 where the file lacks it.
  func rowCount(of name: String) -> Int { tensors[name]?.shape.first ?? 0 }

  /// A network with the values of the file, which must have no tensors beside those of the network.
  ///
  /// - Parameters:
  ///   - network: of the sizes that the file's tensors have.
  ///   - format: what recognised the file.
  /// - Returns: the network.
  /// - Throws: ``ClassifierError/notAClassifier(file:reason:expected:)``, `ParameterError`.
  func filled<Network: ClassifierNetwork>(
    _ network: Network, by format: some ClassifierFormat
  ) throws -> Network {
    let known = Set(network.parameters.parameters.map(\.name))
    let stranger = tensors.keys.first {
      !known.contains($0) && !BatchNormalization.isCount($0)
    }
    if let stranger {
      throw ClassifierError.notAClassifier(
        file: file, reason: "it holds a tensor \(stranger) that \(network.name) does not have",
        expected: [format.expectation])
    }
    try network.parameters.load(tensors, file: file)
    return network
  }
}

/// The networks that are recognised.
public enum ClassifierFormats {
  /// All of them, in the order in which they are asked.
  public static let all: [any ClassifierFormat] = [
    LeNet5Format(), ConvNetFormat(), ResNetFormat(), ResNetHeadsFormat(), AFHQClassifierFormat(),
    EfficientNetLite0Format(),
  ]
}
