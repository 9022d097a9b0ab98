import Evaluation
import GANs
import Records
import Torch
import TorchNN

/// The pictures of a generation, a few at a time.
struct GenerationBatches {
  typealias Batch = (w: Tensor, pictures: Tensor)

  private let generator: any GeneratorNetwork
  private let latents: LatentSource
  private let noise: GenerationExperiment.NoiseSource
  private let truncation: Truncation?
  private let filter: LatentFilter?
  private let precision: Precision
  private let context: ExperimentContext

  init(
    _ generator: any GeneratorNetwork, latents: LatentSource,
    noise: GenerationExperiment.NoiseSource, truncation: Truncation?,
    filter: LatentFilter? = nil, precision: Precision, context: ExperimentContext
  ) {
    self.generator = generator
    self.latents = latents
    self.noise = noise
    self.truncation = truncation
    self.filter = filter
    self.precision = precision
    self.context = context
  }

  /// Calls `body` for each batch in order, and shows progress where there are several.
  func forEach(_ body: (Range<Int>, Batch) throws -> Void) throws {
    let count = latents.count
    let size = PictureBatching(size: generator.configuration.size).drawnWithNoise
    let filtered = filter.map { filter in
      FilteredPictures(filter, range: generator.pixelRange, atOnce: size, draw: drawer())
    }
    let next = maker(filtered)
    func all(_ progress: (Int) throws -> Void) throws {
      for start in stride(from: 0, to: count, by: size) {
        let range = start..<min(start + size, count)
        try body(range, try next(range) { try progress(start) })
        try progress(range.upperBound)
      }
    }
    if count > size || filter != nil {
      try context.during(RunTask(.makingPictures, label: "pictures", total: count), all)
    } else {
      try all { _ in }
    }
    if let filtered {
      context.observer.noted(
        "the filter let \(filtered.passed) of \(filtered.drawn) pictures through; the generator itself is "
          + "as it was")
    }
  }

  /// What makes one batch after another.
  private func maker(
    _ filtered: FilteredPictures?
  ) -> (Range<Int>, () throws -> Void) throws -> Batch {
    switch latents {
    case .seeds(let seeds):
      return { range, _ in each(seeds[range]) }
    case .file(let file):
      guard let z = file.z else {
        let make = styleMaker(file)
        return { range, _ in make(range) }
      }
      let maker = pictureMaker(context.seed)
      return { range, _ in
        maker.make(z.sliced(range), mix: file.mix.map { ($0.z.sliced(range), $0.inject) })
      }
    case .drawn:
      if let filtered { return { try filtered.next($0.count, $1) } }
      let draw = drawer()
      return { range, _ in draw(range.count) }
    }
  }

  /// What makes pictures of further latents of the experiment's seed.
  private func drawer() -> (Int) -> Batch {
    let (maker, random) = (pictureMaker(context.seed), LatentSource.random(context.seed))
    return { maker.make(random.normal([$0, inputSize])) }
  }

  /// What makes pictures of a file's styles, with its noise maps unless fresh noise is wanted.
  private func styleMaker(_ file: LatentFile) -> (Range<Int>) -> Batch {
    guard let styles = file.styles else { preconditionFailure("latents without z and w") }
    let device = generator.parameters.device
    let random = noiseRandom(context.seed)
    return { range in
      let given = styles.sliced(range).to(device)
      let w = truncation.map { $0(given) } ?? given
      let maps = file.noise.map { maps in
        Noise.given(
          maps.map { ($0.shape[0] == 1 ? $0 : $0.sliced(range)).to(device) })
      }
      let pictures = generator.pictures(
        w, noise: noise == .random ? .random(random) : maps ?? .fixed, precision: precision)
      return (w.to(.cpu), pictures.to(.cpu))
    }
  }

  /// One picture per seed, each by itself: what is made beside it shall not change its last bits.
  private func each(_ seeds: ArraySlice<UInt64>) -> Batch {
    let seeds = Array(seeds)
    // A network and a mean are only read.
    nonisolated(unsafe) let batches = self
    @Sendable func one(_ index: Int) -> Batch {
      let random = LatentSource.random(seeds[index])
      return batches.pictureMaker(seeds[index]).make(random.normal([1, batches.inputSize]))
    }
    let made =
      generator.parameters.device == .cpu
      ? Torch.concurrently(seeds.count, one) : seeds.indices.map(one)
    return (.concatenated(made.map(\.w)), .concatenated(made.map(\.pictures)))
  }

  private var inputSize: Int { generator.configuration.inputSize }

  private func noiseRandom(_ seed: UInt64) -> RandomGenerator {
    RandomGenerator(seed: seed, device: context.device).split("generate: noise")
  }

  private func pictureMaker(_ seed: UInt64) -> PictureMaker {
    PictureMaker(
      generator, noise: noise == .random ? .random(noiseRandom(seed)) : .fixed,
      truncation: truncation,
      precision: precision)
  }
}
