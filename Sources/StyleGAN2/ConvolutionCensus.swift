public import GANs

/// The convolutions of a training iteration and their counts: the work that even an ideal
/// implementation must do.
///
/// It follows from the mathematics of the losses, not from the code of the networks:
///
/// ```swift
/// let census = ConvolutionCensus(NetworkConfiguration(size: 32, channelCap: 64), TrainingOptions())
/// census.operationsPerIteration / 1e9  // GFLOP
/// ```
public struct ConvolutionCensus: Sendable {
  /// What is computed from what.
  public enum Pass: String, Sendable, CaseIterable {
    /// The output.
    case forward
    /// The derivative by the input.
    case inputGradient
    /// The derivative by the weight.
    case weightGradient
  }

  /// One pass of one convolution in one phase.
  public struct Entry: Sendable, Hashable {
    /// The part of the iteration.
    public var phase: GANTrainer.Phase
    /// The convolution.
    public var layer: ConvolutionLayer
    /// What is computed.
    public var pass: Pass
    /// Pictures in the batch.
    public var pictures: Int
    /// How often, whenever the phase runs.
    public var count: Int

    /// Floating-point operations, whenever the phase runs.
    public var operations: Int { layer.operations * pictures * count }
  }

  /// All passes, phase by phase, forward passes first.
  public let entries: [Entry]
  private let options: TrainingOptions

  /// The census of a GAN in training.
  ///
  /// - Parameters:
  ///   - configuration: valid sizes.
  ///   - options: batch sizes and intervals.
  public init(_ configuration: NetworkConfiguration, _ options: TrainingOptions) {
    self.options = options
    let generator = configuration.generatorConvolutions
    let discriminator = configuration.discriminatorConvolutions
    entries = GANTrainer.Phase.allCases.flatMap { phase in
      Self.batches(options)[phase].map { pictures in
        (generator + discriminator).flatMap { layer in
          Self.entries(of: layer, in: phase, pictures: pictures)
        }
      } ?? []
    }
  }

  private static func batches(_ options: TrainingOptions) -> [GANTrainer.Phase: Int] {
    [
      .discriminator: options.batchSize, .r1: options.batchSize, .generator: options.batchSize,
      .pathLength: options.pathLengthBatchSize,
    ].filter { options.runsPerIteration($0.key) > 0 }
  }

  private static func entries(
    of layer: ConvolutionLayer, in phase: GANTrainer.Phase, pictures: Int
  ) -> [Entry] {
    let counts = counts(of: layer, in: phase)
    // The discriminator sees the real pictures and as many generated ones.
    let isDouble = phase == .discriminator && layer.network == .discriminator
    return zip(Pass.allCases, [counts.forward, counts.inputGradient, counts.weightGradient])
      .filter { $0.1 > 0 }
      .map {
        Entry(
          phase: phase, layer: layer, pass: $0.0, pictures: isDouble ? 2 * pictures : pictures,
          count: $0.1)
      }
  }

  private typealias Counts = (forward: Int, inputGradient: Int, weightGradient: Int)

  private static func counts(of layer: ConvolutionLayer, in phase: GANTrainer.Phase) -> Counts {
    switch (phase, layer.network) {
    case (.discriminator, .generator):
      // Without a graph: the generator is not trained here.
      (1, 0, 0)
    case (.discriminator, .discriminator):
      // The first layer needs no derivative by its input, the pictures.
      (1, layer.readsPictures ? 0 : 1, 1)
    case (.generator, .generator): (1, 1, 1)
    case (.generator, .discriminator):
      // Down to the pictures, past weights that are not trained here.
      (1, 1, 0)
    case (.r1, .discriminator):
      // Forward; the derivative by the input, dx = Wᵀ dy. The derivative of that takes one more
      // convolution (by dy) and one more weight gradient (by W). The activations are piecewise
      // linear; only the standard deviation is not, and sends a derivative back through the layers
      // before it.
      layer.followsDeviation ? (2, 1, 1) : (2, 2, 2)
    case (.pathLength, .generator):
      // As R1, by the styles. They enter at every layer, so every layer's activations have a
      // derivative; but those of a ToRGB layer are linear to the end, and its dy is the noise.
      layer.makesPictures ? (1, 1, 1) : (2, 2, 2)
    default: (0, 0, 0)
    }
  }

  /// Floating-point operations of one run of a phase.
  ///
  /// - Parameter phase: the part of the iteration.
  /// - Returns: the operations of its convolutions.
  public func operations(in phase: GANTrainer.Phase) -> Int {
    entries.reduce(0) { $0 + ($1.phase == phase ? $1.operations : 0) }
  }

  /// Floating-point operations of an iteration, the lazy phases spread over their intervals.
  public var operationsPerIteration: Double {
    entries.reduce(0) {
      $0 + Double($1.operations) * options.runsPerIteration($1.phase)
    }
  }
}

extension ConvolutionLayer {
  /// Whether it is the discriminator's first.
  fileprivate var readsPictures: Bool { network == .discriminator && name == "convs.0" }
  /// Whether it is the discriminator's last, behind the minibatch standard deviation.
  fileprivate var followsDeviation: Bool { network == .discriminator && name == "final_conv" }
  /// Whether it is a ToRGB layer.
  fileprivate var makesPictures: Bool { network == .generator && name.hasPrefix("to_rgb") }
}
