public import GANs
public import Torch
import TorchNN

extension LatentList {
  /// The pictures of a few latents, as every measurement on the list sees them.
  ///
  /// - Parameters:
  ///   - indices: in ascending order, at least one.
  ///   - generator: makes the pictures.
  /// - Returns: `[indices.count, 3, size, size]`.
  /// - Precondition: the indices are of the list, and in order.
  public func pictures(at indices: [Int], of generator: any GeneratorNetwork) -> Tensor {
    precondition(
      zip(indices, indices.dropFirst()).allSatisfy(<) && indices.allSatisfy((0..<count).contains),
      "latents \(indices) of \(count)")
    var batches: [(index: Int, places: [Int])] = []
    for index in indices {
      let (batch, place) = (index / Self.batchSize, index % Self.batchSize)
      if batches.last?.index == batch {
        batches[batches.count - 1].places.append(place)
      } else {
        batches.append((batch, [place]))
      }
    }
    return .concatenated(
      batches.map { batch in
        let (z, noise) = self.batch(
          batch.index, for: generator.configuration, device: generator.parameters.device)
        return generator.pictures(
          ofLatents: z.gathered(batch.places),
          noise: .given(noise.map { $0.gathered(batch.places) }))
      })
  }
}
