public import Torch
import TorchNN

extension DiscriminatorNetwork {
  /// The logits of one batch of any length, computed a few pictures at a time.
  ///
  /// The numbers are those of ``callAsFunction(_:batches:precision:)`` up to rounding: pictures that
  /// share minibatch statistics stay together. Nothing is recorded for gradients.
  ///
  /// - Parameters:
  ///   - pictures: `[N, 3, size, size]` in the model's pixel range, on any device.
  ///   - most: the number of pictures that may pass at once; at least one group passes.
  ///   - precision: as in ``logitsAndDeviations(_:batches:precision:)``.
  /// - Returns: `[N, 1]`, `float32`, on the CPU.
  /// - Precondition: N is at most 4 or a multiple of 4.
  public func logits(
    of pictures: Tensor, atOnce most: Int, precision: Precision = .fp32
  ) -> Tensor {
    let count = pictures.shape[0]
    precondition(count <= 4 || count % 4 == 0, "\(count) pictures are no whole groups of 4")
    func logits(of pictures: Tensor) -> Tensor {
      withoutGradients { self(pictures.to(parameters.device), precision: precision).to(.cpu) }
    }
    guard count > max(4, most) else { return logits(of: pictures) }
    // Group g is every picture whose index is g modulo N / 4: one of each quarter.
    let (groups, atOnce) = (count / 4, max(1, most / 4))
    let result = Tensor.zeros([count, 1])
    for first in stride(from: 0, to: groups, by: atOnce) {
      let some = min(atOnce, groups - first)
      let places = (0..<4).map { $0 * groups + first..<$0 * groups + first + some }
      let part = logits(of: .concatenated(places.map { pictures.sliced($0) }))
      for (index, place) in places.enumerated() {
        result.sliced(place).copyInPlace(part.sliced(index * some..<(index + 1) * some))
      }
    }
    return result
  }
}
