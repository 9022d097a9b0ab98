public import Torch

/// What a judge says of a batch of pictures.
///
/// What it takes to show a concept is decided here and nowhere else: a class is shown by a picture whose
/// likeliest class it is; an attribute is present where its probability exceeds the judge's threshold.
public struct Judgement: Sendable {
  /// What the judge tells apart.
  public let labels: LabelSpace
  /// The probability of every class or attribute, `[N, labels.names.count]`.
  ///
  /// A row of classes sums to 1; one of attributes need not.
  public let probabilities: Tensor
  /// The classifier's features, `[N, F]`, outside every graph.
  public let features: Tensor

  /// A judgement of probabilities.
  ///
  /// - Parameters:
  ///   - labels: what the judge tells apart.
  ///   - probabilities: `[N, labels.names.count]`.
  ///   - features: `[N, F]`.
  /// - Precondition: the shapes agree.
  public init(labels: LabelSpace, probabilities: Tensor, features: Tensor) {
    let shape = probabilities.shape
    precondition(
      shape == [features.shape[0], labels.names.count],
      "probabilities \(shape) of \(labels.names.count) labels with features \(features.shape)")
    self.labels = labels
    self.probabilities = probabilities
    self.features = features
  }

  /// How many pictures.
  public var count: Int { probabilities.shape[0] }

  /// Whether each picture shows a concept.
  ///
  /// - Parameter concept: one that the judge knows.
  /// - Returns: in the order of the pictures.
  public func shows(_ concept: Concept) -> [Bool] {
    let position = position(of: concept)
    return switch (labels, concept) {
    case (.attributes(_, let threshold), .attribute(_, let isPresent)):
      column(position).map { ($0 > threshold) == isPresent }
    default:
      classes.map { $0 == position }
    }
  }

  /// Whether each picture shows at least one of several concepts.
  ///
  /// - Parameter concepts: such as the judge knows.
  /// - Returns: in the order of the pictures.
  public func shows(anyOf concepts: [Concept]) -> [Bool] {
    concepts.map(shows).reduce([Bool](repeating: false, count: count)) { found, more in
      zip(found, more).map { $0 || $1 }
    }
  }

  /// How likely each picture shows a concept.
  ///
  /// - Parameter concept: one that the judge knows.
  /// - Returns: in the order of the pictures.
  public func probability(of concept: Concept) -> [Double] {
    let presence = column(position(of: concept))
    guard case .attribute(_, isPresent: false) = concept else { return presence }
    return presence.map { 1 - $0 }
  }

  /// How likely each picture shows at least one of several concepts.
  ///
  /// Classes exclude each other, so their probabilities sum; of attributes, it is that of the likeliest.
  ///
  /// - Parameter concepts: such as the judge knows, each once.
  /// - Returns: in the order of the pictures.
  public func probability(ofAny concepts: [Concept]) -> [Double] {
    let each = concepts.map(probability)
    return (0..<count).map { picture in
      let probabilities = each.map { $0[picture] }
      return switch labels {
      case .classes: min(1, probabilities.reduce(0, +))
      case .attributes: probabilities.max() ?? 0
      }
    }
  }

  /// The share of pictures that show a concept.
  ///
  /// - Parameter concept: one that the judge knows.
  /// - Returns: in 0 to 1.
  /// - Precondition: there are pictures.
  public func share(of concept: Concept) -> Double {
    precondition(count > 0, "the share of \(concept) among no pictures")
    return Double(shows(concept).count { $0 }) / Double(count)
  }

  /// The position of each picture's likeliest class.
  ///
  /// - Precondition: the judge tells classes apart, not attributes.
  public var classes: [Int] {
    guard case .classes = labels else {
      preconditionFailure("the class of a picture by a judge of attributes")
    }
    return probabilities.argmax(1).array(of: Int64.self).map(Int.init)
  }

  /// How sure the judge is of what it says of each picture.
  ///
  /// The probability of the likeliest class; of attributes, the mean probability of what is said of each,
  /// that it is there or that it is not.
  public var confidences: [Double] {
    let certainties =
      switch labels {
      case .classes: probabilities.max([1])
      case .attributes: ((probabilities - 0.5).abs() + 0.5).mean([1])
      }
    return certainties.array(of: Double.self)
  }

  private func position(of concept: Concept) -> Int {
    guard let position = labels.position(of: concept) else {
      preconditionFailure("a judge of \(labels.names) asked for \(concept)")
    }
    return position
  }

  private func column(_ position: Int) -> [Double] {
    probabilities.sliced(position..<position + 1, dimension: 1).array(of: Double.self)
  }
}

extension Judgement {
  /// The judgement of the first of these pictures.
  ///
  /// - Parameter count: how many, at most all.
  /// - Returns: their judgement.
  public func first(_ count: Int) -> Judgement {
    precondition(count <= self.count, "the first \(count) of \(self.count) pictures")
    return Judgement(
      labels: labels, probabilities: probabilities.sliced(0..<count),
      features: features.sliced(0..<count))
  }

  /// The judgement of all pictures of several batches.
  ///
  /// - Parameter parts: of one judge, at least one.
  /// - Returns: one judgement, in order.
  public static func concatenated(_ parts: [Judgement]) -> Judgement {
    guard let labels = parts.first?.labels, parts.allSatisfy({ $0.labels == labels }) else {
      preconditionFailure("judgements of different judges, or none")
    }
    return Judgement(
      labels: labels, probabilities: .concatenated(parts.map(\.probabilities)),
      features: .concatenated(parts.map(\.features)))
  }

  /// The same judgement, off the judge's device.
  public var inHostMemory: Judgement {
    Judgement(labels: labels, probabilities: probabilities.to(.cpu), features: features.to(.cpu))
  }
}
