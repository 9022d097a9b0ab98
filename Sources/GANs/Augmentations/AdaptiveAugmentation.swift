import Foundation
public import Records
public import Torch

/// Adaptive discriminator augmentation: the changes of StyleGAN2-ADA, as often as the discriminator overfits.
///
/// Each of up to 18 changes happens to a picture with a probability p of its own, in the graph that made the
/// picture. Because real and generated pictures are changed alike, and none of the changes hides what
/// pictures look like as long as p is below about 0.8, the generator learns unchanged ones. Karras et al.,
/// *Training Generative Adversarial Networks with Limited Data*, arXiv 2006.06676.
///
/// A picture that nothing happens to keeps its bits.
public final class AdaptiveAugmentation: Augmentation {
  /// The probability of each change.
  public var probability: Double { adaptive?.value ?? options.probability ?? 0 }

  private let options: AugmentationOptions
  private let groups: Set<AugmentationGroup>
  private let size: Int
  private let pixelRange: PixelRange
  private let device: Device
  private var adaptive: AdaptiveProbability?
  private let geometry: GeometricResampling?
  private let filters: FilterBank?
  // What happens to a picture is drawn on the processor, a few numbers each; noise where pictures are.
  private let random: RandomGenerator
  private let noiseRandom: RandomGenerator

  /// An augmentation.
  ///
  /// - Parameters:
  ///   - options: valid constants.
  ///   - size: the side of the pictures.
  ///   - pixelRange: the range of their values.
  ///   - probability: where an adaptive probability starts; a fixed one is that of the options.
  ///   - random: split into the streams that changes are drawn from; pictures are on its device.
  public init(
    _ options: AugmentationOptions, size: Int, pixelRange: PixelRange = .minusOneToOne,
    startingAt probability: Double = 0, random: RandomGenerator
  ) {
    self.options = options
    self.size = size
    self.pixelRange = pixelRange
    groups = options.preset.groups
    device = random.device
    self.random = RandomGenerator(seed: random.split("augmentation").seed)
    noiseRandom = random.split("augmentation noise")
    if options.probability == nil {
      adaptive = AdaptiveProbability(
        startingAt: probability, target: options.target, length: options.length)
    }
    geometry =
      groups.isDisjoint(with: [.blit, .geom])
      ? nil : GeometricResampling(size: size, device: device)
    filters = groups.contains(.filter) ? FilterBank(size: size, device: device) : nil
  }

  // MARK: - Drawing

  /// Draws what happens to each picture.
  ///
  /// - Parameter count: how many pictures.
  /// - Returns: which are changed, and the constants of the groups that may change them.
  public func draw(_ count: Int) -> [Tensor] {
    var numbers = RandomNumbers(count, random)
    let changes = (0..<count).map { PictureChange(of: groups, probability, size, &numbers[$0]) }
    let noise = groups.contains(.noise) ? noiseRandom.normal([count, 3, size, size]) : nil
    return tensors(of: changes, noise: noise)
  }

  /// The changes of a batch as ``augmented(_:by:)`` takes them.
  ///
  /// - Parameters:
  ///   - changes: one for each picture.
  ///   - noise: standard normal, of the pictures' shape; needed where noise may be added.
  /// - Returns: which are changed, and the constants of each group.
  func tensors(of changes: [PictureChange], noise: Tensor?) -> [Tensor] {
    let count = changes.count
    func table(_ columns: [Int], _ row: (PictureChange) -> [Double]) -> Tensor {
      Tensor(changes.flatMap { row($0).map(Float.init) }, shape: [count] + columns).to(device)
    }
    // Pictures are looked up among those that came and, behind them, what became of them.
    let chosen = changes.enumerated().map {
      Int64($0.element.isNothing ? $0.offset : count + $0.offset)
    }
    var result = [Tensor(chosen).to(device)]
    if geometry != nil { result.append(table([2, 3], \.inverseGeometry)) }
    if groups.contains(.color) { result.append(table([3, 4], \.colors)) }
    if filters != nil { result.append(table([Self.bandCount], \.bandGains)) }
    if let noise { result.append(noise * table([1, 1, 1]) { [$0.noise] }) }
    if groups.contains(.cutout) {
      result.append(table([1, 1, size]) { self.hidden($0.cutoutSize, around: $0.cutoutCentre.x) })
      result.append(table([1, size, 1]) { self.hidden($0.cutoutSize, around: $0.cutoutCentre.y) })
    }
    return result
  }

  private static let bandCount = FilterBank.bandCount

  /// 1 for the pixels of a side that a square covers.
  private func hidden(_ length: Double, around centre: Double) -> [Double] {
    (0..<size).map { abs((Double($0) + 0.5) / Double(size) - centre) < length / 2 ? 1 : 0 }
  }

