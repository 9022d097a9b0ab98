import GANs
import Judging
import Torch
import TorchNN

/// Finds the styles of one generator whose pictures are most like others.
///
/// Pictures do not see each other: each has styles, noise maps and moments of its own, and the same random
/// numbers, so what becomes of one depends on the seed and on nothing else.
final class Projector {
  /// What was found for some pictures, in order.
  struct Result {
    /// `[N, 1 or styleCount, latentSize]`.
    var styles: Tensor
    /// `[N, 1, r, r]` each; empty where the maps are the checkpoint's.
    var noise: [Tensor]
    /// `[N, 3, size, size]` in -1..1.
    var pictures: Tensor
    /// The errors in the beginning, at the mean style.
    var before: [ProjectionError]
    /// The errors at the end.
    var after: [ProjectionError]
  }

  /// How far styles are from their mean: the root of the mean squared distance.
  let styleDeviation: Double

  private let generator: any GeneratorNetwork
  private let settings: ProjectionSettings
  private let distance: (any PictureDistance)?
  private let random: RandomGenerator
  private let meanStyle: Tensor

  /// The largest side at which a distance is taken, as StyleGAN2's projector has it.
  static let largestComparedSize = 256

  /// A projector.
  ///
  /// - Parameters:
  ///   - generator: whose parameters need no gradient.
  ///   - settings: how it searches.
  ///   - distance: what it makes smaller; nil for the mean squared difference of pixels.
  ///   - random: where everything is drawn from.
  /// - Throws: ``ProjectionFailure`` for styles that are not numbers.
  init(
    _ generator: any GeneratorNetwork, _ settings: ProjectionSettings,
    distance: (any PictureDistance)?, using random: RandomGenerator
  ) throws(ProjectionFailure) {
    self.generator = generator
    self.settings = settings
    self.distance = distance
    self.random = random
    let draws = random.split("project: mean style")
    let batch = ProjectionSettings.styleCount / 10
    let styles = Tensor.concatenated(
      (0..<10).map { _ in
        let z = draws.normal([batch, generator.configuration.inputSize])
        return withoutGradients { generator.styles(z) }
      }
    ).to(.float64)
    let mean = styles.mean([0], keepingDimensions: true)
    styleDeviation = (styles - mean).square().sum([1]).mean().item().squareRoot()
    meanStyle = mean.to(.float32)
    guard meanStyle.hasOnlyFiniteElements, styleDeviation.isFinite else {
      throw .notFinite(step: 0)
    }
  }

  private var size: Int { generator.configuration.size }
  private var layers: Int { settings.space == .w ? 1 : generator.configuration.styleCount }

  /// Pictures that are projected at once: what memory holds of noise maps and their moments.
  var pictureCountAtOnce: Int { PictureBatching(size: size).held }

  /// Projects pictures.
  ///
  /// - Parameters:
  ///   - targets: `[N, 3, size, size]` in -1..1, at most ``pictureCountAtOnce``.
  ///   - progress: called with the number of steps that are done.
  /// - Returns: what was found.
  /// - Throws: ``ProjectionFailure`` for losses that are not numbers; what `progress` throws.
  func project(_ targets: Tensor, progress: (Int) throws -> Void) throws -> Result {
    let (count, length) = (targets.shape[0], meanStyle.shape[1])
    let device = generator.parameters.device
    let targets = targets.to(device)
    let styles = Moved(
      meanStyle.reshaped([1, 1, length]).expanded([count, layers, length]).clone())
    let maps = settings.noise == .fixed ? [] : startingMaps(count).map(Moved.init)
    let before = errors(styles.value, maps.map(\.value), targets)
    let draws = random.split("project: noise on styles")
    for step in 0..<settings.steps {
      // The same for every picture.
      let noise =
        draws.normal([1, layers, length]) * (styleDeviation * settings.styleNoise(at: step))
      let gradients = try gradients(styles.value + noise, maps.map(\.value), targets, step)
      let rate = settings.learningRate(at: step)
      for (moved, gradient) in zip([styles] + maps, gradients) {
        moved.step(along: gradient, learningRate: rate, count: step + 1)
      }
      for map in maps { map.value = Self.normalized(map.value) }
      try progress(step + 1)
    }
    let noise = maps.map(\.value)
    let after = errors(styles.value, noise, targets)
    guard after.allSatisfy({ $0.pixels.isFinite && ($0.distance ?? 0).isFinite }) else {
      throw ProjectionFailure.notFinite(step: settings.steps)
    }
    return Result(
      styles: styles.value.to(.cpu), noise: noise.map { $0.to(.cpu) },
      pictures: pictures(styles.value, noise).to(.cpu), before: before, after: after)
  }

