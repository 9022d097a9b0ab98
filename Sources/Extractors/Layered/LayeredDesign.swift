/// What a network of one convolution after another looks like, under torchvision's names (`features.0` and on).
public struct LayeredDesign: Sendable {
  /// One stage of the network; channels are those of the public width.
  enum Stage: Sendable {
    /// A convolution and ReLU, two numbers in torchvision's sequence.
    case convolution(kernel: Int, stride: Int, padding: Int, output: Int)
    /// The largest of each square; squares may reach beyond the border where the number of steps is rounded
    /// up.
    case pooling(size: Int, roundsUp: Bool)
    /// A convolution to few channels, whose output passes one of 1x1 and one of 3x3, each with ReLU
    /// (SqueezeNet, arXiv 1602.07360).
    case fire(squeeze: Int, expansion: Int)
  }

  /// The two fully connected layers, with ReLU, between convolutions and scores.
  struct Classifier: Sendable {
    /// Their numbers in torchvision's `classifier`.
    let indices: [Int]
    /// The side of what the convolutions leave of a picture of 224x224.
    let side: Int
  }

  /// The field's name, such as `VGG16`.
  public let name: String
  /// The public files, torchvision's.
  let publicFiles: [PublicWeights]
  let stages: [Stage]
  /// The stages whose outputs LPIPS compares.
  let tapped: Set<Int>
  /// What follows the convolutions; nil where features are their means.
  let classifier: Classifier?
  /// The number of the layer of scores in `classifier`, which nothing here uses.
  let scoreIndex: Int

  /// Channels of the first convolution in the public files; all others are proportional.
  public static let publicWidth = 64
}

extension LayeredDesign {
  /// VGG16 (Simonyan and Zisserman, arXiv 1409.1556, configuration D).
  public static let vgg16: LayeredDesign = {
    var (stages, tapped): ([Stage], Set<Int>) = ([], [])
    for (count, channels) in [(2, 64), (2, 128), (3, 256), (3, 512), (3, 512)] {
      for _ in 0..<count {
        stages.append(.convolution(kernel: 3, stride: 1, padding: 1, output: channels))
      }
      tapped.insert(stages.count - 1)
      stages.append(.pooling(size: 2, roundsUp: false))
    }
    return LayeredDesign(
      name: "VGG16", publicFiles: [PublicWeights("vgg16-397923af.pth")], stages: stages,
      tapped: tapped, classifier: Classifier(indices: [0, 3], side: 7), scoreIndex: 6)
  }()

  /// AlexNet in one column (Krizhevsky, arXiv 1404.5997), with torchvision's channels.
  public static let alexNet = LayeredDesign(
    name: "AlexNet",
    publicFiles: [
      PublicWeights("alexnet-owt-7be5be79.pth"), PublicWeights("alexnet-owt-4df8aa71.pth"),
    ],
    stages: [
      .convolution(kernel: 11, stride: 4, padding: 2, output: 64),
      .pooling(size: 3, roundsUp: false),
      .convolution(kernel: 5, stride: 1, padding: 2, output: 192),
      .pooling(size: 3, roundsUp: false),
      .convolution(kernel: 3, stride: 1, padding: 1, output: 384),
      .convolution(kernel: 3, stride: 1, padding: 1, output: 256),
      .convolution(kernel: 3, stride: 1, padding: 1, output: 256),
      .pooling(size: 3, roundsUp: false),
    ], tapped: [0, 2, 4, 5, 6], classifier: Classifier(indices: [1, 4], side: 6), scoreIndex: 6)

  /// SqueezeNet 1.1 (Iandola et al., arXiv 1602.07360, and its authors' second version).
  public static let squeezeNet = LayeredDesign(
    name: "SqueezeNet 1.1",
    publicFiles: [
      PublicWeights("squeezenet1_1-b8a52dc0.pth"), PublicWeights("squeezenet1_1-f364aa15.pth"),
    ],
    stages: [
      .convolution(kernel: 3, stride: 2, padding: 0, output: 64),
      .pooling(size: 3, roundsUp: true),
      .fire(squeeze: 16, expansion: 64), .fire(squeeze: 16, expansion: 64),
      .pooling(size: 3, roundsUp: true),
      .fire(squeeze: 32, expansion: 128), .fire(squeeze: 32, expansion: 128),
      .pooling(size: 3, roundsUp: true),
      .fire(squeeze: 48, expansion: 192), .fire(squeeze: 48, expansion: 192),
      .fire(squeeze: 64, expansion: 256), .fire(squeeze: 64, expansion: 256),
    ], tapped: [0, 3, 6, 8, 9, 10, 11], classifier: nil, scoreIndex: 1)
}
