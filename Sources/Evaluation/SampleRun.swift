public import Datasets
public import GANs
public import Torch
import TorchNN

/// The pictures of a generator or a data set, each made once and shown to every observer.
public struct SampleRun {
  /// What the pictures are of, for messages.
  public let source: String
  /// How many pictures there are.
  public let count: Int
  private let batchCount: Int
  /// Shows a group, given by the index of its first batch, and returns how many batches it has.
  private let showGroup: (_ first: Int, _ show: (Tensor, PixelRange) throws -> Void) throws -> Int

  /// Shows all pictures to all observers, in order.
  ///
  /// - Parameters:
  ///   - observers: who looks.
  ///   - progress: called with the number shown so far; may throw to stop.
  /// - Throws: ``EvaluationError/notFinite(of:)`` if a picture is not made of numbers; `DatasetError`
  ///   if a data set's picture can no longer be read; what `progress` throws.
  public func show(
    to observers: [any PictureObserver], progress: (Int) throws -> Void = { _ in }
  ) throws {
    var (first, shown) = (0, 0)
    while first < batchCount {
      first += try showGroup(first) { pictures, range in
        guard pictures.isFinite().to(.uint8).min().item() == 1 else {
          throw EvaluationError.notFinite(of: "the pictures of \(source)")
        }
        for observer in observers { observer.observe(pictures, in: range) }
        shown += pictures.shape[0]
        try progress(shown)
      }
      for observer in observers { observer.endGroup() }
    }
  }
}

extension SampleRun {
  /// The pictures of a generator.
  ///
  /// - Parameters:
  ///   - generator: makes the pictures.
  ///   - latents: what they are made of.
  ///   - batches: which of the list's; all of them unless given.
  ///   - source: what to call them in an error.
  ///   - precision: of the generator's convolutions.
  public init(
    of generator: any GeneratorNetwork, latents: LatentList, batches: Range<Int>? = nil,
    source: String = "the generator", precision: Precision = .fp32
  ) {
    let range = batches ?? 0..<latents.batchCount
    let (configuration, device) = (generator.configuration, generator.parameters.device)
    let batching = PictureBatching(size: configuration.size)
    let (together, atOnce) = (batching.groupedBatches, batching.held)
    self.source = source
    count =
      min(range.upperBound * LatentList.batchSize, latents.count)
      - range.lowerBound * LatentList.batchSize
    batchCount = range.count
    showGroup = { first, show in
      let batches = Torch.concurrently(min(together, range.count - first)) {
        latents.batch(range.lowerBound + first + $0, for: configuration, device: device)
      }
      let z = Tensor.concatenated(batches.map(\.z))
      let noise = configuration.noiseSizes.indices.map { index in
        Tensor.concatenated(batches.map { $0.noise[index] })
      }
      for start in stride(from: 0, to: z.shape[0], by: atOnce) {
        let range = start..<min(start + atOnce, z.shape[0])
        try show(
          generator.pictures(
            ofLatents: z.sliced(range), noise: .given(noise.map { $0.sliced(range) }),
            precision: precision), generator.pixelRange)
      }
      return batches.count
    }
  }

  /// The pictures of a data set, of any size.
  ///
  /// - Parameter dataset: whose pictures they are.
  public init(of dataset: Dataset) {
    let size = 256
    source = dataset.provenance.path
    count = dataset.count
    batchCount = (dataset.count + size - 1) / size
    showGroup = { index, show in
      let indices = Array(index * size..<min((index + 1) * size, dataset.count))
      try show(try dataset.batch(indices, range: .zeroToOne), .zeroToOne)
      return 1
    }
  }
}
