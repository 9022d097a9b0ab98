import Classifiers
import Evaluation
import GANs
import Judging
public import StyleGAN2
public import Torch
import TorchNN

/// Times pictures: made by batch size, and made and judged as evaluation does.
public struct SamplingBenchmark {
  /// What was measured, in pictures per second.
  public struct Rates {
    /// The forward pass, by batch size.
    public var forwardBySize: [Spread]
    /// The batch size with the highest rate.
    public var bestBatch: Int
    /// The forward pass at that size, by round.
    public var forward: [Double]
    /// Pictures that each thread makes alone, by round.
    public var pictures: [Double]
    /// Pictures made and judged, by round.
    public var judged: [Double]
  }

  /// The sizes of the network.
  public var configuration: NetworkConfiguration
  /// Batch sizes of the forward pass; at least one.
  public var batchSizes: [Int]
  /// Pictures to make and judge in a round.
  public var samples: Int
  /// How many rounds count.
  public var rounds: Int
  private let seed: UInt64
  private let random: RandomGenerator

  /// A benchmark of a generator and a judge with random weights.
  ///
  /// - Parameters:
  ///   - configuration: the sizes of the network.
  ///   - batchSizes: of the forward pass; at least one.
  ///   - samples: pictures to make and judge in a round.
  ///   - rounds: how many rounds count.
  ///   - seed: where all random numbers start.
  ///   - device: where the networks live.
  public init(
    _ configuration: NetworkConfiguration, batchSizes: [Int], samples: Int, rounds: Int,
    seed: UInt64, device: Device
  ) {
    self.configuration = configuration
    self.batchSizes = batchSizes
    self.samples = samples
    self.rounds = rounds
    self.seed = seed
    random = RandomGenerator(seed: seed, device: device)
  }

  /// Measures.
  ///
  /// - Returns: the rates.
  /// - Throws: what judging throws.
  public func run() throws -> Rates {
    let generator = configuration.makeGenerator(pixelRange: .minusOneToOne, device: random.device)
    generator.initialise(using: random.split("generator"))
    generator.parameters.requiresGradient = false
    let network = LeNet5(device: random.device)
    network.parameters.initialise(using: random.split("judge"))
    let judge = Judge(network)
    let latents = LatentList(count: samples, seed: seed)
    let bySize = try rates(
      batchSizes.map { forward(generator, batch: $0, pictures: min(samples, 2048)) }
    ).map { Spread($0) }
    let best = bySize.indices.max { bySize[$0].median < bySize[$1].median } ?? 0
    // The best size is timed again, interleaved with its comparison: the best of several times is
    // biased, and the machine's speed differs between distant rounds.
    let compared = try rates([
      forward(generator, batch: batchSizes[best], pictures: samples),
      contender(generator, batch: picturesAtOnce, pictures: samples) {
        generator.pictures(ofLatents: $0, noise: $1)
      },
      {
        try Stopwatch.milliseconds {
          _ = try JudgedSample(
            of: SampleRun(of: generator, latents: latents), judge: judge, extractors: [])
        } / Double(samples)
      },
    ])
    return Rates(
      forwardBySize: bySize, bestBatch: batchSizes[best], forward: compared[0],
      pictures: compared[1], judged: compared[2])
  }

  /// Pictures per second of each contender, by round.
  private func rates(_ contenders: [() throws -> Double]) throws -> [[Double]] {
    try Stopwatch.inTurns(rounds, contenders).map { $0.map { 1000 / $0 } }
  }

  /// As many pictures as keep every thread of many cores busy: 512, or what memory holds.
  private var picturesAtOnce: Int {
    min(512, PictureBatching(size: configuration.size).held)
  }

  /// The forward pass of training, each operator by all threads.
  private func forward(_ generator: any GeneratorNetwork, batch: Int, pictures: Int) -> () -> Double
  {
    contender(generator, batch: batch, pictures: pictures) { z, noise in
      withoutGradients { generator(z, noise: noise) }
    }
  }

  /// A contender: milliseconds per picture, over `count` pictures and at least 4 batches.
  private func contender(
    _ generator: any GeneratorNetwork, batch: Int, pictures: Int,
    make: @escaping (Tensor, Noise) -> Tensor
  ) -> () -> Double {
    let random = random.split("latents")
    let configuration = generator.configuration
    let z = random.normal([batch, configuration.inputSize])
    let noise = configuration.noiseSizes.map { random.normal([batch, 1, $0, $0]) }
    let batches = max(4, pictures / batch)
    return {
      Stopwatch.milliseconds {
        for _ in 0..<batches { _ = make(z, .given(noise)) }
      } / Double(batches * batch)
    }
  }
}
