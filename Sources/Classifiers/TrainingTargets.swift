public import Datasets
public import Judging
import Torch

/// What a classifier shall say of each picture of a data set, and how far it is from that.
public struct TrainingTargets: Sendable {
  /// Classes, or attributes.
  private enum Truth: Sendable {
    case classes([Int])
    case attributes([[Bool]])
  }

  /// What the classifier tells apart.
  public let labels: LabelSpace
  private let truth: Truth
  /// The weight of each class, or of each attribute's presence; nil where all weigh 1.
  private let weights: [Double]?

  /// The targets of a data set that a classifier can learn from.
  ///
  /// - Parameters:
  ///   - dataset: pictures with classes or attributes.
  ///   - isBalanced: whether rare classes, and rare presences of an attribute, weigh as much as frequent
  ///     ones.
  /// - Throws: `DatasetError` without labels; ``ClassifierError`` if there are pictures of one class
  ///   only, or no attribute that some have and some lack, or a name that cannot be shown or asked for.
  public init(of dataset: Dataset, isBalanced: Bool = false) throws {
    let source = dataset.provenance.path
    guard dataset.count > 0 else { throw DatasetError.empty(path: source) }
    if let name = dataset.labels.names.first(where: { !ClassNames.isUsable($0) }) {
      throw ClassifierError.unusableClassName(name: name, source: source)
    }
    guard case .attributes(let rows, let names) = dataset.labels else {
      let classes = try dataset.requireClasses()
      let counts = dataset.classCounts()
      let used = zip(dataset.classNames, counts).filter { $0.1 > 0 }
      if used.count == 1 { throw ClassifierError.oneClass(name: used[0].0, source: source) }
      labels = .classes(dataset.classNames)
      truth = .classes(classes)
      let mean = Double(classes.count) / Double(max(1, used.count))
      weights = isBalanced ? counts.map { $0 == 0 ? 0 : mean / Double($0) } : nil
      return
    }
    let present = names.indices.map { index in rows.count { $0[index] } }
    guard present.contains(where: { (1..<rows.count).contains($0) }) else {
      throw ClassifierError.constantAttributes(names: names, source: source)
    }
    labels = .attributes(names, threshold: 0.5)
    truth = .attributes(rows)
    weights =
      isBalanced
      ? present.map { $0 == 0 ? 1 : Double(rows.count - $0) / Double($0) } : nil
  }

  /// The targets of other pictures with the same labels, which weigh as much as those trained on.
  ///
  /// - Parameter dataset: a part of the same data set.
  /// - Returns: the targets; one class alone is enough for them.
  /// - Precondition: it has the same classes or attributes.
  func following(_ dataset: Dataset) -> TrainingTargets {
    precondition(dataset.labels.names == labels.names, "targets of \(dataset.labels.names)")
    let truth: Truth =
      switch dataset.labels {
      case .classes(let classes, _, _): .classes(classes)
      case .attributes(let rows, _): .attributes(rows)
      case .none: preconditionFailure("targets without labels")
      }
    return TrainingTargets(labels: labels, truth: truth, weights: weights)
  }

  private init(labels: LabelSpace, truth: Truth, weights: [Double]?) {
    self.labels = labels
    self.truth = truth
    self.weights = weights
  }

  /// The share of right answers about all pictures: of pictures named right, or of attributes.
  ///
  /// - Parameter logits: `[N, labels.names.count]`, in host memory.
  /// - Returns: in 0 to 1.
  func accuracy(_ logits: Tensor) -> Double {
    let probabilities = labels.probabilities(fromLogits: logits)
    switch truth {
    case .classes(let classes):
      let verdicts = probabilities.argmax(1).array(of: Int64.self)
      return Double(zip(classes, verdicts).count { $0 == Int($1) }) / Double(classes.count)
    case .attributes(let rows):
      guard case .attributes(_, let threshold) = labels else { return 0 }
      let answers = probabilities.array(of: Double.self).map { $0 > threshold }
      return Double(zip(rows.joined(), answers).count { $0 == $1 }) / Double(answers.count)
    }
  }

  /// The attributes that all pictures have, or none: nothing can be learned of them.
  public var constantAttributes: [String] {
    guard case .attributes(let rows) = truth else { return [] }
    return labels.names.indices.filter { index in
      !(1..<rows.count).contains(rows.count { $0[index] })
    }.map { labels.names[$0] }
  }

  /// The mean loss of some pictures: cross-entropy of classes, binary cross-entropy of attributes.
  ///
  /// - Parameters:
  ///   - logits: `[N, labels.names.count]`.
  ///   - indices: the N pictures.
  /// - Returns: a scalar, in the graph of the logits.
  func loss(_ logits: Tensor, of indices: [Int]) -> Tensor {
    let count = labels.names.count
    switch truth {
    case .classes(let classes):
      guard let weights else {
        return logits.logSoftmax(1).negativeLogLikelihood(
          Tensor(indices.map { Int64(classes[$0]) }).to(logits.device))
      }
      var targets = [Float](repeating: 0, count: indices.count * count)
      for (row, index) in indices.enumerated() {
        targets[row * count + classes[index]] = Float(weights[classes[index]])
      }
      let weighted = Tensor(targets, shape: [indices.count, count]).to(logits.device)
      return (logits.logSoftmax(1) * weighted).sum() / weighted.sum() * -1
    case .attributes(let rows):
      let present = indices.flatMap { index in rows[index].map { $0 ? Float(1) : 0 } }
      let y = Tensor(present, shape: [indices.count, count]).to(logits.device)
      // -log sigmoid(x) = softplus(-x): exact for large scores, too.
      var hit = (logits * -1).softplus() * y
      if let weights {
        hit = hit * Tensor(weights.map(Float.init), shape: [1, count]).to(logits.device)
      }
      return (hit + logits.softplus() * (y * -1 + 1)).mean()
    }
  }
}
