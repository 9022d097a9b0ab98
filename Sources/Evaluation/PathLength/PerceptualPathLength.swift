public import GANs
public import Judging
public import Records
import Torch
import TorchNN

/// How much a picture changes with a small step of its latent: PPL, the perceptual path length.
///
/// The distance of two pictures a step ε apart, over ε², on average over paths between random
/// latents. Small numbers mean that pictures change smoothly; a generator that has been damaged has
/// places where they jump.
///
/// The defaults are those of `ppl2_wend` of NVIDIA's StyleGAN2: 50,000 pairs, ε = 1e-4, in W, at the
/// beginnings of the paths, nothing cropped, pictures above 256x256 averaged down to it, no
/// truncation, and the mean of what lies between the 1st and the 99th percentile. The two pictures
/// of a pair have the same noise. Here each pair has noise of its own, where NVIDIA's programs draw
/// it for each batch, so that numbers do not depend on the batch.
///
/// Karras et al., *A Style-Based Generator Architecture for Generative Adversarial Networks* (CVPR
/// 2019), <https://arxiv.org/abs/1812.04948>, section 4.1; *Analyzing and Improving the Image
/// Quality of StyleGAN* (CVPR 2020), <https://arxiv.org/abs/1912.04958>, appendix.
public struct PerceptualPathLength: Sendable, Equatable {
  /// As many pairs as NVIDIA's programs take.
  public static let defaultPairCount = 50_000
  /// Their ε.
  public static let defaultStep = 1e-4
  /// Pictures with more rows and columns are averaged down to so many.
  public static let comparedSize = 256

  /// Where paths run.
  public enum Space: String, Sendable, CaseIterable {
    /// Straight lines between styles: what StyleGAN2 reports.
    case w
    /// Great circles between latents.
    case z
  }

  /// Which points of a path are looked at.
  public enum Positions: String, Sendable, CaseIterable {
    /// Its beginning, where a latent is one that training has seen: what StyleGAN2 reports.
    case ends = "end"
    /// Any, each as likely.
    case full
  }

  /// Where paths run.
  public let space: Space
  /// Which points of them are looked at.
  public let positions: Positions
  /// The mean length, its standard error, and how many pairs were used and left out.
  public let mean: TrimmedMean
  /// ε, the share of a path that the pictures of a pair are apart.
  public let step: Double
  /// Where latents and noise come from.
  public let seed: UInt64
  /// The distance of pictures.
  public let distanceName: String
  /// How it was taken, in a few words that two numbers must share to be compared.
  public let method: String
  private let isOfDefinition: Bool

  /// How many pairs were made.
  public var pairCount: Int { mean.count + mean.droppedCount }

  /// Measures a generator.
  ///
  /// - Parameters:
  ///   - generator: makes the pictures.
  ///   - distance: how different the two pictures of a pair are.
  ///   - space: where paths run.
  ///   - positions: which points of them are looked at.
  ///   - pairCount: how many pairs; two pictures are made for each.
  ///   - step: ε.
  ///   - seed: where latents and noise come from.
  ///   - source: what to call the generator in an error.
  ///   - progress: called with the number of pairs so far; may throw to stop.
  /// - Throws: ``EvaluationError/tooSmall(of:size:needed:by:)`` if the distance needs larger pictures,
  ///   ``EvaluationError/notFinite(of:)`` if a length is not a number; what `progress` throws.
  /// - Precondition: at least two pairs, and a step above 0.
  public init(
    of generator: any GeneratorNetwork, distance: any PictureDistance, space: Space = .w,
    positions: Positions = .ends, pairCount: Int = defaultPairCount, step: Double = defaultStep,
    seed: UInt64 = 0, source: String = "the generator",
    progress: (Int) throws -> Void = { _ in }
  ) throws {
    precondition(pairCount >= 2, "\(pairCount) pairs")
    let configuration = generator.configuration
    let block = PathDraw.blockSize(for: configuration)
    try self.init(
      of: generator, distance: distance, space: space, positions: positions, step: step,
      seed: seed, source: source,
      draws: stride(from: 0, to: pairCount, by: block).lazy.map { start in
        PathDraw(
          block: start / block, count: min(block, pairCount - start), for: configuration,
          positions: positions, seed: seed)
      },
      pairsAtOnce: PicturePairs.atOnce(size: min(configuration.size, 2 * Self.comparedSize)),
      progress: progress)
  }

