public import GANs
public import Torch
import TorchNN

/// The importance of each parameter of a generator for its discriminator's logits.
///
/// The diagonal of the Fisher information as the reference estimates it: the mean over generated
/// pictures of the squared derivative of the discriminator's logit. The paper writes the expected
/// negative Hessian of a log-likelihood; for a diagonal estimate the squared first derivative is the
/// usual form (Docs/Method.md, "Fisher information").
public enum FisherInformation {
  /// The diagonal at a generator's present parameters.
  ///
  /// A logit depends on its own picture x_a and, through the minibatch standard deviation s of its
  /// group, on the others x_b. With u = ∂logit_a/∂x_a at fixed s, t_b = ∂s/∂x_b, c_a = ∂logit_a/∂s
  /// and J_b = ∂x_b/∂θ,
  ///
  ///     ∂logit_a/∂θ = J_aᵀ u_a + c_a Σ_b J_bᵀ t_b,
  ///
  /// so that two walks through a picture's graph serve all logits of its group, and the
  /// discriminator is walked twice in all.
  ///
  /// - Parameters:
  ///   - generator: where the derivative is taken; unchanged.
  ///   - discriminator: whose logit is differentiated.
  ///   - styles: what pictures are made of, `[N, styleCount, latentSize]`; N is at most 4 or a
  ///     multiple of 4.
  ///   - noise: one map `[N or 1, 1, r, r]` for each noise size.
  ///   - isWanted: asked again and again from several threads; false stops the estimation.
  /// - Returns: a vector of the generator's layout: the estimate for the parameters that the
  ///   architecture consolidates, zero elsewhere.
  /// - Throws: `CancellationError` if it is not wanted any more.
  public static func diagonal(
    _ generator: any GeneratorNetwork, _ discriminator: any DiscriminatorNetwork, styles: Tensor,
    noise: [Tensor], isWanted: @Sendable @escaping () -> Bool = { true }
  ) throws(CancellationError) -> Tensor {
    let count = styles.shape[0]
    let groups = max(1, count / 4)
    let isOnCPU = generator.parameters.device == .cpu
    let workers = (0..<(isOnCPU ? min(Torch.threadCount, groups) : 1)).map { _ in
      Worker(copying: generator)
    }
    // Group g is every picture whose index is g modulo the number of groups.
    func forEachGroup(
      _ body: @Sendable @escaping (Worker, _ members: [Int]) -> Void
    ) throws(CancellationError) {
      Torch.concurrently(workers.count) { index in
        for group in stride(from: index, to: groups, by: workers.count) where isWanted() {
          body(workers[index], Array(stride(from: group, to: count, by: groups)))
        }
      }
      guard isWanted() else { throw CancellationError() }
    }
    let constant = styles.detached()
    try forEachGroup { $0.makePictures($1, styles: constant, noise: noise) }
    let pictures = Tensor.concatenated(
      (0..<count).map { workers[$0 % groups % workers.count].picture($0) })
    let slopes = Slopes(discriminator, pictures: pictures, groups: groups)
    try forEachGroup { $0.addSquares($1, slopes: slopes) }
    let result = Tensor.zeros([generator.parameters.length], device: generator.parameters.device)
    for worker in workers { result.addInPlace(worker.squares, times: 1 / Double(count)) }
    return result
  }
}

/// The derivatives of a batch of logits by the pictures, in the parts that they share.
private struct Slopes: Sendable {
  /// By each picture, at a fixed deviation of its group: u, `[N, 3, size, size]`.
  let own: Tensor
  /// Of each group's deviation by its pictures: t, `[N, 3, size, size]`.
  let deviation: Tensor
  /// Of each logit by the deviation of its group: c.
  let ofDeviation: [Double]

  init(_ discriminator: any DiscriminatorNetwork, pictures: Tensor, groups: Int) {
    let wasTrained = discriminator.parameters.requiresGradient
    discriminator.parameters.requiresGradient = false
    defer { discriminator.parameters.requiresGradient = wasTrained }
    let count = pictures.shape[0]
    let input = pictures.asInput()
    let (logits, deviations) = discriminator.logitsAndDeviations(input)
    // The logits of one member of each group at a time: groups do not depend on each other.
    var ofDeviation: [Double] = []
    for start in stride(from: 0, to: count, by: groups) {
      ofDeviation += logits.sliced(start..<start + groups).sum()
        .gradients(of: [deviations], keepingGraph: true)[0].array(of: Double.self)
    }
    deviation = deviations.sum().gradients(of: [input], keepingGraph: true)[0]
    let all = logits.sum().gradients(of: [input])[0]
    let ofGroup = (0..<groups).map { group in
      stride(from: group, to: count, by: groups).reduce(0) { $0 + ofDeviation[$1] }
    }
    let shared = Tensor(
      (0..<count).map { Float(ofGroup[$0 % groups]) }, shape: [count, 1, 1, 1]
    ).to(all.device)
    own = all - deviation * shared
    self.ofDeviation = ofDeviation
  }
}

/// A generator of its own for one thread, the graphs of its pictures, and the squares it has summed.
private final class Worker: @unchecked Sendable {
  private let generator: any GeneratorNetwork
  private var pictures: [Int: Tensor] = [:]
  /// The sum of squared derivatives, a vector of the generator's layout.
  let squares: Tensor

  init(copying original: any GeneratorNetwork) {
    generator = original.copy()
    let architecture = generator.configuration.architecture
    for parameter in generator.parameters.parameters {
      parameter.value.requiresGradient = architecture.isConsolidated(parameter.name)
    }
    squares = Tensor.zeros(
      [generator.parameters.length], device: generator.parameters.device)
  }

  /// Makes pictures one by one, so that each has a graph of its own.
  func makePictures(_ indices: [Int], styles: Tensor, noise: [Tensor]) {
    for index in indices {
      let own = noise.map { $0.shape[0] == 1 ? $0 : $0.sliced(index..<index + 1) }
      pictures[index] = generator.synthesise(styles.sliced(index..<index + 1), noise: .given(own))
    }
  }

  /// One of the pictures made, outside its graph.
  func picture(_ index: Int) -> Tensor {
    guard let picture = pictures[index] else { preconditionFailure("picture \(index) is not mine") }
    return picture.detached()
  }

  /// Adds the squared derivatives of the logits of one group, and forgets its graphs.
  func addSquares(_ members: [Int], slopes: Slopes) {
    let gradients = generator.parameters.gradients
    gradients.fillInPlace(0)
    for index in members { walk(index, slopes.deviation, keepingGraph: true) }
    let shared = gradients.clone()
    for index in members {
      gradients.copyInPlace(shared)
      gradients.scaleInPlace(slopes.ofDeviation[index])
      walk(index, slopes.own, keepingGraph: false)
      squares.addProductInPlace(gradients, gradients, times: 1)
      pictures[index] = nil
    }
  }

  /// Adds the derivative of a picture, weighted by its row of `weights`, to the gradients.
  private func walk(_ index: Int, _ weights: Tensor, keepingGraph: Bool) {
    guard let picture = pictures[index] else { preconditionFailure("picture \(index) is not mine") }
    (picture * weights.sliced(index..<index + 1)).sum().backward(keepingGraph: keepingGraph)
  }
}
