public import GANs
public import Records
public import Torch
public import TorchNN

/// Keeps the pictures of a batch as similar to one another as the original's are: CDC (Ojha and others 2021,
/// arXiv 2104.06820, equation 2).
///
/// For each latent of a small batch, the cosine similarities of its features to those of the others become
/// a distribution by softmax; the loss is the divergence between the original's and the generator's, one
/// layer drawn for each latent. Direction and mean are those of the authors' code: KL(original ‖
/// generator), over all elements. Their discriminator of patches is for ten pictures and is not here: there
/// are thousands of positives.
public final class CrossDomainCorrespondence: GradientTerm {
  private static let name = "cdc"
  private let pair: GeneratorPair
  private let weight: Double
  private let batchSize: Int

  /// The term.
  ///
  /// - Parameters:
  ///   - pair: the generator in training, and its original.
  ///   - weight: of the loss; the authors take 1000.
  ///   - batchSize: latents that are compared; the authors take 4.
  public init(_ pair: GeneratorPair, weight: Double, batchSize: Int) {
    precondition(batchSize > 2, "a distribution over fewer than two others")
    self.pair = pair
    self.weight = weight
    self.batchSize = batchSize
  }

  /// Adds the gradient of the loss.
  ///
  /// - Parameters:
  ///   - parameters: the generator's.
  ///   - iteration: not used.
  /// - Returns: the weighted loss.
  public func addGradient(to parameters: ParameterVector, iteration: Int) -> Statistics {
    let draw = pair.draw(batchSize)
    let (original, own) = pair.features(draw.latents, noise: draw.noise)
    // The first layer's features are left out, as by the authors; a network without layers has pictures.
    let first = original.count > 1 ? 1 : 0
    let layers = pair.latentRandom.uniform([batchSize]).array(of: Double.self).map {
      min(original.count - 1, first + Int($0 * Double(original.count - first)))
    }
    let loss = weight * Self.loss(original: original, own: own, layers: layers)
    loss.backward()
    return [.correspondence: loss.item()]
  }

  /// The divergence of similarities.
  ///
  /// - Parameters:
  ///   - original: the original's features of each layer, `[N, C, H, W]`.
  ///   - own: the generator's.
  ///   - layers: the layer for each of the N latents.
  /// - Returns: a scalar: the mean over latents and others of `q (log q - log p)`, q the original's.
  public static func loss(original: [Tensor], own: [Tensor], layers: [Int]) -> Tensor {
    let rows = layers.enumerated().map { position, layer in
      let target = similarities(original[layer], of: position)
      let found = similarities(own[layer], of: position).logSoftmax()
      return target.softmax() * (target.logSoftmax() - found)
    }
    return Tensor.concatenated(rows).mean()
  }

  /// The cosine similarities of one picture's features to the others', `[N - 1]`.
  private static func similarities(_ features: Tensor, of position: Int) -> Tensor {
    let count = features.shape[0]
    let flat = features.to(.float32).reshaped([count, features.elementCount / count])
    let own = flat.sliced(position..<position + 1)
    let others = Tensor.concatenated(
      [flat.sliced(0..<position), flat.sliced(position + 1..<count)].filter { $0.shape[0] > 0 })
    let norms = others.square().sum([1]).sqrt() * own.square().sum([1]).sqrt()
    return (others * own).sum([1])
      / norms.maximum(Tensor.full(1e-8, shape: [1], device: norms.device))
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
