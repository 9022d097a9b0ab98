import Torch

/// The sizes of a residual network, by the tensors of its file.
public struct ResNetConfiguration: Sendable, Equatable {
  /// Blocks of each of the four stages.
  public var blockCounts: [Int]
  /// Whether a block is 1x1, 3x3, 1x1 (ResNet-50 and deeper), or twice 3x3.
  public var hasBottlenecks: Bool
  /// Channels of the 3x3 convolutions of the first stage, over all groups; each stage doubles them.
  public var width: Int
  /// Groups of the 3x3 convolutions: 1, or 32 in ResNeXt-50 32x4d.
  public var groups: Int
  /// Channels after the first convolution, 64; each stage doubles the number that leaves its blocks.
  public var channels: Int

  /// Sizes.
  ///
  /// - Parameters:
  ///   - blockCounts: blocks of each stage.
  ///   - hasBottlenecks: whether a block has three convolutions.
  ///   - width: channels of the first stage's 3x3 convolutions.
  ///   - groups: of the 3x3 convolutions.
  ///   - channels: after the first convolution.
  public init(
    blockCounts: [Int], hasBottlenecks: Bool, width: Int = 64, groups: Int = 1, channels: Int = 64
  ) {
    self.blockCounts = blockCounts
    self.hasBottlenecks = hasBottlenecks
    self.width = width
    self.groups = groups
    self.channels = channels
  }

  /// ResNet-18 (He et al., arXiv 1512.03385).
  public static let resNet18 = ResNetConfiguration(
    blockCounts: [2, 2, 2, 2], hasBottlenecks: false)
  /// ResNet-50.
  public static let resNet50 = ResNetConfiguration(
    blockCounts: [3, 4, 6, 3], hasBottlenecks: true)
  /// ResNeXt-50 32x4d (Xie et al., arXiv 1611.05431).
  public static let resNeXt50 = ResNetConfiguration(
    blockCounts: [3, 4, 6, 3], hasBottlenecks: true, width: 128, groups: 32)

  /// What leaves the last stage: the features.
  public var featureCount: Int { 8 * channels * (hasBottlenecks ? 4 : 1) }

  /// The field's name of these sizes, such as `ResNeXt50 32x4d`.
  public var name: String {
    let convolutions = hasBottlenecks ? 3 : 2
    let depth = convolutions * blockCounts.reduce(0, +) + 2
    return groups == 1 ? "ResNet\(depth)" : "ResNeXt\(depth) \(groups)x\(width / groups)d"
  }
}

extension ResNetConfiguration {
  /// Whether tensors hold the body of a residual network, at the top.
  static func isBody(_ tensors: StateDict) -> Bool {
    tensors["conv1.weight"]?.rank == 4 && tensors["bn1.running_mean"] != nil
      && (1...4).allSatisfy { tensors["layer\($0).0.conv1.weight"]?.rank == 4 }
  }

  /// The sizes of a file's network.
  ///
  /// - Parameters:
  ///   - contents: what ``isBody(_:)`` was asked about.
  ///   - expectation: what the file should hold.
  /// - Throws: ``ClassifierError/notAClassifier(file:reason:expected:)`` if the tensors contradict one
  ///   another.
  init(of contents: ClassifierContents, expected expectation: String) throws(ClassifierError) {
    let tensors = contents.tensors
    let counts = (1...4).map { stage in
      (0...).prefix { tensors["layer\(stage).\($0).conv1.weight"] != nil }.count
    }
    let hasBottlenecks = tensors["layer1.0.conv3.weight"] != nil
    let (width, perGroup) = (
      tensors["layer1.0.conv1.weight"]?.shape[0] ?? 0,
      tensors["layer1.0.conv2.weight"].flatMap { $0.rank == 4 ? $0.shape[1] : nil } ?? 0
    )
    guard perGroup > 0, width % perGroup == 0, hasBottlenecks || width == perGroup else {
      throw .notAClassifier(
        file: contents.file,
        reason: "layer1.0.conv2.weight has \(perGroup) channels per group, of \(width)",
        expected: [expectation])
    }
    self.init(
      blockCounts: counts, hasBottlenecks: hasBottlenecks, width: width,
      groups: width / perGroup, channels: tensors["conv1.weight"]?.shape[0] ?? 0)
  }
}
