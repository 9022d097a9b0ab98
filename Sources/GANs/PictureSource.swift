public import Datasets
public import Torch

/// A fixed set of pictures as the discriminator's real ones, in an endless stream.
public final class PictureSource: ImageSource {
  private let pictures: ([Int]) throws -> Tensor
  private let sampler: Sampler

  /// A stream of a data set's pictures.
  ///
  /// - Parameters:
  ///   - dataset: of the model's size.
  ///   - range: the model's pixel range.
  ///   - order: shuffled anew in every pass, or as they are.
  ///   - random: where shuffles come from.
  /// - Throws: `DatasetError` if the data set is empty.
  public init(
    _ dataset: Dataset, range: PixelRange, order: Sampler.Order = .shuffled,
    random: RandomGenerator
  ) throws {
    pictures = { try dataset.batch($0, range: range, channels: 3) }
    sampler = try Sampler(
      count: dataset.count, order: order, using: random.split("picture order"),
      path: dataset.provenance.path)
  }

  /// A stream of existing pictures, such as feedback.
  ///
  /// - Parameters:
  ///   - tensor: `[N, 3, size, size]` in the model's pixel range.
  ///   - stream: the positions of one pass, where some pictures appear more often than others; nil for
  ///     each once.
  ///   - order: shuffled anew in every pass, or as they are.
  ///   - random: where shuffles come from.
  /// - Throws: `DatasetError` if there are none.
  public init(
    _ tensor: Tensor, stream: [Int]? = nil, order: Sampler.Order, random: RandomGenerator
  ) throws {
    pictures = { positions in
      tensor.gathered(stream.map { stream in positions.map { stream[$0] } } ?? positions)
    }
    sampler = try Sampler(
      count: stream?.count ?? tensor.shape[0], order: order, using: random.split("picture order"))
  }

  /// The next pictures; a pass that ends within a batch is followed by the next.
  ///
  /// - Parameter count: how many.
  /// - Returns: `[count, 3, size, size]`.
  /// - Throws: `DatasetError` if a picture can no longer be read.
  public func next(_ count: Int) throws -> Tensor { try pictures(sampler.next(count)) }

  /// The position of the stream.
  public var state: StateDict {
    var result = StateDict()
    sampler.save(to: &result, prefix: "sampler")
    return result
  }

  /// Continues from a saved position.
  ///
  /// - Parameter state: from ``state``.
  /// - Throws: `DatasetError` if it is of another set of pictures.
  public func restore(_ state: StateDict) throws {
    try sampler.restore(from: state, prefix: "sampler")
  }
}
