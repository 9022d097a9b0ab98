public import Torch
import TorchNN

extension GeneratorNetwork {
  /// Parameters and noise maps by the names of the public checkpoints.
  public var stateDict: StateDict {
    var result = parameters.named()
    for (name, map) in namedNoiseMaps { result[name] = map }
    return result
  }

  /// The noise maps by the names of the public checkpoints.
  var namedNoiseMaps: StateDict {
    var result = StateDict()
    for (name, map) in zip(configuration.noiseMapNames, noiseMaps) { result[name] = map }
    return result
  }

  /// Takes over parameters, and noise maps where there are any.
  ///
  /// - Parameters:
  ///   - tensors: by the names of the public checkpoints.
  ///   - file: what to call the source in an error.
  /// - Throws: `ParameterError` naming the tensor that does not fit.
  func load(_ tensors: StateDict?, file: String) throws {
    guard let tensors else { throw GANFileError.noGenerator(file: file, keys: []) }
    try parameters.load(tensors, file: file)
    var maps: [Tensor] = []
    for (name, side) in zip(configuration.noiseMapNames, configuration.noiseSizes) {
      guard let map = tensors[name] else {
        throw ParameterError.missing(name: name, shape: [1, 1, side, side], file: file)
      }
      guard map.shape == [1, 1, side, side] else {
        throw ParameterError.mismatched(
          name: name, expected: [1, 1, side, side], actual: map.shape, file: file)
      }
      guard map.hasOnlyFiniteElements else {
        throw ParameterError.notFinite(name: name, file: file)
      }
      // A copy: the maps outlive the loading, the file's bytes need not.
      maps.append(map.clone())
    }
    setNoiseMaps(maps)
  }
}