  /// Noise maps in the beginning: the same for every picture.
  private func startingMaps(_ count: Int) -> [Tensor] {
    let random = random.split("project: noise maps")
    return generator.configuration.noiseSizes.map { side in
      random.normal([1, 1, side, side]).expanded([count, 1, side, side]).clone()
    }
  }

  /// The derivatives of each picture's loss by its styles and its maps.
  private func gradients(
    _ styles: Tensor, _ maps: [Tensor], _ targets: Tensor, _ step: Int
  ) throws(ProjectionFailure) -> [Tensor] {
    let count = styles.shape[0]
    let (atOnce, isConcurrent) = PictureBatching(size: size).differentiated(on: styles.device)
    // The network is only read.
    nonisolated(unsafe) let projector = self
    @Sendable func part(_ index: Int) -> (loss: Tensor, gradients: [Tensor]) {
      let range = index * atOnce..<min((index + 1) * atOnce, count)
      let inputs = ([styles] + maps).map { $0.sliced(range).asInput() }
      let loss = projector.losses(inputs[0], Array(inputs.dropFirst()), targets.sliced(range))
      return (loss.detached(), loss.sum().gradients(of: inputs))
    }
    let parts = (count + atOnce - 1) / atOnce
    let made = isConcurrent ? Torch.concurrently(parts, part) : (0..<parts).map(part)
    guard made.allSatisfy({ $0.loss.hasOnlyFiniteElements }) else {
      throw .notFinite(step: step)
    }
    return (0...maps.count).map { input in .concatenated(made.map { $0.gradients[input] }) }
  }

  /// What is made smaller, of each picture.
  private func losses(_ styles: Tensor, _ maps: [Tensor], _ targets: Tensor) -> Tensor {
    let pictures = synthesised(styles, maps)
    let difference =
      distance.map { $0.distances(compared(pictures, by: $0), compared(targets, by: $0)) }
      ?? (pictures - targets).square().mean([1, 2, 3])
    return maps.reduce(difference.to(styles.device)) {
      $0 + Self.structure(of: $1) * ProjectionSettings.noiseWeight
    }
  }

  /// Pictures in -1..1, in the graph of styles and maps.
  private func synthesised(_ styles: Tensor, _ maps: [Tensor]) -> Tensor {
    let shape = styles.shape
    let layered = styles.expanded([shape[0], generator.configuration.styleCount, shape[2]])
    return generator.pixelRange.convert(
      generator.synthesise(layered, noise: maps.isEmpty ? .fixed : .given(maps)),
      to: .minusOneToOne)
  }

  /// Pictures as they are compared: large ones averaged down to ``largestComparedSize``.
  private func compared(_ pictures: Tensor, by distance: any PictureDistance) -> Tensor {
    let factor = size / Self.largestComparedSize
    let shape = pictures.shape
    let smaller =
      factor < 2
      ? pictures
      : pictures.contiguous().reshaped(
        [shape[0], shape[1], size / factor, factor, size / factor, factor]
      ).mean([3, 5])
    return PixelRange.minusOneToOne.convert(smaller, to: distance.range)
  }

  /// The pictures of styles, in -1..1.
  private func pictures(_ styles: Tensor, _ maps: [Tensor]) -> Tensor {
    let shape = styles.shape
    let layered = styles.expanded([shape[0], generator.configuration.styleCount, shape[2]])
    return generator.pixelRange.convert(
      generator.pictures(layered, noise: maps.isEmpty ? .fixed : .given(maps)),
      to: .minusOneToOne)
  }

  private func errors(_ styles: Tensor, _ maps: [Tensor], _ targets: Tensor) -> [ProjectionError] {
    withoutGradients {
      let pictures = pictures(styles, maps).clamped(-1, 1)
      let pixels = ((pictures - targets) * 0.5).square().mean([1, 2, 3]).array(of: Double.self)
      let distances = distance.map { distance in
        // One after another: a distance keeps the feature maps of both pictures.
        (0..<targets.shape[0]).map { index in
          distance.distances(
            compared(pictures.sliced(index..<index + 1), by: distance),
            compared(targets.sliced(index..<index + 1), by: distance)
          ).item()
        }
      }
      return pixels.enumerated().map { index, square in
        ProjectionError(pixels: square.squareRoot(), distance: distances?[index])
      }
    }
  }
}