  // MARK: - Computing

  /// Changes pictures, in the graph that made them.
  ///
  /// - Parameters:
  ///   - pictures: `[N, 3, size, size]`.
  ///   - draw: what ``draw(_:)`` gave for N pictures.
  /// - Returns: the changed pictures, of the same shape.
  public func augmented(_ pictures: Tensor, by draw: [Tensor]) -> Tensor {
    precondition(
      pictures.shape == [draw[0].elementCount, 3, size, size],
      "pictures \(pictures.shape) of size \(size), with changes for \(draw[0].elementCount)")
    guard device == .cpu else { return augmentedWithoutLooking(pictures, by: draw) }
    // Here it costs nothing to look, so that only those are computed that something happens to.
    var chosen = draw[0].array(of: Int64.self)
    let touched = chosen.indices.filter { chosen[$0] >= Int64(chosen.count) }
    if touched.isEmpty { return pictures }
    if touched.count == chosen.count { return changed(pictures, draw.dropFirst()) }
    for (rank, index) in touched.enumerated() { chosen[index] = Int64(chosen.count + rank) }
    let (positions, constants) = (Tensor(touched.map(Int64.init)), draw.dropFirst())
    let results = changed(
      pictures.gathered(positions), constants.map { $0.gathered(positions) }[...])
    return .concatenated([pictures, results]).gathered(Tensor(chosen))
  }

  /// The same where the host looks at no tensor, so that a device can record it.
  func augmentedWithoutLooking(_ pictures: Tensor, by draw: [Tensor]) -> Tensor {
    .concatenated([pictures, changed(pictures, draw.dropFirst())]).gathered(draw[0])
  }

  /// All pictures, changed by the constants of each group.
  private func changed(_ pictures: Tensor, _ constants: ArraySlice<Tensor>) -> Tensor {
    var constants = constants
    let count = pictures.shape[0]
    var result = pixelRange.convert(pictures, to: .minusOneToOne)
    if let geometry { result = geometry.resampled(result, by: constants.removeFirst()) }
    if groups.contains(.color) {
      let map = constants.removeFirst()
      let colors = map.sliced(0..<3, dimension: 2)
        .matmul(result.reshaped([count, 3, size * size]))
      result = (colors + map.sliced(3..<4, dimension: 2)).reshaped([count, 3, size, size])
    }
    if let filters { result = filters.filtered(result, by: constants.removeFirst()) }
    if groups.contains(.noise) { result = result + constants.removeFirst() }
    if groups.contains(.cutout) {
      let hidden = constants.removeFirst() * constants.removeFirst()
      result = result * (-hidden + 1)
    }
    return PixelRange.minusOneToOne.convert(result, to: pixelRange)
  }

  // MARK: - Learning

  /// Learns how sure the discriminator is, and adapts the probability to it.
  ///
  /// - Parameter realLogits: of an iteration's real pictures, as the discriminator saw them.
  /// - Returns: the probability in this iteration.
  public func observe(realLogits: [Double]) -> Statistics {
    let former = probability
    adaptive?.observe(realLogits)
    return [.augmentationProbability: former]
  }

  // MARK: - Stopping and going on

  private static let adaptiveKey = "adaptive"

  /// The probability, what it is adapted by, and the random streams.
  public var state: StateDict {
    var result: StateDict = ["random": random.state]
    if groups.contains(.noise) { result["noise"] = noiseRandom.state }
    if let adaptive { result[Self.adaptiveKey] = Tensor(adaptive.numbers) }
    return result
  }

  /// Goes on from a saved state.
  ///
  /// - Parameter state: from ``state`` of one with the same options.
  /// - Throws: ``TrainingError/notResumable(file:missing:)`` for a state that lacks something;
  ///   `TorchError`.
  public func restore(_ state: StateDict) throws {
    func need(_ key: String) throws -> Tensor {
      guard let tensor = state[key] else { throw Self.missing(key) }
      return tensor
    }
    try random.restore(need("random"))
    if groups.contains(.noise) { try noiseRandom.restore(need("noise")) }
    if adaptive != nil {
      let numbers = try need(Self.adaptiveKey).array(of: Double.self)
      guard adaptive?.restore(numbers) == true else { throw Self.missing(Self.adaptiveKey) }
    }
  }

  private static func missing(_ key: String) -> TrainingError {
    .notResumable(file: "the snapshot", missing: "augmentation.\(key)")
  }

  /// The adaptive probability at which a training stood when its state was saved; nil where it had none.
  ///
  /// - Parameter state: of a trainer (``GANTrainer/state``).
  /// - Returns: the number as it is there.
  static func probability(in state: StateDict) -> Double? {
    state["augmentation.\(adaptiveKey)"]?.array(of: Double.self).first
  }
}
