import Torch
import TorchNN

/// The layers of an Inception-v3, from pictures of 299x299 to 2,048 channels of 8x8.
struct InceptionLayers {
  private let stem: [InceptionConvolution]
  private let blocks: [InceptionBlock]

  /// How many channels leave the last block.
  var output: Int { blocks.last?.output ?? 0 }

  /// - Parameters:
  ///   - scope: where `Conv2d_1a_3x3` to `Mixed_7c` are declared.
  ///   - variant: how blocks pool.
  ///   - width: channels of the first convolution.
  init(_ scope: ParameterScope, _ variant: InceptionV3.Variant, width: Int) {
    func scaled(_ channels: Int) -> Int { channels * width / InceptionV3.publicWidth }
    func convolution(
      _ name: String, _ input: Int, _ output: Int, kernel: Int, stride: Int = 1,
      isPadded: Bool = false
    ) -> InceptionConvolution {
      InceptionConvolution(
        scope[name], input: input, output: scaled(output), kernel: (kernel, kernel),
        stride: stride, isPadded: isPadded)
    }
    stem = [
      convolution("Conv2d_1a_3x3", 3, 32, kernel: 3, stride: 2),
      convolution("Conv2d_2a_3x3", scaled(32), 32, kernel: 3),
      convolution("Conv2d_2b_3x3", scaled(32), 64, kernel: 3, isPadded: true),
      convolution("Conv2d_3b_1x1", scaled(64), 80, kernel: 1),
      convolution("Conv2d_4a_3x3", scaled(80), 192, kernel: 3),
    ]
    let mean: InceptionBlock.Pooling = variant == .fid ? .mean : .meanWithBorder
    let last: InceptionBlock.Pooling = variant == .fid ? .largest : .meanWithBorder
    let designs: [(name: String, design: Design)] = [
      ("Mixed_5b", .fives(pooled: 32, mean)), ("Mixed_5c", .fives(pooled: 64, mean)),
      ("Mixed_5d", .fives(pooled: 64, mean)), ("Mixed_6a", .halvingFives),
      ("Mixed_6b", .sevens(128, mean)), ("Mixed_6c", .sevens(160, mean)),
      ("Mixed_6d", .sevens(160, mean)), ("Mixed_6e", .sevens(192, mean)),
      ("Mixed_7a", .halvingSevens), ("Mixed_7b", .wide(mean)), ("Mixed_7c", .wide(last)),
    ]
    var input = scaled(192)
    blocks = designs.map { name, design in
      let block = InceptionBlock(
        scope[name], input: input, width: scaled, paths: design.paths, pooling: design.pooling,
        pooled: design.pooled)
      input = block.output
      return block
    }
  }

  /// - Parameter pictures: `[N, 3, H, W]`, 75x75 or more.
  /// - Returns: `[N, output, H', W']`.
  func callAsFunction(_ pictures: Tensor) -> Tensor {
    // A fifth less time than channel by channel on a processor.
    var x = pictures.contiguous(.channelsLast)
    for (index, convolution) in stem.enumerated() {
      x = convolution(x)
      // After Conv2d_2b_3x3 and Conv2d_4a_3x3.
      if index == 2 || index == 4 { x = x.maxPooled(size: 3, stride: 2) }
    }
    for block in blocks { x = block(x) }
    return x
  }

  /// The paths of a block: the paper's figures 5, 6, 7 and 10, with the public network's channels.
  private struct Design {
    typealias Step = InceptionBlock.Step

    let paths: [[[Step]]]
    let pooling: InceptionBlock.Pooling
    let pooled: Int?

    /// Of 35x35 pixels, with a kernel of 5x5.
    static func fives(pooled: Int, _ pooling: InceptionBlock.Pooling) -> Design {
      Design(
        paths: [
          [[Step("branch1x1", 64)]],
          [[Step("branch5x5_1", 48)], [Step("branch5x5_2", 64, 5)]],
          [
            [Step("branch3x3dbl_1", 64)], [Step("branch3x3dbl_2", 96, 3)],
            [Step("branch3x3dbl_3", 96, 3)],
          ],
        ], pooling: pooling, pooled: pooled)
    }

    /// From 35x35 to 17x17 pixels.
    static let halvingFives = Design(
      paths: [
        [[Step("branch3x3", 384, 3, stride: 2)]],
        [
          [Step("branch3x3dbl_1", 64)], [Step("branch3x3dbl_2", 96, 3)],
          [Step("branch3x3dbl_3", 96, 3, stride: 2)],
        ],
      ], pooling: .halving, pooled: nil)

    /// Of 17x17 pixels, with kernels of 7x7 in two parts.
    static func sevens(_ inner: Int, _ pooling: InceptionBlock.Pooling) -> Design {
      Design(
        paths: [
          [[Step("branch1x1", 192)]],
          [
            [Step("branch7x7_1", inner)], [Step("branch7x7_2", inner, 1, 7)],
            [Step("branch7x7_3", 192, 7, 1)],
          ],
          [
            [Step("branch7x7dbl_1", inner)], [Step("branch7x7dbl_2", inner, 7, 1)],
            [Step("branch7x7dbl_3", inner, 1, 7)], [Step("branch7x7dbl_4", inner, 7, 1)],
            [Step("branch7x7dbl_5", 192, 1, 7)],
          ],
        ], pooling: pooling, pooled: 192)
    }

    /// From 17x17 to 8x8 pixels.
    static let halvingSevens = Design(
      paths: [
        [[Step("branch3x3_1", 192)], [Step("branch3x3_2", 320, 3, stride: 2)]],
        [
          [Step("branch7x7x3_1", 192)], [Step("branch7x7x3_2", 192, 1, 7)],
          [Step("branch7x7x3_3", 192, 7, 1)], [Step("branch7x7x3_4", 192, 3, stride: 2)],
        ],
      ], pooling: .halving, pooled: nil)

    /// Of 8x8 pixels, where kernels of 1x3 and 3x1 lie side by side.
    static func wide(_ pooling: InceptionBlock.Pooling) -> Design {
      Design(
        paths: [
          [[Step("branch1x1", 320)]],
          [
            [Step("branch3x3_1", 384)],
            [Step("branch3x3_2a", 384, 1, 3), Step("branch3x3_2b", 384, 3, 1)],
          ],
          [
            [Step("branch3x3dbl_1", 448)], [Step("branch3x3dbl_2", 384, 3)],
            [Step("branch3x3dbl_3a", 384, 1, 3), Step("branch3x3dbl_3b", 384, 3, 1)],
          ],
        ], pooling: pooling, pooled: 192)
    }
  }
}