extension Projector {
  /// How much neighbours in a noise map resemble each other, at every resolution down to 8x8; 0 of noise
  /// that shows nothing.
  ///
  /// - Parameter map: `[N, 1, r, r]`.
  /// - Returns: `[N]`.
  static func structure(of map: Tensor) -> Tensor {
    var (map, sum) = (map, Tensor.zeros([map.shape[0]], device: map.device))
    while true {
      for dimension in [2, 3] {
        let products = map * rolled(map, dimension)
        sum = sum + products.mean([1, 2, 3]).square()
      }
      let (count, side) = (map.shape[0], map.shape[3])
      guard side > 8 else { return sum }
      map = map.reshaped([count, 1, side / 2, 2, side / 2, 2]).mean([3, 5])
    }
  }

  /// Each element in its neighbour's place, the last in the first one's.
  private static func rolled(_ map: Tensor, _ dimension: Int) -> Tensor {
    let side = map.shape[dimension]
    return .concatenated(
      [
        map.sliced(side - 1..<side, dimension: dimension),
        map.sliced(0..<side - 1, dimension: dimension),
      ], dimension: dimension)
  }

  /// Noise of mean 0 and variance 1 in each map.
  private static func normalized(_ map: Tensor) -> Tensor {
    let centered = map - map.mean([1, 2, 3], keepingDimensions: true)
    return centered * (centered.square().mean([1, 2, 3], keepingDimensions: true) + 1e-12).rsqrt()
  }
}

/// What a search moves, with Adam's moments.
private final class Moved {
  var value: Tensor
  private let first: Tensor
  private let second: Tensor

  init(_ value: Tensor) {
    self.value = value
    first = Tensor.zeros(value.shape, device: value.device)
    second = Tensor.zeros(value.shape, device: value.device)
  }

  func step(along gradient: Tensor, learningRate: Double, count: Int) {
    value.adamStepInPlace(
      gradients: gradient, firstMoments: first, secondMoments: second,
      learningRate: learningRate, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, step: count)
  }
}

/// How much a projected picture differs from the one that was given.
public struct ProjectionError: Sendable, Equatable {
  /// The root of the mean squared difference of intensities from 0 to 1.
  public let pixels: Double
  /// The distance that was made smaller; nil where pixels were compared.
  public let distance: Double?
}

/// A projection that cannot go on.
public enum ProjectionFailure: Error, Equatable, CustomStringConvertible {
  /// A loss that is infinite or not a number.
  case notFinite(step: Int)
  /// A distance that needs larger pictures.
  case tooSmall(gan: String, size: Int, distance: String, smallest: Int)
  /// Two files whose pictures would have the same name.
  case sameName(name: String, files: [String])
  /// More pictures than one run takes.
  case tooMany(count: Int, size: Int, mostPixels: Int)
  /// A folder in place of a picture.
  case folder(path: String)

  /// One sentence that says what is wrong, and the way out.
  public var description: String {
    switch self {
    case .notFinite(let step):
      "the loss at step \(step) is infinite or not a number: the generator's pictures or the weights of LPIPS "
        + "are broken; lethe inspect shows what a file holds"
    case .tooSmall(let gan, let size, let distance, let smallest):
      "\(gan) makes pictures of \(size)x\(size), and \(distance) compares pictures of \(smallest)x\(smallest) or "
        + "more: compare pixels instead, without weights of LPIPS"
    case .sameName(let name, let files):
      "\(files.joined(separator: " and ")) would both become \(name): rename one of them, or project one after "
        + "the other"
    case .tooMany(let count, let size, let mostPixels):
      "\(count) pictures of \(size)x\(size) are too many for one file of noise maps, which memory must hold: "
        + "expected at most \(mostPixels) pixels; project fewer at a time"
    case .folder(let path):
      "\(path) is a folder, expected pictures: name them, such as \(path.hasSuffix("/") ? path : path + "/")*.png"
    }
  }
}
