import Evaluation
public import Experiments
public import GANs
public import Torch
public import Unlearning

/// Everything that a recipe says, with its defaults, by the names that records use.
public struct RecipeOptions: Codable, Equatable, Sendable {
  /// The GAN; a recipe without one is refused.
  public var gan: RecipeGAN?
  /// The judges: the first one measures, all are asked in feedback; a recipe without one is refused.
  public var judge: OneOrMore<String>?
  /// What shall be forgotten; a recipe without it is refused.
  public var forget: OneOrMore<String>?
  /// The range of the GAN's pictures; nil takes what the file records, else -1..1.
  public var pixelRange: PixelRange?
  /// A run for each.
  public var seeds: OneOrMore<UInt64>
  /// Whose constants the others start from.
  public var preset: MethodPreset
  /// How the GAN forgets.
  public var method: MethodName
  /// Of both stages' convolutions; nil leaves it to each stage.
  public var precision: Precision?
  /// The constants of stage one; nil for a method that needs no adapted models.
  public var adaptation: AdaptationOptions?
  /// The constants of stage two.
  public var unlearning: UnlearningOptions
  /// How results are measured.
  public var evaluation: Evaluation
  /// How often snapshots are written.
  public var snapshots: Snapshots
  /// The folder of all runs.
  public var output: String

  /// How results are measured.
  public struct Evaluation: Codable, Equatable, Sendable {
    /// Latents that both generators are judged on.
    public var samples = LatentList.defaultCount
    /// Labelled real data, for distances to it without the class; or none.
    public var data: String?
    /// A judge that had no part in training and measures as well; or none.
    public var secondJudge: String?
  }

  /// How often snapshots are written, and how many stay.
  public struct Snapshots: Codable, Equatable, Sendable {
    /// Iterations from one to the next.
    public var every = 500
    /// The last ones stay.
    public var keep = 2

    /// The policy of experiments.
    public var policy: SnapshotPolicy { SnapshotPolicy(every: every, keep: keep) }
  }

  /// What a recipe starts from: nothing of its own, and the constants of a preset and a method.
  init(_ method: MethodOptions, output: String) {
    (preset, self.method) = (method.preset, method.method)
    (adaptation, unlearning) = (method.adaptation, method.unlearning)
    self.output = output
    seeds = OneOrMore([0])
    evaluation = Evaluation()
    snapshots = Snapshots()
  }

  /// The constants of both stages.
  var stages: MethodOptions {
    get {
      var result = MethodOptions(preset: preset, method: method)
      result.precision = precision
      (result.adaptation, result.unlearning) = (adaptation, unlearning)
      return result
    }
    set { (adaptation, unlearning) = (newValue.adaptation, newValue.unlearning) }
  }

  /// A recipe in which every part is on: what a part holds where the defaults have turned it off.
  static var usual: RecipeOptions {
    var options = RecipeOptions(MethodOptions(), output: "")
    options.gan = .random(RecipeGAN.Sizes())
    options.adaptation?.training.augmentation = AugmentationOptions()
    options.unlearning.training.augmentation = AugmentationOptions()
    return options
  }
}

/// The GAN of a recipe: a file, or the sizes of one for an estimate without a file.
public enum RecipeGAN: Codable, Equatable, Sendable {
  /// A file or a run folder.
  case file(String)
  /// Networks of these sizes with random weights.
  case random(Sizes)

  /// The sizes of networks.
  public struct Sizes: Codable, Equatable, Sendable {
    /// The family of the networks, by its name.
    public var architecture = [any Architecture].trainable[0].optionName
    /// The side of the pictures in pixels.
    public var size = 256
    /// The length of z and w.
    public var latent = 512
    /// The layers of the mapping network.
    public var mappingDepth = 8
    /// The factor of the feature maps at 64x64 and above.
    public var channelMultiplier = 2
    /// The most feature maps of any layer.
    public var channelCap = 512

    /// The networks; nil if there is no family of that name.
    public var configuration: (any GANConfiguration)? {
      [any Architecture].trainable.named(architecture)?.configuration(
        of: NetworkSizes(
          size: size, latentSize: latent, mappingDepth: mappingDepth,
          channelMultiplier: channelMultiplier, channelCap: channelCap))
    }
  }

  /// Reads a path, or sizes.
  ///
  /// - Parameter decoder: the decoder.
  /// - Throws: what decoding throws.
  public init(from decoder: any Decoder) throws {
    if (try? decoder.container(keyedBy: NoName.self)) != nil {
      self = .random(try Sizes(from: decoder))
    } else {
      self = .file(try decoder.singleValueContainer().decode(String.self))
    }
  }

  /// Writes a path, or sizes.
  ///
  /// - Parameter encoder: the encoder.
  /// - Throws: what encoding throws.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .file(let path):
      var container = encoder.singleValueContainer()
      try container.encode(path)
    case .random(let sizes): try sizes.encode(to: encoder)
    }
  }
}

/// One value, or a list of them.
public struct OneOrMore<Element: Codable & Equatable & Sendable>: Codable, Equatable, Sendable {
  /// The values, in order.
  public var elements: [Element]

  /// Some values.
  ///
  /// - Parameter elements: in order.
  public init(_ elements: [Element]) { self.elements = elements }

  /// Reads a list, or one value.
  ///
  /// - Parameter decoder: the decoder.
  /// - Throws: what decoding throws.
  public init(from decoder: any Decoder) throws {
    guard var list = try? decoder.unkeyedContainer() else {
      elements = [try decoder.singleValueContainer().decode(Element.self)]
      return
    }
    elements = []
    while !list.isAtEnd { elements.append(try list.decode(Element.self)) }
  }

  /// Writes one value as itself, several as a list.
  ///
  /// - Parameter encoder: the encoder.
  /// - Throws: what encoding throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if elements.count == 1 {
      try container.encode(elements[0])
    } else {
      try container.encode(elements)
    }
  }
}

/// Asks whether there are names at all, and for none of them.
private enum NoName: CodingKey {}