  /// Measures pairs that are drawn.
  init(
    of generator: any GeneratorNetwork, distance: any PictureDistance, space: Space,
    positions: Positions, step: Double, seed: UInt64, source: String,
    draws: some Sequence<PathDraw>, pairsAtOnce: Int, progress: (Int) throws -> Void
  ) throws {
    precondition(step > 0, "a step of \(step)")
    let size = generator.configuration.size
    let shownSize = size / Self.factor(size)
    guard shownSize >= distance.smallestSize else {
      throw EvaluationError.tooSmall(
        of: "the pictures of \(source)", size: shownSize, needed: distance.smallestSize,
        by: distance.name)
    }
    var lengths: [Double] = []
    for draw in draws {
      let (here, there) = draw.styles(in: space, step: step, of: generator)
      for start in stride(from: 0, to: draw.count, by: pairsAtOnce) {
        let range = start..<min(start + pairsAtOnce, draw.count)
        // The two pictures of a pair in one pass, so that rounding is the same for both.
        let pictures = generator.pictures(
          generator.layered(.concatenated([here.sliced(range), there.sliced(range)])),
          noise: .given(
            draw.noise.map { map in
              let part = map.sliced(range).to(generator.parameters.device)
              return .concatenated([part, part])
            }))
        let shown = Self.averagedDown(
          generator.pixelRange.convert(pictures, to: distance.range))
        let count = range.count
        let distances = withoutGradients {
          distance.distances(shown.sliced(0..<count), shown.sliced(count..<2 * count))
        }
        lengths += distances.to(.cpu).to(.float64).array(of: Double.self).map {
          $0 / (step * step)
        }
        guard lengths.suffix(count).allSatisfy(\.isFinite) else {
          throw EvaluationError.notFinite(of: "the path lengths of \(source)")
        }
        try progress(lengths.count)
      }
    }
    self.space = space
    self.positions = positions
    self.step = step
    self.seed = seed
    mean = TrimmedMean(of: lengths)
    distanceName = distance.name
    isOfDefinition = distance.definesPathLength && step == Self.defaultStep
    method =
      "\(distance.method), over the square of the step \(step) in \(space.rawValue), "
      + (positions == .ends ? "at the ends of paths" : "along whole paths")
      + ", pictures of \(shownSize)x\(shownSize), between the 1st and 99th percentile"
  }

  /// How many rows and columns are averaged to one.
  private static func factor(_ size: Int) -> Int { max(1, size / comparedSize) }

  /// Pictures of at most 256x256, by means of squares of pixels.
  static func averagedDown(_ pictures: Tensor) -> Tensor {
    let shape = pictures.shape
    let factor = factor(shape[2])
    guard factor > 1 else { return pictures }
    return pictures.contiguous().reshaped([
      shape[0], shape[1], shape[2] / factor, factor, shape[3] / factor, factor,
    ]).mean([3, 5])
  }

  /// The length as a record holds it: `ppl2_wend` and the like where the distance is the one that
  /// defines it, and otherwise `path_length` with the distance's name.
  public var measurement: MetricMeasurement {
    let variant = "\(space.rawValue)\(positions.rawValue)"
    var result = MetricMeasurement(
      isOfDefinition
        ? .perceptualPathLength(variant) : .pathLength(variant, by: distanceName),
      .number(mean.value), method: method, sampleCount: pairCount, seed: seed,
      interval: mean.interval)
    if pairCount < FeatureSample.trustedCount {
      result.warning =
        "the pairs of pictures are \(pairCount), fewer than \(FeatureSample.trustedCount): the path "
        + "length then depends on chance"
    }
    return result
  }
}
