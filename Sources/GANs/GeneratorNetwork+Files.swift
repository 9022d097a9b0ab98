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
  /// A file without maps gets maps that are drawn, always the same: they are those of one generator
  /// and its descendants, and no other random number depends on them.
  ///
  /// - Parameters:
  ///   - tensors: by the names of the public checkpoints, which have been found to fit.
  ///   - part: the part of the file that they are.
  ///   - file: what to call the source in an error.
  /// - Throws: `ParameterError` naming the tensor that does not fit.
  func load(_ tensors: StateDict?, part: GANPart, file: String) throws {
    guard let tensors else {
      throw GANFileError.noGenerator(
        file: file, keys: [], expected: [configuration.architecture.expectation])
    }
    try parameters.load(tensors, part: part, file: file)
    guard !configuration.lacksNoiseMaps(tensors) else {
      setNoiseMaps(configuration.drawnNoiseMaps)
      return
    }
    setNoiseMaps(
      try configuration.noiseMapNames.compactMap { name in
        guard let map = tensors[name] else { return nil }
        guard map.hasOnlyFiniteElements else {
          throw ParameterError.notFinite(name: "\(part.rawValue).\(name)", file: file)
        }
        // A copy: the maps outlive the loading, the file's bytes need not.
        return map.clone()
      })
  }
}

extension GANConfiguration {
  /// The noise maps of generators whose file has none: always the same.
  var drawnNoiseMaps: [Tensor] {
    let random = RandomGenerator(seed: 0).split("noise maps of a file without any")
    return noiseSizes.map { random.normal([1, 1, $0, $0]) }
  }
}

extension ParameterVector {
  /// Takes over a part of a file, which errors name.
  func load(_ tensors: StateDict, part: GANPart, file: String) throws(ParameterError) {
    do {
      try load(tensors, file: file)
    } catch {
      throw error.within(part.rawValue)
    }
  }
}
