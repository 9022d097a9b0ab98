import Files
public import Foundation
public import Judging
public import Torch

/// What a user says of a judge's file: the file `NAME.json` beside it, such as `resnet.pth.json`.
///
/// Files of other projects hold tensors and nothing about them. Every field is optional; what is missing
/// stays as the file or its network has it.
///
///     {
///       "names": ["cat", "dog", "wild"],
///       "labels": "classes",
///       "preprocessing": {"size": 224, "resized_size": 256, "range": "0..1",
///                         "mean": [0.485, 0.456, 0.406], "standard_deviation": [0.229, 0.224, 0.225]}
///     }
public struct JudgeSettings: Sendable, Equatable, Decodable {
  /// Whether the scores are of classes that exclude each other, or of attributes that do not.
  public enum Kind: String, Sendable, Decodable {
    /// One of them is shown.
    case classes
    /// Each of them is there or not.
    case attributes
  }

  /// What the network does to pictures, where it is not what it usually does.
  public struct Changes: Sendable, Equatable, Decodable {
    /// Rows, and columns unless ``width`` says otherwise.
    public var size: Int?
    /// Columns.
    public var width: Int?
    /// Rows and columns before the crop.
    public var resizedSize: Int?
    /// Whether shrinking averages over all source pixels.
    public var isAntialiased: Bool?
    /// The range of the values.
    public var range: PixelRange?
    /// What is subtracted from each channel.
    public var mean: [Double]?
    /// What each channel is divided by.
    public var standardDeviation: [Double]?

    enum CodingKeys: String, CodingKey, CaseIterable {
      case size
      case width
      case resizedSize = "resized_size"
      case isAntialiased = "antialias"
      case range
      case mean
      case standardDeviation = "standard_deviation"
    }
  }

  /// The names of the classes or attributes, in the order of the scores.
  public var names: [String]?
  /// Classes or attributes.
  public var labels: Kind?
  /// The probability above which an attribute is there, above 0 and below 1.
  public var threshold: Double?
  /// What the network does to pictures.
  public var preprocessing: Changes?

  enum CodingKeys: String, CodingKey, CaseIterable {
    case names
    case labels
    case threshold
    case preprocessing
  }

  /// The place of the settings of a judge's file.
  ///
  /// - Parameter judge: the file.
  /// - Returns: a path, where there may be nothing.
  public static func place(of judge: URL) -> URL {
    judge.deletingLastPathComponent().appending(path: judge.lastPathComponent + ".json")
  }

