import StyleGAN2
import Torch

/// A fixed set of pictures as the discriminator's real ones, in an endless stream.
public final class PictureSource: ImageSource {
  /// The order in which pictures come.
  public enum Order: String, Sendable, Codable {
    /// Shuffled anew in every pass: what the paper's mathematics means by an expectation.
    case shuffled
    /// As they are, again and again: what the reference code does.
    case sequential
  }

  private let pictures: Tensor
  private let order: Order
  private let random: RandomGenerator
  private var permutation: [Int]
  private var position = 0

  /// A stream of pictures.
  ///
  /// - Parameters:
  ///   - pictures: `[N, 3, size, size]`, not empty.
  ///   - order: the order in which they come.
  ///   - random: where shuffles come from.
  public init(_ pictures: Tensor, order: Order, random: RandomGenerator) {
    precondition(pictures.shape[0] > 0, "a source of no pictures")
    self.pictures = pictures
    self.order = order
    self.random = random.split("picture order")
    permutation = Array(0..<pictures.shape[0])
    shuffle()
  }

  private func shuffle() {
    if order == .shuffled { permutation = random.permutation(permutation.count) }
  }

  /// The next pictures; a pass that ends within a batch is followed by the next.
  ///
  /// - Parameter count: how many.
  /// - Returns: `[count, 3, size, size]`.
  public func next(_ count: Int) -> Tensor {
    var indices: [Int] = []
    while indices.count < count {
      if position == permutation.count {
        position = 0
        shuffle()
      }
      let end = min(position + count - indices.count, permutation.count)
      indices += permutation[position..<end]
      position = end
    }
    return pictures.gathered(indices)
  }

  /// Where the stream stands.
  public var state: StateDict {
    [
      "permutation": Tensor(permutation.map(Int64.init)), "position": Tensor([Int64(position)]),
      "random": random.state,
    ]
  }

  /// Goes on from a place read before.
  ///
  /// - Parameter state: from ``state``.
  /// - Throws: ``UnlearningError/notResumable(missing:)`` if it is of another set of pictures.
  public func restore(_ state: StateDict) throws {
    guard let permutation = state["permutation"], let position = state["position"],
      let random = state["random"], permutation.elementCount == self.permutation.count
    else {
      throw UnlearningError.notResumable(missing: "order of the same number of pictures")
    }
    try self.random.restore(random)
    self.permutation = permutation.array(of: Int64.self).map(Int.init)
    self.position = Int(position.item())
  }
}
