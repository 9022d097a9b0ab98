import GANs
import Torch

/// Normal noise as pictures: timing does not care what they show.
final class NoisePictures: ImageSource {
  private let size: Int
  private let random: RandomGenerator

  init(size: Int, random: RandomGenerator) {
    self.size = size
    self.random = random
  }

  func next(_ count: Int) -> Tensor { random.normal([count, 3, size, size]) }
  var state: StateDict { [:] }
  func restore(_ state: StateDict) {}
}

extension GANModel {
  /// A model with random weights, for timing.
  convenience init(
    forTiming configuration: any GANConfiguration, options: TrainingOptions,
    compute: ComputeOptions
  ) {
    self.init(
      configuration, pixelRange: .minusOneToOne, options: options, device: compute.device)
    initialise(using: compute.random)
  }
}
