import Foundation
import Torch

/// The way of each negative style, and the parts of it that are tried.
struct RedirectionWays {
  /// The parts of the way that are tried, in ascending order.
  let steps: [Double]
  /// Whether classes of positives can be given more or less weight.
  let canBeBalanced: Bool
  private let negatives: Tensor
  private let positives: Tensor
  private let classes: [Int]
  private let options: RedirectionOptions
  private let traits: StyleTraits?

  /// Ways between styles `[M, latentSize]` and `[P, latentSize]`; `classes` are those of the latter,
  /// `traits` the other attributes of both.
  init(
    from negatives: Tensor, to positives: Tensor, classes: [Int], options: RedirectionOptions,
    areClasses: Bool, traits: StyleTraits? = nil
  ) {
    self.negatives = negatives
    self.positives = positives
    self.classes = classes
    self.options = options
    self.traits = traits
    canBeBalanced = options.target == .local && options.isBalanced && areClasses
    steps = options.target == .nearest ? Self.partSteps : (1...16).map { Double($0) / 4 }
  }

  /// The parts of a way that ends at a positive.
  static let partSteps = (2...8).map { Double($0) / 8 }

  /// The ways.
  ///
  /// - Parameter offsets: of each class of the judge, the logarithm of its additional weight; nil for none.
  /// - Returns: `[M, latentSize]`.
  func directions(_ offsets: [Double]?) -> Tensor {
    switch options.target {
    case .local:
      let weights = offsets.map { offsets in
        Tensor(classes.map { Float(offsets[$0]) }, shape: [1, classes.count])
          .to(positives.device)
      }
      return localMean(of: positives, weights, traits?.positives)
        - localMean(of: negatives, nil, traits?.negatives)
    case .direction:
      return
        (positives.mean([0], keepingDimensions: true)
        - negatives.mean([0], keepingDimensions: true)).expanded(negatives.shape)
    case .nearest:
      return nearest() - negatives
    }
  }

  /// The mean of some styles around each negative, nearer ones and those of the same traits with more
  /// weight.
  private func localMean(of styles: Tensor, _ weights: Tensor?, _ others: Tensor?) -> Tensor {
    SquaredDistances.overParts(of: negatives, to: styles) { squared, range in
      let scale = squared.mean([1], keepingDimensions: true) * options.locality
      var logits = -(squared / scale)
      if let traits, let others {
        logits = logits + traits.offsets(of: range, to: others).to(logits.device)
      }
      return (weights.map { logits + $0 } ?? logits).softmax(1).matmul(styles)
    }
  }

  /// The nearest positive of each negative, by their squared distance.
  private func nearest() -> Tensor {
    SquaredDistances.overParts(of: negatives, to: positives) { squared, _ in
      positives.gathered((-squared).argmax(1).array(of: Int64.self).map(Int.init))
    }
  }

  /// Of each negative, the nearest of those positives that differ in the fewest traits.
  func nearestAgreeing() -> [Int] {
    SquaredDistances.overParts(of: negatives, to: positives) { squared, range in
      // A trait weighs more than any distance.
      let scale = squared.max([1], keepingDimensions: true) + 1e-8
      let apart = traits.map { $0.differences(of: range, to: $0.positives) }?.to(squared.device)
      let distances = squared / scale
      return (-(apart.map { distances + $0 * 2 } ?? distances)).argmax(1)
    }
    .array(of: Int64.self).map(Int.init)
  }
}

/// Gives classes that too many negatives are sent to less weight.
struct RedirectionBalance {
  /// Of each class, the logarithm of its additional weight; at most 0.
  private(set) var offsets: [Double]
  private let shares: [Double]

  /// The share of negatives that a class may get, in multiples of its share of all positives.
  ///
  /// Where a tenth of the latents is redirected, a class of a tenth grows 1.2 times then.
  static let mostShare = 1.7

  /// A balance for positives of these classes.
  init(of classes: [Int]) {
    var counts = [Double](repeating: 0, count: (classes.max() ?? 0) + 1)
    for index in classes { counts[index] += 1 }
    shares = counts.map { $0 / Double(max(1, classes.count)) }
    offsets = [Double](repeating: 0, count: counts.count)
  }

  /// Corrects the weights by the classes that negatives were sent to.
  mutating func observe(_ classes: [Int]) {
    guard !classes.isEmpty else { return }
    for index in offsets.indices where shares[index] > 0 {
      let share = Double(classes.count { $0 == index }) / Double(classes.count)
      let excess = log(max(share, 1e-3) / (Self.mostShare * shares[index]))
      offsets[index] = min(0, offsets[index] - min(1, max(-0.5, excess)))
    }
  }
}
