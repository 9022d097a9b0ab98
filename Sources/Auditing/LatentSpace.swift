import GANs
import Torch

/// Where latents move when they are searched for, and how far they may.
enum LatentSpace {
  /// The generator's input. The mapping network normalises it, so it stays where normal numbers of
  /// that many dimensions lie, at the distance √L from 0; the numbers that tell a class stay what
  /// they were.
  case z
  /// One style for all layers, in whitened coordinates.
  case w(LatentPrior)
  /// A style for each layer, in whitened coordinates; each is bounded on its own.
  case wPlus(LatentPrior)

  /// What people call it.
  var name: String {
    switch self {
    case .z: "z"
    case .w: "w"
    case .wPlus: "w+"
    }
  }

  /// What bounds it, in a few words.
  var bound: String {
    switch self {
    case .z: "on the shell of radius √L"
    case .w: "within 99 % of its styles"
    case .wPlus: "each layer within 99 % of its styles"
    }
  }

  /// Where a search starts.
  ///
  /// - Parameters:
  ///   - z: `[N, inputSize]`.
  ///   - generator: whose latents.
  /// - Returns: coordinates in this space, within its bound.
  func coordinates(ofLatents z: Tensor, of generator: any GeneratorNetwork) -> Tensor {
    withoutGradients {
      switch self {
      case .z: bounded(z, from: z, of: generator)
      case .w, .wPlus: coordinates(ofStyles: generator.styles(z), of: generator)
      }
    }
  }

  /// Where a search starts from styles.
  ///
  /// - Parameters:
  ///   - w: `[N, latentSize]`.
  ///   - generator: whose styles.
  /// - Returns: coordinates in this space, within its bound.
  /// - Precondition: it is not ``z``.
  func coordinates(ofStyles w: Tensor, of generator: any GeneratorNetwork) -> Tensor {
    withoutGradients {
      switch self {
      case .z: preconditionFailure("latents z from styles")
      case .w(let prior): prior.bounded(prior.whitened(w))
      case .wPlus(let prior):
        generator.layered(prior.bounded(prior.whitened(w))).contiguous()
      }
    }
  }

  /// The styles of coordinates, in their graph.
  ///
  /// - Parameters:
  ///   - coordinates: in this space.
  ///   - generator: whose styles.
  /// - Returns: `[N, styleCount, latentSize]`.
  func styles(_ coordinates: Tensor, of generator: any GeneratorNetwork) -> Tensor {
    switch self {
    case .z: generator.layered(generator.styles(coordinates))
    case .w(let prior): generator.layered(prior.styles(coordinates))
    case .wPlus(let prior): prior.styles(coordinates)
    }
  }

  /// Coordinates where the generator really makes pictures.
  ///
  /// - Parameters:
  ///   - coordinates: in this space, after a step.
  ///   - start: where they came from, of the same shape.
  ///   - generator: whose latents.
  /// - Returns: the nearest ones within the bound.
  func bounded(
    _ coordinates: Tensor, from start: Tensor, of generator: any GeneratorNetwork
  ) -> Tensor {
    switch self {
    case .z:
      let (length, whole) = (
        generator.configuration.latentSize, generator.configuration.inputSize
      )
      let latent = coordinates.sliced(0..<length, dimension: 1)
      let scale = (latent.square().mean([1], keepingDimensions: true) + 1e-12).rsqrt()
      guard whole > length else { return latent * scale }
      return .concatenated(
        [latent * scale, start.sliced(length..<whole, dimension: 1)], dimension: 1)
    case .w(let prior), .wPlus(let prior): return prior.bounded(coordinates)
    }
  }
}
