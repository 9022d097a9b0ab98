import Foundation
import GANs
import Torch
import TorchNN

/// All that is random about some pairs of neighbouring pictures.
///
/// Drawn in blocks of one size, whatever is made of them at a time: pair `i` depends on the seed and
/// on `i` alone. The two pictures of a pair have the same noise, and no two pairs have.
struct PathDraw {
  /// The latents that paths begin at, `[n, latentSize]`.
  var first: Tensor
  /// The latents that they lead to.
  var second: Tensor
  /// What tells the class of both, `[n, classCount]`; nil for a generator that is told none.
  var classes: Tensor?
  /// How far along its path each pair lies, `[n, 1]`, in 0 to 1.
  var positions: Tensor
  /// A map `[n, 1, r, r]` for each noise size.
  var noise: [Tensor]

  var count: Int { first.shape[0] }

  /// How many pairs are drawn at once; decides bits.
  static func blockSize(for configuration: any GANConfiguration) -> Int {
    PictureBatching(size: configuration.size).drawnWithNoise
  }
}

extension PathDraw {
  /// The pairs of a block, on the CPU, whatever the device.
  ///
  /// - Parameters:
  ///   - block: which, from 0.
  ///   - count: how many pairs of it are wanted.
  ///   - configuration: whose sizes they have.
  ///   - positions: whether paths are looked at along their whole length.
  ///   - seed: where they come from.
  init(
    block: Int, count: Int, for configuration: any GANConfiguration,
    positions: PerceptualPathLength.Positions, seed: UInt64
  ) {
    let random = RandomGenerator(seed: seed)
    let whole = Self.blockSize(for: configuration)
    func source(_ purpose: String) -> RandomGenerator {
      random.split("path length \(purpose) \(block)")
    }
    // Always a whole block, so that the first pairs of a short list are those of a long one.
    let latents = source("latents").normal([whole, 2 * configuration.latentSize]).sliced(0..<count)
    let (size, classCount) = (configuration.latentSize, configuration.classCount)
    first = latents.sliced(0..<size, dimension: 1)
    second = latents.sliced(size..<2 * size, dimension: 1)
    classes =
      classCount == 0
      ? nil : source("classes").normal([whole, classCount]).sliced(0..<count)
    self.positions =
      switch positions {
      case .ends: .zeros([count, 1])
      case .full: source("positions").uniform([whole, 1]).sliced(0..<count)
      }
    let noise = source("noise")
    self.noise = configuration.noiseSizes.map {
      noise.normal([whole, 1, $0, $0]).sliced(0..<count)
    }
  }

  /// The w of the two pictures of each pair.
  ///
  /// - Parameters:
  ///   - space: where paths run.
  ///   - step: how far the pictures of a pair are apart, as a share of the path.
  ///   - generator: whose mapping network it is.
  /// - Returns: `[n, latentSize]` each, where the generator lives.
  func styles(
    in space: PerceptualPathLength.Space, step: Double, of generator: any GeneratorNetwork
  ) -> (Tensor, Tensor) {
    let device = generator.parameters.device
    func mapped(_ latents: (Tensor, Tensor)) -> (Tensor, Tensor) {
      let inputs = [latents.0, latents.1].map { z in
        classes.map { .concatenated([z, $0], dimension: 1) } ?? z
      }
      let w = withoutGradients { generator.styles(Tensor.concatenated(inputs).to(device)) }
      return (w.sliced(0..<count), w.sliced(count..<2 * count))
    }
    switch space {
    case .w:
      let (start, end) = mapped((first, second))
      let direction = end - start
      let here = start + direction * positions.to(device)
      return (here, here + direction * step)
    case .z:
      return mapped((onArc(step: 0), onArc(step: step)))
    }
  }

  /// The point of each path on the great circle from one latent's direction to the other's: slerp
  /// (Shoemake, SIGGRAPH 1985).
  ///
  /// In double precision: in single, cosines of angles that differ by a step are off by a hundredth
  /// of their difference.
  private func onArc(step: Double) -> Tensor {
    func unit(_ x: Tensor) -> Tensor { x / x.square().sum([1], keepingDimensions: true).sqrt() }
    let (a, b) = (unit(first.to(.float64)), unit(second.to(.float64)))
    let cosines = (a * b).sum([1], keepingDimensions: true)
    let angles = zip(cosines.array(of: Double.self), positions.to(.float64).array(of: Double.self))
      .map { cosine, position in (position + step) * acos(min(1, max(-1, cosine))) }
    let across = unit(b - a * cosines)
    func column(_ values: [Double]) -> Tensor { Tensor(values, shape: [count, 1]) }
    return unit(a * column(angles.map(cos)) + across * column(angles.map(sin))).to(.float32)
  }
}
