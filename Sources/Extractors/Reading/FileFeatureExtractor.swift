public import Judging
public import Runs
public import Torch

/// A feature extractor with the file that its weights come from.
public struct FileFeatureExtractor: FeatureExtractor {
  /// The network.
  public let network: any FeatureExtractor
  /// The file of its weights.
  public let weights: WeightsFile

  /// The network's name.
  public var name: String { network.name }
  /// What the network does to pictures before it looks at them.
  public var preprocessing: Preprocessing { network.preprocessing }
  /// The length of a feature vector.
  public var featureCount: Int { network.featureCount }
  /// Where the network lives.
  public var device: Device { network.device }
  /// Name and weights.
  public var identity: String { "\(name), \(weights.provenance.sha256)" }
  /// Yes: the field's programs read pictures from files, and real ones come from there.
  public var looksAtFiles: Bool { true }

  /// The features of pictures.
  ///
  /// - Parameter pictures: `[N, C, S, S]`, as ``preprocessing`` leaves them.
  /// - Returns: `[N, featureCount]`.
  public func features(_ pictures: Tensor) -> Tensor { network.features(pictures) }
}

extension FileFeatureExtractor {
  /// What a Fréchet distance in these features is called: `fid` where network and weights are those that
  /// define it, `fd-` and the network elsewhere, such as `fd-efficientnet-lite0`.
  public var frechetName: String {
    weights.publicFile?.frechetName
      ?? "fd-" + name.lowercased().split(whereSeparator: { $0 == " " }).joined(separator: "-")
  }

  /// How features are made, in a few words that two numbers must share to be compared.
  public var method: String {
    let sides = "\(preprocessing.size)x\(preprocessing.width ?? preprocessing.size)"
    let scaling = preprocessing.isAntialiased ? "antialiased" : "not antialiased"
    return
      "features of \(name), \(weights.summary), pictures in 8 bits of \(sides), \(scaling)"
  }

  /// The extractor as a record holds it.
  public var json: JSON {
    [
      "name": .string(name), "frechet_name": .string(frechetName),
      "feature_count": JSON(featureCount), "preprocessing": preprocessing.recorded,
      "weights": weights.json,
    ]
  }
}

extension Preprocessing {
  /// The preprocessing as a record holds it, in the words of a judge's.
  var recorded: JSON {
    [
      "size": JSON(size), "width": JSON(width ?? size), "channels": JSON(channels),
      "resized_size": JSON(resizedSize), "antialias": JSON(isAntialiased),
      "range": JSON(range.rawValue), "mean": JSON(mean),
      "standard_deviation": JSON(standardDeviation),
    ]
  }
}
