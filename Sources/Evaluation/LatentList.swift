public import GANs
public import Torch

/// The fixed list of latents that every generator is measured on.
///
/// Picture `i` of a generator depends on the seed and on `i`, not on how many pictures are taken: both
/// its latent and its noise maps are drawn for it, on the CPU, whatever the device. Two generators of
/// one shape therefore differ by their weights alone, and a percentage can be measured again bit for
/// bit. (The reference draws the noise unseeded; its percentages vary from one call to the next.) No
/// truncation, no style mixing.
public struct LatentList: Sendable, Equatable {
  /// As many as the reference's list for MNIST: 79 batches of 64.
  public static let defaultCount = 5056
  /// How many are drawn at once.
  public static let batchSize = PictureBatching.drawn

  /// How many latents.
  public let count: Int
  /// Where they come from.
  public let seed: UInt64

  /// A list.
  ///
  /// - Parameters:
  ///   - count: how many latents.
  ///   - seed: where they come from.
  /// - Precondition: at least one.
  public init(count: Int = defaultCount, seed: UInt64 = 0) {
    precondition(count > 0, "a list of \(count) latents")
    self.count = count
    self.seed = seed
  }

  /// The number of batches; the last one may be smaller.
  public var batchCount: Int { (count + Self.batchSize - 1) / Self.batchSize }

  /// The latents and noise maps of one batch.
  ///
  /// - Parameters:
  ///   - index: in `0 ..< batchCount`.
  ///   - configuration: whose sizes they have.
  ///   - device: where they are wanted.
  /// - Returns: z `[n, inputSize]`, and a map `[n, 1, r, r]` for each noise size.
  /// - Precondition: there is such a batch.
  public func batch(
    _ index: Int, for configuration: any GANConfiguration, device: Device = .cpu
  ) -> (z: Tensor, noise: [Tensor]) {
    precondition((0..<batchCount).contains(index), "batch \(index) of \(batchCount)")
    let size = min(Self.batchSize, count - index * Self.batchSize)
    let random = RandomGenerator(seed: seed)
    func draw(_ generator: RandomGenerator, _ shape: [Int]) -> Tensor {
      // Always a whole batch, so that the first pictures of a short one are those of a long one.
      generator.normal([Self.batchSize] + shape).sliced(0..<size).to(device)
    }
    let noise = random.split("evaluation noise \(index)")
    return (
      z: draw(random.split("evaluation latents \(index)"), [configuration.inputSize]),
      noise: configuration.noiseSizes.map { draw(noise, [1, $0, $0]) }
    )
  }
}
