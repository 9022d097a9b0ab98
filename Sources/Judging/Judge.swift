public import Torch

/// A classifier that says what pictures show, whatever their size and pixel range.
public struct Judge {
  /// The network that looks at the pictures.
  public let classifier: any Classifier
  /// What the network was trained and tested on; nil where nothing records it.
  public let training: JudgeTraining?
  /// The share of test pictures that it named right when it was trained, where its file records it.
  public let recordedAccuracy: Double?

  /// A judge.
  ///
  /// - Parameters:
  ///   - classifier: the network, loaded or trained.
  ///   - training: what it was trained and tested on, where that is recorded.
  ///   - recordedAccuracy: the share of test pictures that it names right, if that is known.
  public init(
    _ classifier: any Classifier, training: JudgeTraining? = nil, recordedAccuracy: Double? = nil
  ) {
    self.classifier = classifier
    self.training = training
    self.recordedAccuracy = recordedAccuracy
  }

  /// What the judge tells apart.
  public var labels: LabelSpace { classifier.labels }

  /// Judges pictures.
  ///
  /// - Parameters:
  ///   - pictures: `[N, 1 or 3, H, W]`.
  ///   - range: the range of their values.
  /// - Returns: what they show, in order.
  public func judge(_ pictures: Tensor, in range: PixelRange) -> Judgement {
    judge(prepared: withoutGradients { prepared(pictures, from: range) })
  }

  /// Judges pictures that are prepared already.
  ///
  /// - Parameter pictures: `[N, C, S, S]`, from ``prepared(_:from:)``.
  /// - Returns: what they show, in order.
  public func judge(prepared pictures: Tensor) -> Judgement {
    withoutGradients {
      let features = classifier.features(pictures)
      return Judgement(
        labels: labels,
        probabilities: labels.probabilities(
          fromLogits: classifier.logits(fromFeatures: features)),
        features: features)
    }
  }

  /// Pictures as the classifier takes them, where it lives.
  ///
  /// - Parameters:
  ///   - pictures: `[N, 1 or 3, H, W]`.
  ///   - range: the range of their values.
  /// - Returns: `[N, C, S, S]`, as the classifier's ``Preprocessing`` says.
  public func prepared(_ pictures: Tensor, from range: PixelRange) -> Tensor {
    classifier.preprocessing.prepared(pictures.to(classifier.device), from: range)
  }

  /// The concept that a user names.
  ///
  /// - Parameter name: a class name; an attribute's name, alone or with `=absent`.
  /// - Returns: the concept.
  /// - Throws: ``JudgingError`` if the judge does not know it.
  public func concept(named name: String) throws(JudgingError) -> Concept {
    try labels.concept(named: name)
  }
}
