public import Torch
import TorchNN

/// Directions in the space of styles along which pictures change most: the closed-form factorisation
/// (SeFa; Shen and Zhou, arXiv 2007.06600).
///
/// A layer's channels are scaled by A w + b. A step along a direction n of w changes the scales of all
/// layers by A n, with A their matrices one below the other; the unit vectors for which it is longest
/// are A's right singular vectors. Nothing is drawn, and no picture is made.
///
/// Matrices are taken as the public checkpoints store them. The factor by which layers multiply them is
/// the same for all, so it scales singular values and leaves directions.
public struct StyleDirections: Sendable {
  /// Unit vectors of w, `[K, latentSize]`, those that change most first.
  ///
  /// The largest element of each is positive; a singular vector has no sign of its own.
  public let vectors: Tensor
  /// How far a step of length 1 moves the scales, descending; empty where a file does not say.
  public let singularValues: [Double]
  /// The styles that they were found for and move, from 0, ascending.
  public let layers: [Int]

  /// Directions that are known.
  ///
  /// - Parameters:
  ///   - vectors: `[K, latentSize]`.
  ///   - singularValues: one for each, or none.
  ///   - layers: the styles that they move.
  public init(vectors: Tensor, singularValues: [Double], layers: [Int]) {
    self.vectors = vectors
    self.singularValues = singularValues
    self.layers = layers
  }

  /// The directions of a generator.
  ///
  /// - Parameters:
  ///   - generator: the generator.
  ///   - layers: the styles that count, from 0; nil for all.
  ///   - name: what to call the generator in an error.
  /// - Throws: ``StyleDirectionsError``.
  public init(
    of generator: any GeneratorNetwork, layers: [Int]? = nil, named name: String
  ) throws(StyleDirectionsError) {
    let (count, architecture) = (
      generator.configuration.styleCount, generator.configuration.architecture
    )
    if let stranger = layers?.first(where: { !(0..<count).contains($0) }) {
      throw .noLayer(generator: name, layer: stranger, count: count)
    }
    let wanted = layers ?? Array(0..<count)
    var matrices: [Tensor] = []
    for (parameter, value) in generator.parameters.named() {
      guard let style = architecture.modulatedStyle(of: parameter), wanted.contains(style) else {
        continue
      }
      matrices.append(value.detached().to(.cpu).to(.float64))
    }
    guard !matrices.isEmpty else {
      throw .nothingModulated(generator: name, layers: wanted)
    }
    let stack = Tensor.concatenated(matrices)  // [M, L]
    let (rows, length) = (stack.shape[0], stack.shape[1])
    let kept = min(rows, length)
    // Ascending: the last eigenvectors are those of the largest values.
    let eigenvectors = stack.transposed.matmul(stack).symmetricEigen().vectors
    let columns = eigenvectors.transposed.contiguous().array(of: Double.self)
    vectors = Tensor(
      (0..<kept).flatMap { index in
        let start = (length - 1 - index) * length
        let vector = columns[start..<start + length]
        let largest = vector.max { abs($0) < abs($1) } ?? 0
        return vector.map { Float(largest < 0 ? -$0 : $0) }
      }, shape: [kept, length])
    singularValues = stack.singularValues().array(of: Double.self)
    self.layers = wanted.sorted()
  }

  /// Styles that are moved along a direction.
  ///
  /// - Parameters:
  ///   - styles: `[N, styleCount, latentSize]`.
  ///   - index: which direction.
  ///   - degrees: how far, one number for each picture; 1 is the direction's own length.
  /// - Returns: of the same shape; the styles of other layers stay.
  /// - Precondition: the shapes agree, and there is such a direction.
  public func moved(_ styles: Tensor, along index: Int, by degrees: [Double]) -> Tensor {
    let shape = styles.shape
    precondition(
      degrees.count == shape[0] && (0..<vectors.shape[0]).contains(index),
      "\(degrees.count) steps along direction \(index) for styles of \(shape)")
    let mask = Tensor(
      (0..<shape[1]).map { layers.contains($0) ? Float(1) : 0 }, shape: [1, shape[1], 1])
    let steps = Tensor(degrees.map(Float.init), shape: [shape[0], 1, 1])
    let vector = vectors.sliced(index..<index + 1).reshaped([1, 1, shape[2]])
    return styles + (mask * steps * vector.to(.cpu)).to(styles.device)
  }
}

/// Directions that cannot be found.
public enum StyleDirectionsError: Error, Equatable, CustomStringConvertible {
  /// A style that the generator does not take.
  case noLayer(generator: String, layer: Int, count: Int)
  /// Styles that modulate nothing that counts.
  case nothingModulated(generator: String, layers: [Int])

  /// One sentence that names the generator, the layer and what was expected.
  public var description: String {
    switch self {
    case .noLayer(let generator, let layer, let count):
      "\(generator) has no layer \(layer): expected 0 to \(count - 1), for its pictures take \(count) styles"
    case .nothingModulated(let generator, let layers):
      "\(generator) has no modulated convolution at \(layers.count == 1 ? "layer" : "layers") "
        + "\(layers.map(String.init).joined(separator: ", ")): directions are found where styles scale channels, "
        + "the last style, which colours alone take, not included"
    }
  }
}
