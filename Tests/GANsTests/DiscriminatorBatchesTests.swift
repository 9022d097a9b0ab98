import GANs
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

/// Logits of many pictures, with the memory of a few.
@Suite struct DiscriminatorBatchesTests {
  private let discriminator: CountingDiscriminator

  init() {
    let network = Discriminator(TinyNetworks.configuration())
    network.parameters.initialise(using: RandomGenerator(seed: 3))
    discriminator = CountingDiscriminator(network)
  }

  /// Pictures whose contrast grows, so that groups of neighbours would have other statistics.
  private func pictures(_ count: Int) -> Tensor {
    let noise = RandomGenerator(seed: 4).normal([count, 3, 8, 8])
    let contrast = Tensor((0..<count).map { 0.1 + Float($0) }, shape: [count, 1, 1, 1])
    return noise * contrast
  }

  @Test func `R03 pictures of a group stay together, and few pass at once`() {
    let pictures = pictures(40)
    let whole = withoutGradients { discriminator.network(pictures) }
    let parts = discriminator.logits(of: pictures, atOnce: 14)
    #expect(discriminator.counts == [12, 12, 12, 4])
    #expect(parts.shape == [40, 1])
    let scale = Double(whole.array(of: Float.self).map(abs).max() ?? 0)
    #expect(parts.largestDifference(from: whole) < 1e-5 * scale)
    // Neighbours are no groups: the comparison can fail.
    let neighbours = Tensor.concatenated(
      (0..<10).map { index in
        withoutGradients { discriminator.network(pictures.sliced(4 * index..<4 * index + 4)) }
      })
    #expect(neighbours.largestDifference(from: whole) > 1e-3 * scale)
  }

  @Test(arguments: [1, 2, 3, 4])
  func `R03 up to four pictures are one group`(count: Int) {
    let pictures = pictures(count)
    let whole = withoutGradients { discriminator.network(pictures) }
    #expect(discriminator.logits(of: pictures, atOnce: 1).hasSameBits(as: whole))
    #expect(discriminator.counts == [count])
  }
}

/// Writes down how many pictures pass at once.
private final class CountingDiscriminator: DiscriminatorNetwork {
  let network: Discriminator
  private(set) var counts: [Int] = []

  init(_ network: Discriminator) { self.network = network }

  var configuration: NetworkConfiguration { network.configuration }
  var parameters: ParameterVector { network.parameters }
  func copy() -> CountingDiscriminator { CountingDiscriminator(network.copy()) }

  func logitsAndDeviations(
    _ pictures: Tensor, batches: Int, precision: Precision
  ) -> (logits: Tensor, deviations: Tensor) {
    counts.append(pictures.shape[0])
    return network.logitsAndDeviations(pictures, batches: batches, precision: precision)
  }
}
