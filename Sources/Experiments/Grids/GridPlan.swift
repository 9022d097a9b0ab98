import GANs
import Torch
import TorchNN

/// Some cells of a grid that one generator fills at once.
struct GridPart {
  /// Where the pictures go, counted row by row from 0.
  var cells: [Int]
  /// The point between two generators; nil where there is only one.
  var gamma: Double?
  /// The styles of the pictures, `[N, styleCount, latentSize]`, by the generator that makes them.
  var styles: (GridStyles) -> Tensor
}

/// What a grid shows: which styles, by which generator, in which cell.
protocol GridPlan {
  /// Cells below one another.
  var rows: Int { get }
  /// Cells beside one another.
  var columns: Int { get }
  /// All of the grid, in the order in which it is made; cells of no part stay black.
  var parts: [GridPart] { get }
  /// What rows and columns are, in words.
  var caption: String { get }
}

/// A grid that can move: a loop of frames, each with some pictures beside one another.
protocol MovingPlan: GridPlan {
  /// Pictures of each frame.
  var frameCells: Int { get }
  /// What the animation shows, in words.
  var frameCaption: String { get }

  /// A frame.
  ///
  /// - Parameter time: from 0 up to 1, where the loop begins again.
  /// - Returns: all pictures of it.
  func frame(at time: Double) -> GridPart
}

/// The styles of seeds by one generator, moved toward its mean one where truncation is asked for.
struct GridStyles {
  let generator: any GeneratorNetwork
  let truncation: Truncation?

  /// One style for each seed.
  ///
  /// - Parameter seeds: those that `lethe generate --seeds` makes the same pictures of.
  /// - Returns: `[N, latentSize]`.
  func w(_ seeds: [UInt64]) -> Tensor {
    w(of: LatentSource.latents(ofSeeds: seeds, length: generator.configuration.inputSize))
  }

  /// The styles of latents.
  ///
  /// - Parameter z: `[N, inputSize]`.
  /// - Returns: `[N, latentSize]`.
  func w(of z: Tensor) -> Tensor {
    withoutGradients {
      let w = generator.styles(z.to(generator.parameters.device))
      return truncation.map { $0(w) } ?? w
    }
  }

  /// The same for every layer.
  ///
  /// - Parameter seeds: as for ``w(_:)``.
  /// - Returns: `[N, styleCount, latentSize]`.
  func layered(_ seeds: [UInt64]) -> Tensor { generator.layered(w(seeds)) }
}
