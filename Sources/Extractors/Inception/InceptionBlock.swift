import Torch
import TorchNN

/// A convolution without bias, batch normalisation and ReLU, which Inception is made of.
struct InceptionConvolution {
  /// A side or the kernel of a convolution, in rows and columns.
  typealias Kernel = (rows: Int, columns: Int)

  private let weight: Parameter
  private let norm: BatchNormalization
  private let stride: Int
  private let padding: Kernel

  /// TensorFlow's, in which the network was trained; PyTorch's own is 1e-5.
  private static let epsilon = 1e-3

  /// - Parameters:
  ///   - scope: where `conv.weight` and `bn` are declared.
  ///   - input: channels in.
  ///   - output: channels out.
  ///   - kernel: rows and columns, odd.
  ///   - stride: the step in pixels.
  ///   - isPadded: whether zeros around the picture keep its size.
  init(
    _ scope: ParameterScope, input: Int, output: Int, kernel: Kernel, stride: Int = 1,
    isPadded: Bool = true
  ) {
    weight = scope["conv"].declare(
      "weight", shape: [output, input, kernel.rows, kernel.columns], .constant(0))
    norm = BatchNormalization(scope["bn"], channels: output, epsilon: Self.epsilon)
    self.stride = stride
    padding = isPadded ? (kernel.rows / 2, kernel.columns / 2) : (0, 0)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    // The convolution adds as many zeros on each side, or none.
    let isSquare = padding.rows == padding.columns
    let x =
      isSquare
      ? x
      : x.zeroPadded(
        top: padding.rows, bottom: padding.rows, left: padding.columns, right: padding.columns)
    return norm(
      x.convolved(weight.value, stride: stride, padding: isSquare ? padding.rows : 0)
    ).relu()
  }
}

/// Several paths side by side, whose channels are joined: the block of an Inception network.
struct InceptionBlock {
  /// What the last path does to the pixels around each pixel.
  enum Pooling {
    /// The mean over those within the picture, as TensorFlow has it.
    case mean
    /// The mean over nine, zeros beyond the border among them, as torchvision has it.
    case meanWithBorder
    /// The largest one.
    case largest
    /// The largest one, of every second pixel without the border, with no convolution afterwards.
    case halving
  }

  /// One convolution of a path: its name, channels that leave, and kernel.
  struct Step {
    let name: String
    let output: Int
    let kernel: InceptionConvolution.Kernel
    let stride: Int

    /// A step; a stride of 1 keeps the size of the picture, 2 halves it, without zeros around it.
    init(_ name: String, _ output: Int, _ rows: Int = 1, _ columns: Int? = nil, stride: Int = 1) {
      self.name = name
      self.output = output
      kernel = (rows, columns ?? rows)
      self.stride = stride
    }
  }

  /// How many channels leave all paths.
  let output: Int
  /// The last of a path's layers may be two convolutions of the same input.
  private let paths: [[[InceptionConvolution]]]
  private let pooling: Pooling
  private let projection: InceptionConvolution?

  /// - Parameters:
  ///   - scope: where the convolutions are declared.
  ///   - input: channels in.
  ///   - width: what channels of ``Step`` are multiplied by.
  ///   - paths: the convolutions of each path, from picture to channels; those of a layer side by side.
  ///   - pooling: what the last path does.
  ///   - pooled: channels that leave the last path; nil for all that enter.
  init(
    _ scope: ParameterScope, input: Int, width: (Int) -> Int, paths: [[[Step]]],
    pooling: Pooling, pooled: Int?
  ) {
    var output = 0
    self.paths = paths.map { path in
      var channels = input
      let layers = path.map { layer in
        let convolutions = layer.map {
          InceptionConvolution(
            scope[$0.name], input: channels, output: width($0.output), kernel: $0.kernel,
            stride: $0.stride, isPadded: $0.stride == 1)
        }
        channels = layer.reduce(0) { $0 + width($1.output) }
        return convolutions
      }
      output += channels
      return layers
    }
    self.pooling = pooling
    projection = pooled.map {
      InceptionConvolution(
        scope["branch_pool"], input: input, output: width($0), kernel: (1, 1))
    }
    self.output = output + (pooled.map(width) ?? input)
  }

  /// - Parameter x: `[N, input, H, W]`.
  /// - Returns: `[N, output, H', W']`.
  func callAsFunction(_ x: Tensor) -> Tensor {
    let branches = paths.map { path in
      path.reduce(x) { y, layer in
        let parts = layer.map { $0(y) }
        return parts.count == 1 ? parts[0] : .concatenated(parts, dimension: 1)
      }
    }
    let pooled =
      switch pooling {
      case .mean: x.neighbourhoodMeans(dividingByNine: false)
      case .meanWithBorder: x.neighbourhoodMeans(dividingByNine: true)
      case .largest: x.maxPooled(size: 3, stride: 1, padding: 1)
      case .halving: x.maxPooled(size: 3, stride: 2)
      }
    return .concatenated(branches + [projection?(pooled) ?? pooled], dimension: 1)
  }
}
