public import Torch

/// Latents that were drawn before, with the mixing of their styles, to be shown again with other noise.
public struct LatentPool {
  private var latents: [Tensor] = []
  private var others: [Tensor] = []
  private var masks: [Tensor] = []
  private let styleCount: Int
  /// How many latents there are.
  public private(set) var count = 0

  /// An empty pool.
  ///
  /// - Parameter configuration: of the generator whose latents they are.
  public init(of configuration: any GANConfiguration) { styleCount = configuration.styleCount }

  /// Adds some latents of a draw.
  ///
  /// - Parameters:
  ///   - draw: of this generator.
  ///   - indices: which of its latents.
  public mutating func add(_ draw: PictureDraw, at indices: [Int]) {
    guard !indices.isEmpty else { return }
    let tensors = draw.tensors(styleCount: styleCount)
    latents.append(tensors[0].gathered(indices))
    others.append(tensors[1].gathered(indices))
    masks.append(tensors[2].expanded([draw.latents.shape[0], styleCount, 1]).gathered(indices))
    count += indices.count
  }

  /// Adds the latents of another pool.
  ///
  /// - Parameter other: of the same generator.
  public mutating func add(_ other: LatentPool) {
    latents += other.latents
    others += other.others
    masks += other.masks
    count += other.count
  }

  /// All these latents, with no noise yet.
  ///
  /// - Returns: the draw, which ``PictureDraw/gathered(_:noise:)`` takes batches from.
  /// - Precondition: there are latents.
  public func draw() -> PictureDraw {
    PictureDraw(
      latents: .concatenated(latents),
      mixing: .masked(.concatenated(masks), .concatenated(others)), noise: [])
  }
}

extension PictureDraw {
  /// Latents whose styles are not mixed, with no noise yet.
  ///
  /// - Parameters:
  ///   - latents: z, `[N, inputSize]`.
  ///   - configuration: of their generator.
  public init(unmixed latents: Tensor, of configuration: any GANConfiguration) {
    let mask = Tensor.zeros(
      [latents.shape[0], configuration.styleCount, 1], device: latents.device)
    self.init(latents: latents, mixing: .masked(mask, latents), noise: [])
  }

  /// Some of the latents.
  ///
  /// - Parameters:
  ///   - indices: which.
  ///   - noise: one map `[indices.count, 1, r, r]` for each of ``GANConfiguration/noiseSizes``.
  /// - Returns: their draw.
  /// - Precondition: the mixing is chosen for each latent.
  public func gathered(_ indices: [Int], noise: [Tensor]) -> PictureDraw {
    guard case .masked(let mask, let other) = mixing, mask.shape[0] == latents.shape[0] else {
      preconditionFailure("some of a draw whose mixing is chosen for all")
    }
    return PictureDraw(
      latents: latents.gathered(indices),
      mixing: .masked(mask.gathered(indices), other.gathered(indices)), noise: noise)
  }

  /// Several draws as one.
  ///
  /// - Parameter draws: at least one; the mixing of each is chosen for each latent.
  /// - Returns: the draw.
  public static func concatenated(_ draws: [PictureDraw]) -> PictureDraw {
    let mixing = draws.map { draw in
      guard case .masked(let mask, let other) = draw.mixing,
        mask.shape[0] == draw.latents.shape[0]
      else { preconditionFailure("a draw whose mixing is chosen for all, beside others") }
      return (mask: mask, other: other)
    }
    return PictureDraw(
      latents: .concatenated(draws.map(\.latents)),
      mixing: .masked(
        .concatenated(mixing.map(\.mask)), .concatenated(mixing.map(\.other))),
      noise: draws[0].noise.indices.map { map in .concatenated(draws.map { $0.noise[map] }) })
  }
}
