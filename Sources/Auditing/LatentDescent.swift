import Evaluation
import GANs
import Torch
import TorchNN

/// Latents that move along gradients within a bound, all at once, each with noise maps of its own.
///
/// The gradients are those of latents alone: the generator is a copy whose parameters record no
/// graph. Pictures are made a few at a time, on every thread
/// (`PictureBatching.differentiated(on:)`), and none sees another, so the numbers depend neither on
/// the number of threads nor on which other latents move.
final class LatentDescent {
  /// A copy whose parameters need no gradient.
  private let generator: any GeneratorNetwork
  private let source: String
  private let space: LatentSpace
  /// The coordinates at the start.
  private let start: Tensor
  /// One map `[N or 1, 1, r, r]` for each noise size.
  private let noise: [Tensor]
  private let moments: (first: Tensor, second: Tensor)
  private var stepCount = 0
  /// Where the latents are, in coordinates of the space.
  private(set) var coordinates: Tensor
  /// Where each latent had the smallest loss so far.
  private(set) var best: Tensor
  /// This smallest loss.
  private(set) var smallestLosses: [Double]

  /// Latents that have not moved.
  ///
  /// - Parameters:
  ///   - coordinates: where they start, in the space and within its bound.
  ///   - space: where they move.
  ///   - generator: makes the pictures; it is not changed.
  ///   - noise: one map `[N or 1, 1, r, r]` for each noise size.
  ///   - source: what to call the generator in an error.
  init(
    at coordinates: Tensor, in space: LatentSpace, of generator: any GeneratorNetwork,
    noise: [Tensor], source: String
  ) {
    self.generator = generator.withoutGraph()
    self.source = source
    self.space = space
    self.noise = noise
    self.coordinates = coordinates
    (start, best) = (coordinates, coordinates)
    moments = (
      Tensor.zeros(coordinates.shape, device: coordinates.device),
      Tensor.zeros(coordinates.shape, device: coordinates.device)
    )
    smallestLosses = [Double](repeating: .infinity, count: coordinates.shape[0])
  }

  /// How many latents there are.
  var count: Int { coordinates.shape[0] }

  /// The styles of the best latents so far.
  var bestStyles: Tensor { withoutGradients { space.styles(best, of: generator) } }

  /// Looks at the pictures of some latents, and keeps those that are better than before.
  ///
  /// - Parameters:
  ///   - indices: which, at least one.
  ///   - differentiates: whether gradients are wanted.
  ///   - loss: of each picture, in its graph; and what else is to be known of it. It is called on
  ///     several threads, with pictures `[n, 3, size, size]` and the indices of their latents.
  /// - Returns: what is to be known of each, in order; the gradients, 0 for the other latents.
  /// - Throws: `EvaluationError` for losses or gradients that are not finite.
  func look(
    at indices: [Int], differentiates: Bool,
    loss: (Tensor, [Int]) -> (loss: Tensor, seen: [Tensor])
  ) throws(EvaluationError) -> (seen: [Tensor], gradients: Tensor?) {
    let (atOnce, isConcurrent) = PictureBatching(size: generator.configuration.size)
      .differentiated(on: coordinates.device)
    // Both are only read.
    nonisolated(unsafe) let (descent, loss) = (self, loss)
    @Sendable func part(_ index: Int) -> (loss: Tensor, seen: [Tensor], gradients: Tensor?) {
      let some = Array(indices[index * atOnce..<min((index + 1) * atOnce, indices.count)])
      return differentiates
        ? descent.pass(some, differentiates: true, loss)
        : withoutGradients { descent.pass(some, differentiates: false, loss) }
    }
    let count = (indices.count + atOnce - 1) / atOnce
    let parts = isConcurrent ? Torch.concurrently(count, part) : (0..<count).map(part)
    let losses = Tensor.concatenated(parts.map(\.loss))
    let gradients = differentiates ? Tensor.concatenated(parts.compactMap(\.gradients)) : nil
    guard losses.hasOnlyNumbers, gradients?.hasOnlyNumbers ?? true else {
      throw .notFinite(of: "a search in \(space.name) for pictures of \(source)")
    }
    keep(losses.array(of: Double.self), of: indices)
    return (
      parts[0].seen.indices.map { seen in .concatenated(parts.map { $0.seen[seen] }) },
      gradients.map { spread($0, of: indices) }
    )
  }

  /// A step of Adam, and back within the bound.
  ///
  /// - Parameters:
  ///   - gradients: from ``look(at:differentiates:loss:)``.
  ///   - learningRate: about how far each coordinate moves.
  func move(along gradients: Tensor, learningRate: Double) {
    stepCount += 1
    let moved = coordinates.clone()
    // Momentum carries a search over small bumps; squares are forgotten in 20 steps, since a search
    // has few.
    moved.adamStepInPlace(
      gradients: gradients, firstMoments: moments.first, secondMoments: moments.second,
      learningRate: learningRate, beta1: 0.9, beta2: 0.95, epsilon: 1e-12, step: stepCount)
    coordinates = space.bounded(moved, from: start, of: generator)
  }

  /// The pictures of some latents and what is asked of them.
  private func pass(
    _ indices: [Int], differentiates: Bool, _ loss: (Tensor, [Int]) -> (Tensor, [Tensor])
  ) -> (loss: Tensor, seen: [Tensor], gradients: Tensor?) {
    let part = coordinates.gathered(indices)
    let input = differentiates ? part.asInput() : part
    let maps = noise.map { $0.shape[0] == 1 ? $0 : $0.gathered(indices) }
    let pictures = generator.synthesise(
      space.styles(input, of: generator), noise: .given(maps))
    let (losses, seen) = loss(pictures, indices)
    return (
      losses.detached(), seen,
      differentiates ? losses.sum().gradients(of: [input])[0] : nil
    )
  }

  /// Remembers where losses are smaller than before.
  private func keep(_ losses: [Double], of indices: [Int]) {
    var isBetter = [Float](repeating: 0, count: count)
    for (index, loss) in zip(indices, losses) where loss < smallestLosses[index] {
      smallestLosses[index] = loss
      isBetter[index] = 1
    }
    guard isBetter.contains(1) else { return }
    let shape = [count] + coordinates.shape.dropFirst().map { _ in 1 }
    let mask = Tensor(isBetter, shape: shape).to(coordinates.device)
    // Products with 0 and 1 are exact.
    best = best * (-mask + 1) + coordinates * mask
  }

  /// Rows of some latents among zeros for the others.
  private func spread(_ rows: Tensor, of indices: [Int]) -> Tensor {
    guard indices.count < count else { return rows }
    var places = [Int](repeating: indices.count, count: count)
    for (place, index) in indices.enumerated() { places[index] = place }
    let zero = Tensor.zeros([1] + rows.shape.dropFirst(), device: rows.device)
    return .concatenated([rows, zero]).gathered(places)
  }
}

extension GeneratorNetwork {
  /// A copy whose parameters record no graph.
  func withoutGraph() -> Self {
    let result = copy()
    result.parameters.requiresGradient = false
    return result
  }
}
