import Torch

/// A classifier that says what a generator's pictures show, whatever their size and pixel range.
///
/// It converts pictures to what the network was trained on: [0, 1] (clamped, as a viewer would see
/// them), grey by the weights 0.2989, 0.587, 0.114 of ITU-R 601, 32x32 antialiased.
public final class Judge {
  /// The network.
  public let network: LeNet5
  /// The class names, by index.
  public let classNames: [String]

  /// A judge.
  ///
  /// - Parameters:
  ///   - network: the network, loaded or trained.
  ///   - classNames: one for each class; the digits "0", "1"… when nil.
  /// - Precondition: as many names as classes.
  public init(_ network: LeNet5, classNames: [String]? = nil) {
    let names = classNames ?? (0..<network.classCount).map { "\($0)" }
    precondition(names.count == network.classCount, "\(names.count) names")
    self.network = network
    self.classNames = names
    network.parameters.requiresGradient = false
  }

  /// What the judge says of pictures.
  public struct Verdict {
    /// The likeliest class of each picture.
    public var classes: [Int]
    /// The probability of that class.
    public var confidences: [Double]
    /// `[N, featureCount]`, outside every graph.
    public var features: Tensor
    /// The probability of every class, `[N, classCount]`.
    public var probabilities: Tensor
  }

  /// Judges pictures of a generator.
  ///
  /// - Parameters:
  ///   - pictures: `[N, 1 or 3, H, W]`.
  ///   - range: the range of their values.
  /// - Returns: the verdict, in order.
  public func judge(_ pictures: Tensor, in range: PixelRange) -> Verdict {
    withoutGradients {
      let features = network.features(prepared(pictures, range: range))
      let probabilities = network.logits(fromFeatures: features).softmax(1)
      return Verdict(
        classes: probabilities.argmax(1).array(of: Int64.self).map(Int.init),
        confidences: probabilities.max([1]).array(of: Double.self), features: features,
        probabilities: probabilities)
    }
  }

  /// Pictures as the network takes them.
  ///
  /// - Parameters:
  ///   - pictures: `[N, 1 or 3, H, W]`.
  ///   - range: the range of their values.
  /// - Returns: `[N, 1, 32, 32]` in [0, 1].
  public func prepared(_ pictures: Tensor, range: PixelRange) -> Tensor {
    var x = range.convert(pictures, to: .zeroToOne).clamped(0, 1)
    if x.shape[1] == 3 {
      let weights = Tensor([Float(0.2989), 0.587, 0.114], shape: [1, 3, 1, 1]).to(x.device)
      x = (x * weights).sum([1], keepingDimensions: true)
    }
    guard x.shape[2] != LeNet5.inputSize || x.shape[3] != LeNet5.inputSize else { return x }
    return x.contiguous().resized(height: LeNet5.inputSize, width: LeNet5.inputSize)
  }

  /// The index of a class that a user names.
  ///
  /// - Parameter name: a class name.
  /// - Returns: its index.
  /// - Throws: ``ClassifierError/unknownClass(name:known:)``.
  public func index(ofClass name: String) throws(ClassifierError) -> Int {
    guard let index = classNames.firstIndex(of: name) else {
      throw .unknownClass(name: name, known: classNames)
    }
    return index
  }
}

/// A classifier that cannot be used as asked.
public enum ClassifierError: Error, Equatable, CustomStringConvertible {
  /// A class that the judge does not tell apart.
  case unknownClass(name: String, known: [String])
  /// A file whose tensors are no classifier that Lethe knows.
  case notAClassifier(file: String, reason: String)
  /// Labels outside the classes.
  case noLabels(source: String)

  /// One sentence that names what was expected.
  public var description: String {
    switch self {
    case .unknownClass(let name, let known):
      "the judge knows no class '\(name)'; it knows \(known.joined(separator: ", "))"
    case .notAClassifier(let file, let reason):
      "\(file) is no classifier that lethe knows: \(reason); expected a LeNet5 with convnet.c1, "
        + "convnet.c3, convnet.c5, fc.f6 and fc.f7, such as 'lethe train classifier' makes"
    case .noLabels(let source):
      "\(source) has no class labels; a classifier learns from IDX files with labels, or from a "
        + "folder with one sub-folder for each class"
    }
  }
}
