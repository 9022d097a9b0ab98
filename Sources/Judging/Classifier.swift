public import Torch

/// A network that turns pictures into vectors, in which distributions of pictures are compared.
public protocol FeatureExtractor {
  /// What the network is called in records and messages, such as `LeNet5`.
  var name: String { get }
  /// What the network does to pictures before it looks at them.
  var preprocessing: Preprocessing { get }
  /// The length of a feature vector.
  var featureCount: Int { get }
  /// Where the network lives.
  var device: Device { get }

  /// What tells the network apart from others of its name: its weights, as far as they are known.
  var identity: String { get }
  /// How features are made, in a few words that two numbers must share to be compared.
  var method: String { get }
  /// Whether pictures are rounded to 8 bits before the network looks at them, as if they came from files.
  var looksAtFiles: Bool { get }

  /// The features of pictures.
  ///
  /// - Parameter pictures: `[N, C, S, S]`, as ``preprocessing`` leaves them.
  /// - Returns: `[N, featureCount]`.
  func features(_ pictures: Tensor) -> Tensor
}

extension FeatureExtractor {
  /// The name: nothing else is known.
  public var identity: String { name }
  /// The name: nothing else is known.
  public var method: String { "features of \(name)" }
  /// No.
  public var looksAtFiles: Bool { false }

  /// The features of pictures of any size.
  ///
  /// - Parameters:
  ///   - pictures: `[N, 1 or 3, H, W]`.
  ///   - range: the range of their values.
  /// - Returns: `[N, featureCount]`, on the extractor's device.
  public func features(of pictures: Tensor, from range: PixelRange) -> Tensor {
    let seen = looksAtFiles ? range.picture(fromBytes: range.bytes(from: pictures)) : pictures
    // Prepared where they are: large pictures travel small.
    return features(preprocessing.prepared(seen, from: range).to(device))
  }
}

/// A network that tells classes or attributes apart, by scores that it computes from features.
///
/// It learns nothing while it judges: whoever trains one turns its gradients on for as long.
public protocol Classifier: FeatureExtractor {
  /// What it tells apart, in the order of its logits.
  var labels: LabelSpace { get }

  /// The scores of classes before the softmax, or of attributes before the sigmoid.
  ///
  /// - Parameter features: `[N, featureCount]`.
  /// - Returns: logits `[N, labels.names.count]`.
  func logits(fromFeatures features: Tensor) -> Tensor
}

extension Classifier {
  /// The scores of pictures, from picture to logit.
  ///
  /// - Parameter pictures: `[N, C, S, S]`, as ``FeatureExtractor/preprocessing`` leaves them.
  /// - Returns: logits `[N, labels.names.count]`.
  public func logits(_ pictures: Tensor) -> Tensor { logits(fromFeatures: features(pictures)) }
}