  /// The settings beside a judge's file.
  ///
  /// - Parameter judge: the file.
  /// - Returns: nil if there are none.
  /// - Throws: ``ClassifierError/settings(file:reason:)`` for what is no such file, a field that there is
  ///   not, or a value that a field cannot have.
  static func beside(_ judge: URL) throws(ClassifierError) -> JudgeSettings? {
    let file = place(of: judge)
    guard file.fileKind != .missing else { return nil }
    func refusal(_ reason: String) -> ClassifierError {
      .settings(file: file.path, reason: reason)
    }
    let data: Data
    do {
      let reader = try FileReader(opening: file)
      guard reader.length <= 1 << 20 else {
        throw refusal("it has \(reader.length) bytes, expected at most 1048576")
      }
      data = Data(try reader.bytes(at: 0, count: reader.length))
    } catch let error as FileError {
      throw refusal(error.reason)
    } catch {
      throw error as? ClassifierError ?? refusal("\(error)")
    }
    guard let object = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any] else {
      throw refusal("it is no JSON object")
    }
    let fields = CodingKeys.allCases.map(\.rawValue)
    let changes = Changes.CodingKeys.allCases.map(\.rawValue)
    let inner = object[CodingKeys.preprocessing.rawValue] as? [String: Any] ?? [:]
    for (keys, known) in [(object.keys, fields), (inner.keys, changes)] {
      if let stranger = keys.sorted().first(where: { !known.contains($0) }) {
        throw refusal(
          "it has a field '\(stranger)'; expected \(known.joined(separator: ", "))")
      }
    }
    do {
      let settings = try JSONDecoder().decode(JudgeSettings.self, from: data)
      if let threshold = settings.threshold, !(threshold > 0 && threshold < 1) {
        throw refusal("threshold is \(threshold), expected above 0 and below 1")
      }
      return settings
    } catch let error as ClassifierError {
      throw error
    } catch DecodingError.typeMismatch(_, let context),
      DecodingError.dataCorrupted(let context), DecodingError.valueNotFound(_, let context)
    {
      let place = context.codingPath.map(\.stringValue).joined(separator: ".")
      throw refusal("\(place) has a value of another kind: \(context.debugDescription)")
    } catch {
      throw refusal("\(error)")
    }
  }

  /// Refuses settings that a network cannot follow: what it tells apart is part of some.
  func requireUse(by classifier: any Classifier, of file: URL) throws(ClassifierError) {
    let areClasses = classifier.labels.areClasses
    if let labels, (labels == .classes) != areClasses {
      throw .settings(
        file: Self.place(of: file).path,
        reason: "labels is \(labels.rawValue), and a \(classifier.name) tells "
          + "\(areClasses ? "classes" : "attributes") only")
    }
    if threshold != nil, areClasses {
      throw .settings(
        file: Self.place(of: file).path, reason: "threshold is for attributes, and it tells classes"
      )
    }
  }

  /// A classifier as these settings say.
  ///
  /// - Parameters:
  ///   - classifier: of the file.
  ///   - file: the judge's, for messages.
  /// - Returns: the classifier itself where nothing of what it does to pictures is another.
  /// - Throws: ``ClassifierError/settings(file:reason:)`` for sizes that the network cannot take.
  func applied(
    to classifier: any Classifier, of file: URL
  ) throws(ClassifierError) -> any Classifier {
    guard let changes = preprocessing else { return classifier }
    let usual = classifier.preprocessing
    func refusal(_ reason: String) -> ClassifierError {
      .settings(file: Self.place(of: file).path, reason: reason)
    }
    let size = changes.size ?? usual.size
    let width = changes.width ?? (changes.size == nil ? usual.width : nil)
    let resized = changes.resizedSize ?? (changes.size == nil ? usual.resizedSize : size)
    if size != usual.size || width != usual.width, !(classifier is any AnySizeClassifier) {
      throw refusal(
        "preprocessing asks for pictures of \(size)x\(width ?? size), and a \(classifier.name) takes "
          + "\(usual.size)x\(usual.width ?? usual.size) only")
    }
    guard (32...1024).contains(size) || size == usual.size,
      width.map({ (32...1024).contains($0) }) ?? true, resized >= size, resized <= 4096,
      width == nil || resized == size
    else {
      throw refusal(
        "preprocessing has sizes that do not fit: expected 32 to 1024 for size and width, and a "
          + "resized_size of at least that, without width")
    }
    for values in [changes.mean, changes.standardDeviation] {
      guard let values, !values.isEmpty else { continue }
      guard values.count == usual.channels, values.allSatisfy(\.isFinite) else {
        throw refusal(
          "preprocessing has \(values.count) numbers for \(usual.channels) channels in mean or "
            + "standard_deviation")
      }
    }
    guard changes.standardDeviation?.contains(0) != true else {
      throw refusal("preprocessing divides by a standard_deviation of 0")
    }
    return AdjustedClassifier(
      base: classifier,
      preprocessing: Preprocessing(
        size: size, width: width, channels: usual.channels, resizedSize: resized,
        isAntialiased: changes.isAntialiased ?? usual.isAntialiased,
        range: changes.range ?? usual.range, mean: changes.mean ?? usual.mean,
        standardDeviation: changes.standardDeviation ?? usual.standardDeviation))
  }
}

/// A classifier whose last pooling takes whatever size is left.
public protocol AnySizeClassifier: Classifier {}

/// A classifier that is shown pictures in another way than its format says.
struct AdjustedClassifier: Classifier {
  let base: any Classifier
  let preprocessing: Preprocessing

  var name: String { base.name }
  var featureCount: Int { base.featureCount }
  var device: Device { base.device }
  var labels: LabelSpace { base.labels }
  func features(_ pictures: Tensor) -> Tensor { base.features(pictures) }
  func logits(fromFeatures features: Tensor) -> Tensor { base.logits(fromFeatures: features) }
}

extension Judge {
  /// The network that a judge's file holds, whatever pictures it is shown; nil for a classifier that is none.
  public var network: (any ClassifierNetwork)? {
    ((classifier as? AdjustedClassifier)?.base ?? classifier) as? any ClassifierNetwork
  }
}
