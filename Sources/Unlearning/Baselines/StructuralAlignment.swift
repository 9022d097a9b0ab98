public import GANs
public import Records
public import Torch
public import TorchNN

/// Keeps the spatial structure of features: RSSA (Xiao and others 2022, arXiv 2203.04121).
///
/// *Self-correlation*: the cosine similarities of all places of a picture's features to one another stay
/// as the original's. *Disturbance correlation*: so do the similarities, as a distribution over places,
/// between neighbours, that is between latents `0.85 z + 0.15 z_i`. Both are mean absolute differences,
/// summed over layers, as in the authors' code. Features above 32x32 are averaged to 32x32 where the
/// authors cut them into windows. Their projection of latents into a subspace of the pictures to adapt to
/// is not here: a generator that unlearns keeps its whole latent space.
public final class StructuralAlignment: GradientTerm {
  private static let name = "rssa"
  /// How much of a neighbour's latent is its own.
  public static let disturbance = 0.15
  private static let largestSide = 32
  private let pair: GeneratorPair
  private let selfWeight: Double
  private let disturbanceWeight: Double
  private let batchSize: Int

  /// The term.
  ///
  /// - Parameters:
  ///   - pair: the generator in training, and its original.
  ///   - selfWeight: of self-correlation; the authors take 0.8.
  ///   - disturbanceWeight: of disturbance correlation; the authors take 0.4.
  ///   - batchSize: latents of each; the authors take 4.
  public init(
    _ pair: GeneratorPair, selfWeight: Double, disturbanceWeight: Double, batchSize: Int
  ) {
    precondition(batchSize > 1, "no neighbours to compare")
    self.pair = pair
    self.selfWeight = selfWeight
    self.disturbanceWeight = disturbanceWeight
    self.batchSize = batchSize
  }

  /// Adds the gradients of both losses.
  ///
  /// - Parameters:
  ///   - parameters: the generator's.
  ///   - iteration: not used.
  /// - Returns: the weighted losses.
  public func addGradient(to parameters: ParameterVector, iteration: Int) -> Statistics {
    let draw = pair.draw(batchSize)
    let features = pair.features(draw.latents, noise: draw.noise)
    let own = selfWeight * Self.selfCorrelation(original: features.original, own: features.own)
    own.backward()
    let (anchor, around) = (pair.draw(1).latents, pair.draw(batchSize))
    let neighbours = anchor * (1 - Self.disturbance) + around.latents * Self.disturbance
    let near = pair.features(neighbours, noise: around.noise)
    let disturbed =
      disturbanceWeight * Self.disturbanceCorrelation(original: near.original, own: near.own)
    disturbed.backward()
    return [.selfCorrelation: own.item(), .disturbanceCorrelation: disturbed.item()]
  }

  /// How much the similarities of places within pictures have changed.
  ///
  /// - Parameters:
  ///   - original: the original's features of each layer, `[N, C, H, W]`.
  ///   - own: the generator's.
  /// - Returns: a scalar: the sum over layers of mean absolute differences.
  public static func selfCorrelation(original: [Tensor], own: [Tensor]) -> Tensor {
    sum(original, own) { original, own in
      let before = original.permuted([0, 2, 1]).matmul(original)
      return (own.permuted([0, 2, 1]).matmul(own) - before).abs().mean()
    }
  }

  /// How much the similarities of places between neighbours have changed.
  ///
  /// - Parameters:
  ///   - original: the original's features of each layer, `[N, C, H, W]`, of N neighbours.
  ///   - own: the generator's.
  /// - Returns: a scalar: the sum over layers of the mean over pairs of neighbours of the mean absolute
  ///   difference of distributions over places, times the number of places.
  public static func disturbanceCorrelation(original: [Tensor], own: [Tensor]) -> Tensor {
    sum(original, own) { original, own in
      let (count, places) = (original.shape[0], original.shape[2])
      func distributions(_ features: Tensor, _ first: Int) -> Tensor {
        features.sliced(first..<first + 1).permuted([0, 2, 1])
          .matmul(features.sliced(first + 1..<count)).softmax()
      }
      let parts = (0..<count - 1).map { first in
        (distributions(own, first) - distributions(original, first)).abs().mean()
          * Double(count - 1 - first)
      }
      let pairs = Double(count * (count - 1) / 2)
      return parts.dropFirst().reduce(parts[0], +) * (Double(places) / pairs)
    }
  }

  /// The sum over layers of a loss of unit features, `[N, C, places]`.
  private static func sum(
    _ original: [Tensor], _ own: [Tensor], _ loss: (Tensor, Tensor) -> Tensor
  ) -> Tensor {
    let parts = zip(original, own).map { loss(units($0), units($1)) }
    return parts.dropFirst().reduce(parts[0], +)
  }

  /// Features of length 1 at each place, averaged to at most 32x32.
  private static func units(_ features: Tensor) -> Tensor {
    let x = features.to(.float32)
    let norms = x.square().sum([1], keepingDimensions: true).sqrt()
    var units = x / norms.maximum(Tensor.full(1e-12, shape: [1], device: x.device))
    let (count, width, side) = (x.shape[0], x.shape[1], x.shape[2])
    var places = side
    if side > largestSide {
      let factor = side / largestSide
      places = largestSide
      units = units.reshaped([count, width, places, factor, places, factor]).mean([3, 5])
    }
    return units.reshaped([count, width, places * places])
  }

  /// Where the random numbers are.
  public var state: StateDict {
    var result = StateDict()
    result.merge(pair.state, under: Self.name)
    return result
  }

  /// Goes on from a saved state.
  ///
  /// - Parameter state: from ``state``.
  /// - Throws: ``UnlearningError/notResumable(missing:)``.
  public func restore(_ state: StateDict) throws {
    try pair.restore(state.under(Self.name), of: Self.name)
  }
}
