public import Torch

/// A grid that is filled as its pictures are made, so that memory holds few of them beside it.
public struct GridCanvas {
  private let layout: ImageGrid
  private let channels: Int
  private let side: (height: Int, width: Int)
  private let size: (height: Int, width: Int)
  private var pixels: [UInt8]
  private var filled = 0

  /// A black grid.
  ///
  /// - Parameters:
  ///   - layout: how cells lie in it.
  ///   - count: how many pictures will come.
  ///   - channels: 1 or 3.
  ///   - side: the rows and columns of each picture.
  public init(
    _ layout: ImageGrid, count: Int, channels: Int, side: (height: Int, width: Int)
  ) {
    self.layout = layout
    self.channels = channels
    self.side = side
    size = layout.size(of: count, height: side.height, width: side.width)
    pixels = [UInt8](repeating: 0, count: size.height * size.width * channels)
  }

  /// Puts pictures into the next cells.
  ///
  /// - Parameters:
  ///   - pictures: `[N, C, H, W]`; values outside of the range are clamped.
  ///   - range: the range of their values.
  /// - Precondition: that shape, and as many free cells.
  public mutating func add(_ pictures: Tensor, range: PixelRange) {
    let cells = filled..<filled + pictures.shape[0]
    put(pictures, range: range, into: Array(cells))
    filled = cells.upperBound
  }

  /// Puts pictures into some cells, in place of what is there.
  ///
  /// - Parameters:
  ///   - pictures: `[N, C, H, W]`; values outside of the range are clamped.
  ///   - range: the range of their values.
  ///   - cells: one for each, counted row by row from 0.
  /// - Precondition: that shape, and cells of the grid.
  public mutating func put(_ pictures: Tensor, range: PixelRange, into cells: [Int]) {
    let bytes = range.bytes(from: pictures).to(.cpu).permuted([0, 2, 3, 1])  // [N, H, W, C]
      .contiguous().array(of: UInt8.self)
    precondition(
      bytes.count == cells.count * side.height * side.width * channels,
      "\(pictures) for \(cells.count) cells")
    let run = side.width * channels
    for (index, cell) in cells.enumerated() {
      let top = layout.padding + cell / layout.columns * (side.height + layout.padding)
      let left = layout.padding + cell % layout.columns * (side.width + layout.padding)
      for row in 0..<side.height {
        let target = ((top + row) * size.width + left) * channels
        let source = (index * side.height + row) * run
        pixels.replaceSubrange(target..<target + run, with: bytes[source..<source + run])
      }
    }
  }

  /// The grid as it is; cells without a picture are black.
  public var image: Image {
    Image(width: size.width, height: size.height, channels: channels, pixels: pixels)
  }
}
