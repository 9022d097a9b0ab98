import Checkpoints
import Files
public import Foundation
public import GANs
import Runs
import Torch

/// The directions of a generator's style space, found in its weights and written to a file.
public struct DirectionsExperiment {
  /// The GAN.
  public var file: GANFile
  /// The styles that count, from 0; nil for all.
  public var layers: [Int]?
  /// The safetensors file, which must not exist yet.
  public var output: URL
  /// Device and observer.
  public var context: ExperimentContext

  /// A factorisation.
  ///
  /// - Parameters:
  ///   - file: the GAN.
  ///   - layers: the styles that count, from 0; nil for all.
  ///   - output: the safetensors file.
  ///   - context: device and observer.
  public init(
    _ file: GANFile, layers: [Int]? = nil, output: URL,
    context: ExperimentContext = ExperimentContext()
  ) {
    self.file = file
    self.layers = layers
    self.output = output
    self.context = context
  }

  /// Finds the directions and writes them.
  ///
  /// - Returns: the directions.
  /// - Throws: `StyleDirectionsError`, `CheckpointError`, `GANFileError`.
  public func run() throws -> StyleDirections {
    let generator = try file.makeGenerator(device: .cpu)
    let result = try StyleDirections(of: generator, layers: layers, named: file.path)
    let record: JSON.Object = [
      "method": "closed-form factorisation", "gan": JSON(file.path),
      "parameters_sha256": JSON(try file.parametersDigest()), "layers": JSON(result.layers),
      "version": JSON(Release.version),
    ]
    try SafetensorsFile(
      tensors: [
        "directions": result.vectors,
        "singular_values": Tensor(result.singularValues.map(Float.init)),
        "layers": Tensor(result.layers.map(Int64.init)),
      ], metadata: ["lethe.directions": JSON.object(record).encoded()]
    ).write(to: output)
    return result
  }
}
