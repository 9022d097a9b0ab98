import Foundation
public import Torch

extension PixelRange {
  /// Pictures from black at 0 to full intensity at 1, as a viewer sees them, for searches along
  /// gradients.
  ///
  /// The values are clamped to the bit as a judge clamps them. The gradients pass as if they were
  /// not: a pixel that is blacker than black would have none, and a search could never make it
  /// brighter.
  ///
  /// - Parameter pictures: of this range, not clamped.
  /// - Returns: in 0 to 1, of the same shape.
  public func visible(_ pictures: Tensor) -> Tensor {
    let unit = convert(pictures, to: .zeroToOne)
    return unit.clamped(0, 1).detached() + (unit - unit.detached())
  }
}

/// What searches along gradients need of a judge.
extension Judge {
  /// The features and scores of pictures, in the graph that made them.
  ///
  /// They are those of ``judge(_:in:)`` to the bit. Gradients pass the clamp at black and at full
  /// intensity (`PixelRange.visible(_:)`).
  ///
  /// - Parameters:
  ///   - pictures: `[N, 1 or 3, H, W]`.
  ///   - range: the range of their values.
  /// - Returns: features `[N, F]`, and logits `[N, labels.names.count]`.
  public func scores(
    of pictures: Tensor, in range: PixelRange
  ) -> (features: Tensor, logits: Tensor) {
    let features = classifier.features(prepared(range.visible(pictures), from: .zeroToOne))
    return (features, classifier.logits(fromFeatures: features))
  }

  /// What scores say, outside every graph.
  ///
  /// - Parameters:
  ///   - features: `[N, F]`.
  ///   - logits: `[N, labels.names.count]`.
  /// - Returns: the judgement of these pictures.
  public func judgement(features: Tensor, logits: Tensor) -> Judgement {
    Judgement(
      labels: labels, probabilities: labels.probabilities(fromLogits: logits.detached()),
      features: features.detached())
  }

  /// How much more likely pictures show at least one of several concepts than none, in the scores'
  /// graph.
  ///
  /// It is the logarithm of the odds: above 0, a picture shows one. Unlike a probability it has no
  /// flat ends, so a search finds a slope anywhere. Of attributes it is that of the likeliest, less
  /// the odds of the judge's threshold. Where the concepts are all classes there are, it is 0.
  ///
  /// - Parameters:
  ///   - concepts: such as the judge knows, at least one.
  ///   - logits: `[N, labels.names.count]`.
  /// - Returns: `[N]`.
  public func logOdds(ofAny concepts: [Concept], fromLogits logits: Tensor) -> Tensor {
    let positions = concepts.map { concept in
      guard let position = labels.position(of: concept) else {
        preconditionFailure("a judge of \(labels.names) asked for \(concept)")
      }
      return position
    }
    func columns(_ positions: [Int]) -> Tensor {
      logits.gathered(Tensor(positions.map(Int64.init)).to(logits.device), dimension: 1)
    }
    switch labels {
    case .classes(let names, _):
      let others = names.indices.filter { !positions.contains($0) }
      guard !others.isEmpty else { return logits.sum([1]) * 0 }
      return Self.logSum(columns(Array(Set(positions)).sorted())) - Self.logSum(columns(others))
    case .attributes(_, let threshold):
      let bound = min(max(threshold, 1e-6), 1 - 1e-6)
      let excess = columns(positions) - Foundation.log(bound / (1 - bound))
      let signs = concepts.map { concept -> Float in
        if case .attribute(_, isPresent: false) = concept { -1 } else { 1 }
      }
      return (excess * Tensor(signs).to(logits.device)).max([1])
    }
  }

  /// `log Σ exp(x)` over the columns.
  private static func logSum(_ x: Tensor) -> Tensor {
    let largest = x.detached().max([1], keepingDimensions: true)
    return (x - largest).exp().sum([1]).log() + largest.reshaped([-1])
  }
}
