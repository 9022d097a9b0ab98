import CTorch

/// A source of random numbers with its own state; Lethe never draws from a global one.
///
/// On the CPU it is libtorch's Mersenne Twister: the same seed, shapes and order give the numbers
/// that PyTorch gives. Purposes (latents, noise, shuffling) have generators of their own, so that one
/// more draw for one of them does not change the others: see ``RandomGenerator/split(_:)``.
public final class RandomGenerator: @unchecked Sendable {
  /// Where the numbers appear.
  public let device: Device
  /// What the generator was seeded with.
  public let seed: UInt64
  private let handle: ct_generator

  /// A generator seeded with `seed`.
  ///
  /// - Parameters:
  ///   - seed: any number.
  ///   - device: where the numbers appear.
  /// - Precondition: the device is available.
  public init(seed: UInt64, device: Device = .cpu) {
    var handle = ct_generator(ref: nil)
    must(ct_generator_create(&handle, seed, device.raw), "RandomGenerator.init")
    self.handle = handle
    self.device = device
    self.seed = seed
  }

  deinit { ct_generator_free(handle) }

  /// A generator for one purpose, independent of this one's state.
  ///
  /// - Parameter purpose: a name; equal names of equal seeds give equal generators.
  /// - Returns: the generator, on the same device.
  public func split(_ purpose: String) -> RandomGenerator {
    // FNV-1a over the purpose, then the finalizer of SplitMix64: near seeds end far apart.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in purpose.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    var mixed = seed &+ hash &* 0x9e37_79b9_7f4a_7c15
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return RandomGenerator(seed: mixed ^ (mixed >> 31), device: device)
  }

  /// The complete state, `uint8`, in host memory; as opaque as libtorch's own.
  public var state: Tensor { Tensor.make("state") { ct_generator_state($0, handle) } }

  /// Continues from a saved state.
  ///
  /// - Parameter state: from ``state`` of a generator of the same kind of device.
  /// - Throws: ``TorchError`` if these bytes are no such state.
  public func restore(_ state: Tensor) throws(TorchError) {
    try check(ct_generator_set_state(handle, state.handle), "restoring a random state")
  }

  /// Standard normal numbers, `float32`.
  ///
  /// - Parameter shape: the sizes.
  /// - Returns: the numbers.
  public func normal(_ shape: [Int]) -> Tensor {
    Tensor.make("normal") { ct_tensor_randn($0, shape.int64, shape.count, handle, device.raw) }
  }

  /// Uniform numbers in `0 ..< 1`, `float32`.
  ///
  /// - Parameter shape: the sizes.
  /// - Returns: the numbers.
  public func uniform(_ shape: [Int]) -> Tensor {
    Tensor.make("uniform") { ct_tensor_rand($0, shape.int64, shape.count, handle, device.raw) }
  }

  /// One uniform number in `0 ..< 1`.
  ///
  /// - Returns: the number.
  public func uniform() -> Double { uniform([1]).item() }

  /// One uniform integer.
  ///
  /// - Parameter range: not empty.
  /// - Returns: an element of the range.
  public func integer(in range: Range<Int>) -> Int {
    precondition(!range.isEmpty, "a random integer from the empty range \(range)")
    return Int(
      Tensor.make("integer") {
        ct_tensor_randint(
          $0, Int64(range.lowerBound), Int64(range.upperBound), [1], 1, handle, device.raw)
      }.item())
  }

  /// The integers `0 ..< count` in random order.
  ///
  /// - Parameter count: how many.
  /// - Returns: the permutation.
  public func permutation(_ count: Int) -> [Int] {
    Tensor.make("permutation") { ct_tensor_randperm($0, Int64(count), handle, device.raw) }
      .array(of: Int64.self).map(Int.init)
  }
}
