import Checkpoints
public import Foundation
public import GANs
import Runs
import Torch

/// Directions of a style space in a file: those of `lethe directions`, or `factor.pt` of the public scripts.
public struct DirectionFile: Sendable {
  /// What to call the file.
  public let path: String
  /// The directions; where a file does not say which layers they move, they move all.
  public let directions: StyleDirections

  /// Reads `directions` `[K, latentSize]` with `layers`, or `eigvec` `[latentSize, K]`.
  ///
  /// - Parameters:
  ///   - url: a safetensors file, or anything else that checkpoints are read from.
  ///   - configuration: the network's sizes.
  /// - Throws: `CheckpointError`, ``DirectionFileError``.
  public init(_ url: URL, for configuration: any GANConfiguration) throws {
    path = url.path
    let checkpoint = try Checkpoint.read(url)
    let tensors = checkpoint.tensors
    let length = configuration.latentSize
    // Singular vectors are columns in the public scripts.
    let columns = tensors["eigvec"].map { $0.rank == 2 ? $0.transposed : $0 }
    guard let stored = tensors["directions"] ?? columns else {
      throw DirectionFileError.missing(file: path, found: tensors.keys)
    }
    guard stored.rank == 2, stored.shape[0] > 0, stored.shape[1] == length,
      [.float64, .float32, .float16, .bfloat16].contains(stored.scalarType)
    else {
      throw DirectionFileError.wrongShape(
        file: path, found: "\(stored)", latentSize: length)
    }
    guard stored.hasOnlyFiniteElements else {
      throw DirectionFileError.notFinite(file: path)
    }
    let layers = tensors["layers"]?.array(of: Int64.self).compactMap { Int(exactly: $0) }
    if let stranger = layers?.first(where: { !(0..<configuration.styleCount).contains($0) }) {
      throw DirectionFileError.noLayer(
        file: path, layer: stranger, count: configuration.styleCount)
    }
    directions = StyleDirections(
      vectors: stored.to(.float32).contiguous().clone(),
      singularValues: tensors["singular_values"]?.array(of: Double.self) ?? [],
      layers: layers ?? Array(0..<configuration.styleCount))
    try checkpoint.requireUnchanged()
  }

  /// Throws unless there are such directions.
  ///
  /// - Parameter numbers: counted from 0.
  /// - Throws: ``DirectionFileError/noDirection(file:number:count:)``.
  func requireDirections(_ numbers: [Int]) throws(DirectionFileError) {
    let count = directions.vectors.shape[0]
    if let stranger = numbers.first(where: { !(0..<count).contains($0) }) {
      throw .noDirection(file: path, number: stranger, count: count)
    }
  }
}

/// A file of directions that a network cannot take.
public enum DirectionFileError: Error, Equatable, CustomStringConvertible {
  /// No directions.
  case missing(file: String, found: [String])
  /// Directions of another shape or type.
  case wrongShape(file: String, found: String, latentSize: Int)
  /// Directions that are not numbers.
  case notFinite(file: String)
  /// A layer that the network does not have.
  case noLayer(file: String, layer: Int, count: Int)
  /// A direction that the file does not have.
  case noDirection(file: String, number: Int, count: Int)

  /// One sentence that names the file, the tensor and what was expected.
  public var description: String {
    switch self {
    case .missing(let file, let found):
      "\(file) has no tensor directions or eigvec; expected a file of 'lethe directions', found "
        + (found.isEmpty
          ? "no tensors"
          : found.prefix(5).joined(separator: ", ") + (found.count > 5 ? " and more" : ""))
    case .wrongShape(let file, let found, let latentSize):
      "\(file): the directions are \(found), expected floating-point vectors of \(latentSize) numbers, the "
        + "network's latent size"
    case .notFinite(let file):
      "\(file): the directions have elements that are infinite or not a number"
    case .noLayer(let file, let layer, let count):
      "\(file): the directions move layer \(layer), and the network has layers 0 to \(count - 1)"
    case .noDirection(let file, let number, let count):
      "\(file) has no direction \(number): expected 0 to \(count - 1)"
    }
  }
}
