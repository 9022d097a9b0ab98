import Judging
import Torch

/// A classifier without parameters: what it looks at is how bright each of three channels is.
struct BrightnessClassifier: Classifier {
  let name = "Brightness"
  let preprocessing = Preprocessing(size: 2, channels: 3)
  let featureCount = 3
  let device = Device.cpu
  let labels: LabelSpace

  func features(_ pictures: Tensor) -> Tensor { pictures.mean([2, 3]) }

  /// Ten times the features, around one half.
  func logits(fromFeatures features: Tensor) -> Tensor { (features - 0.5) * 10 }

  /// Pictures of one colour each.
  static func pictures(_ colours: [[Float]]) -> Tensor {
    Tensor(colours.flatMap(\.self), shape: [colours.count, 3, 1, 1])
      .expanded([colours.count, 3, 2, 2])
  }
}
