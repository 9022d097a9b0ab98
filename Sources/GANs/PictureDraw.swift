public import Torch

/// The random inputs of a batch of generated pictures.
///
/// They are drawn before the computation, which then neither draws nor decides, so that a device
/// can record it (`GANPhases`).
public struct PictureDraw {
  /// z, `[N, inputSize]`.
  public let latents: Tensor
  /// The layers that use the styles of a second z, if any.
  public let mixing: Mixing
  /// One map `[N, 1, r, r]` for each of ``GANConfiguration/noiseSizes``.
  public let noise: [Tensor]

  /// Which layers take the styles of a second z.
  public enum Mixing {
    /// None.
    case none
    /// Those from a layer in `1 ..< styleCount` on.
    case from(layer: Int, Tensor)
    /// The layers where a mask `[1 or N, styleCount, 1]` holds 1: one choice for all, or one for each. A
    /// recorded computation needs this form, because its shapes never change.
    case masked(Tensor, Tensor)
  }
}

extension PictureDraw {
  /// The same draw as tensors whose shapes are those of every other one.
  ///
  /// - Parameter styleCount: of the network.
  /// - Returns: z, the second z, its mask, the noise.
  func tensors(styleCount: Int) -> [Tensor] {
    let (others, mask): (Tensor, Tensor) =
      switch mixing {
      case .none: (latents, mask(from: styleCount, of: styleCount))
      case .from(let layer, let other): (other, mask(from: layer, of: styleCount))
      case .masked(let mask, let other): (other, mask)
      }
    return [latents, others, mask] + noise
  }

  /// 1 for the layers from one on, `[1, styleCount, 1]`.
  private func mask(from first: Int, of styleCount: Int) -> Tensor {
    Tensor((0..<styleCount).map { $0 < first ? Float(0) : 1 }, shape: [1, styleCount, 1])
      .uploaded(to: latents.device)
  }

  /// How many tensors ``tensors(styleCount:)`` gives.
  static func tensorCount(_ configuration: any GANConfiguration) -> Int {
    3 + configuration.noiseSizes.count
  }

  /// The draw that ``tensors(styleCount:)`` describes.
  init(_ tensors: ArraySlice<Tensor>) {
    let first = tensors.startIndex
    self.init(
      latents: tensors[first], mixing: .masked(tensors[first + 2], tensors[first + 1]),
      noise: Array(tensors[(first + 3)...]))
  }
}

extension GeneratorNetwork {
  /// Draws the random inputs of a batch of pictures; with `mixingProbability`, all of them mix two
  /// styles.
  ///
  /// - Parameters:
  ///   - count: how many pictures.
  ///   - mixingProbability: in 0 to 1; the layer where styles change is drawn, too.
  ///   - latentRandom: where z, the decision and the layer come from.
  ///   - noiseRandom: where noise maps come from; it may be the same.
  /// - Returns: the draw.
  public func draw(
    _ count: Int, mixingProbability: Double, latentsFrom latentRandom: RandomGenerator,
    noiseFrom noiseRandom: RandomGenerator
  ) -> PictureDraw {
    let (z, mixing) = drawLatents(
      count, mixingProbability: mixingProbability, using: latentRandom)
    return PictureDraw(
      latents: z, mixing: mixing,
      noise: configuration.noiseSizes.map { noiseRandom.normal([count, 1, $0, $0]) })
  }

  /// Styles of fresh latents, as ``draw(_:mixingProbability:latentsFrom:noiseFrom:)`` draws them.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - mixingProbability: in 0 to 1; the layer where styles change is drawn, too.
  ///   - random: where z, the decision and the layer come from.
  /// - Returns: `[count, styleCount, latentSize]`.
  public func sampleStyles(
    _ count: Int, mixingProbability: Double, using random: RandomGenerator
  ) -> Tensor {
    let (z, mixing) = drawLatents(count, mixingProbability: mixingProbability, using: random)
    return layeredStyles(z, mixing)
  }

  /// The pictures of a draw, with the graph that training needs.
  ///
  /// - Parameters:
  ///   - draw: all that is random about them.
  ///   - precision: of the convolutions.
  /// - Returns: `[N, 3, size, size]`.
  public func make(_ draw: PictureDraw, precision: Precision = .fp32) -> Tensor {
    synthesise(
      layeredStyles(draw.latents, draw.mixing), noise: .given(draw.noise), precision: precision)
  }

  /// The pictures of a draw in `float32`, in a graph that begins with their styles or before.
  ///
  /// Where the mapping network is frozen, its styles have no graph: then they are its beginning, so
  /// that pictures can be differentiated by styles in any case.
  ///
  /// - Parameter draw: all that is random about them.
  /// - Returns: `[N, 3, size, size]`, and the styles `[N, styleCount, latentSize]`.
  public func makeFromStyles(_ draw: PictureDraw) -> (pictures: Tensor, styles: Tensor) {
    var styles = layeredStyles(draw.latents, draw.mixing)
    if !styles.requiresGradient { styles = styles.asInput() }
    return (synthesise(styles, noise: .given(draw.noise)), styles)
  }

  private func drawLatents(
    _ count: Int, mixingProbability: Double, using random: RandomGenerator
  ) -> (Tensor, PictureDraw.Mixing) {
    let first = random.normal([count, configuration.inputSize])
    guard mixingProbability > 0, random.uniform() < mixingProbability else {
      return (first, .none)
    }
    var second = random.normal([count, configuration.latentSize])
    if configuration.classCount > 0 {
      // Both styles of a picture are of one class.
      let classes = first.sliced(
        configuration.latentSize..<configuration.inputSize, dimension: 1)
      second = .concatenated([second, classes], dimension: 1)
    }
    return (first, .from(layer: random.integer(in: 1..<configuration.styleCount), second))
  }

  /// The styles of a draw, `[N, styleCount, latentSize]`.
  package func layeredStyles(_ z: Tensor, _ mixing: PictureDraw.Mixing) -> Tensor {
    // Both z at once: the mapping network's layers are small.
    func bothStyles(_ other: Tensor) -> (Tensor, Tensor) {
      let (w, count) = (styles(.concatenated([z, other])), z.shape[0])
      return (w.sliced(0..<count), w.sliced(count..<2 * count))
    }
    switch mixing {
    case .none: return layered(styles(z))
    case .from(let layer, let other):
      let (w, mixed) = bothStyles(other)
      return layered(w, mixedWith: mixed, from: layer)
    case .masked(let mask, let other):
      // Products with 0 and 1 are exact: the same styles as above.
      let (w, mixed) = bothStyles(other)
      return layered(w) * (-mask + 1) + layered(mixed) * mask
    }
  }
}
