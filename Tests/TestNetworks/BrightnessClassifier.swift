public import Judging
public import Torch

/// A classifier without parameters: what it looks at is how bright each of three channels is.
public struct BrightnessClassifier: Classifier {
  /// What records call it.
  public let name = "Brightness"
  /// Two by two pixels.
  public let preprocessing = Preprocessing(size: 2, channels: 3)
  /// Red, green and blue.
  public let featureCount = 3
  /// It has no parameters.
  public let device = Device.cpu
  /// What it calls red, green and blue.
  public let labels: LabelSpace

  /// A classifier of three classes or attributes.
  public init(labels: LabelSpace) { self.labels = labels }

  /// The mean of each channel.
  public func features(_ pictures: Tensor) -> Tensor { pictures.mean([2, 3]) }

  /// Ten times the features, around one half.
  public func logits(fromFeatures features: Tensor) -> Tensor { (features - 0.5) * 10 }

  /// Pictures of one colour each.
  public static func pictures(_ colours: [[Float]]) -> Tensor {
    Tensor(colours.flatMap(\.self), shape: [colours.count, 3, 1, 1])
      .expanded([colours.count, 3, 2, 2])
  }
}
