public import GANs
public import Torch

/// Normal noise as pictures: timing does not depend on what they show.
public final class NoisePictures: ImageSource {
  private let size: Int
  private let random: RandomGenerator

  /// An endless stream of noise.
  ///
  /// - Parameters:
  ///   - size: the side of the pictures in pixels.
  ///   - random: where they come from.
  public init(size: Int, random: RandomGenerator) {
    self.size = size
    self.random = random
  }

  /// The next pictures.
  ///
  /// - Parameter count: how many.
  /// - Returns: `[count, 3, size, size]`.
  public func next(_ count: Int) -> Tensor { random.normal([count, 3, size, size]) }
  /// None: nobody resumes a benchmark.
  public var state: StateDict { [:] }
  /// Does nothing.
  ///
  /// - Parameter state: not used.
  public func restore(_ state: StateDict) {}
}

extension GANModel {
  /// A model with random weights, for timing.
  ///
  /// - Parameters:
  ///   - configuration: its sizes.
  ///   - options: the optimisers' constants.
  ///   - random: where weights come from; the model lives on its device.
  public convenience init(
    forTiming configuration: any GANConfiguration, options: TrainingOptions,
    random: RandomGenerator
  ) {
    self.init(
      configuration, pixelRange: .minusOneToOne, options: options, device: random.device)
    initialise(using: random)
  }
}
