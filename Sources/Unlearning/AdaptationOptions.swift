public import Datasets
public import GANs

/// The constants of stage one: adapting generators to the negatives.
public struct AdaptationOptions: Sendable, Equatable, Codable {
  /// K, how many generators are adapted, each with negatives of its own.
  public var modelCount = 2
  /// Iterations per model.
  ///
  /// After 100 to 150 iterations of 16 pictures, nine of ten pictures are negatives; further
  /// iterations only move θ_N further (measured on a MNIST generator, Docs/Method.md).
  public var iterations = 150
  /// Negatives collected for each model.
  public var negativeCount = 300
  /// Pictures looked at to find them, at most, in multiples of the number wanted.
  public var lookFactor = 200
  /// Pictures that the Fisher information is estimated from.
  public var fisherSamples = 32
  /// λ of elastic weight consolidation.
  public var ewcStrength = 5e8
  /// The generator that adaptation starts from.
  public var start = GANModel.Start.average
  /// The order in which negatives are shown.
  public var order = Sampler.Order.shuffled
  /// The constants of training.
  public var training = TrainingOptions()

  /// The defaults.
  public init() {
    // 20 iterations of 16: the average of a short run must not lag behind it.
    training.emaHalfLifeKimg = 0.32
  }

  /// The reference's constants for MNIST: 2,000 iterations, `0.5^(32/10000)` for the average.
  public static var reference: AdaptationOptions {
    var options = AdaptationOptions()
    options.modelCount = 5
    options.iterations = 2000
    // The reference keeps the negatives of 200 pictures, about 20.
    options.negativeCount = 20
    options.order = .sequential
    options.training = TrainingOptions()
    return options
  }

  /// Throws unless adaptation can run with these.
  ///
  /// - Throws: ``UnlearningError/outOfRange(field:value:expected:)`` or `ConfigurationError`, naming the
  ///   field as records do.
  public func validate() throws {
    for (field, value) in [
      ("model_count", modelCount), ("iterations", iterations), ("negative_count", negativeCount),
      ("fisher_samples", fisherSamples),
    ] where value < 1 {
      throw UnlearningError.outOfRange(field: field, value: "\(value)", expected: "at least 1")
    }
    for (field, value) in [("negative_count", negativeCount), ("fisher_samples", fisherSamples)]
    where value > 1_000_000 {
      throw UnlearningError.outOfRange(
        field: field, value: "\(value)", expected: "at most 1000000")
    }
    guard fisherSamples <= 4 || fisherSamples % 4 == 0 else {
      throw UnlearningError.outOfRange(
        field: "fisher_samples", value: "\(fisherSamples)", expected: "1 to 4 or a multiple of 4")
    }
    guard ewcStrength >= 0, ewcStrength.isFinite else {
      throw UnlearningError.outOfRange(
        field: "ewc_strength", value: "\(ewcStrength)", expected: "0 (off) or above")
    }
    try OptionField.inside("training") { try training.validate() }
  }
}
