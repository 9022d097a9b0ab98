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

  /// The features of pictures.
  ///
  /// - Parameter pictures: `[N, C, S, S]`, as ``preprocessing`` leaves them.
  /// - Returns: `[N, featureCount]`.
  func features(_ pictures: Tensor) -> Tensor
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
