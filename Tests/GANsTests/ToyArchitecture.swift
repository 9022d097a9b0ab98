import Checkpoints
import GANs
import Kernels
import Torch
import TorchNN

/// A second architecture, as small as can be: one fully connected layer each way.
struct ToyArchitecture: Architecture {
  var name: String { "Toy" }
  var expectation: String { "a Toy with G.kernel" }
  var sources: [any CheckpointSource] { [ToyExports()] }

  func configuration(
    inferredFrom tensors: StateDict, path: String
  ) throws(GANFileError) -> any GANConfiguration {
    guard let shape = tensors["paint.weight"]?.shape, shape.count == 2,
      let side = [4, 8, 16].first(where: { shape[0] == 3 * $0 * $0 })
    else {
      throw .unknownArchitecture(
        file: path, architecture: "Toy", reason: "paint.weight is missing, or of no size")
    }
    return ToyConfiguration(size: side, latentSize: shape[1])
  }

  func isConsolidated(_ parameter: String) -> Bool { parameter == "paint.weight" }
}

struct ToyConfiguration: GANConfiguration {
  var size: Int
  var latentSize: Int

  var architecture: any Architecture { ToyArchitecture() }
  var styleCount: Int { 2 }
  var noiseSizes: [Int] { [size] }
  var fields: [(name: String, value: Int)] { [("size", size), ("latent_size", latentSize)] }
  var description: String { "toy of \(size)x\(size), latent \(latentSize)" }

  func validate() throws(ConfigurationError) {}
  func makeGenerator(pixelRange: PixelRange, device: Device) -> any GeneratorNetwork {
    ToyGenerator(self, pixelRange, device)
  }

  func makeDiscriminator(device: Device) -> any DiscriminatorNetwork {
    ToyDiscriminator(self, device)
  }

  func declareGenerator(in scope: ParameterScope) { _ = layer(in: scope) }
  func declareDiscriminator(in scope: ParameterScope) { _ = scoreLayer(in: scope) }

  func layer(in scope: ParameterScope) -> Linear {
    Linear(scope["paint"], input: latentSize, output: 3 * size * size)
  }

  func scoreLayer(in scope: ParameterScope) -> Linear {
    Linear(scope["score"], input: 3 * size * size, output: 1)
  }
}

final class ToyGenerator: GeneratorNetwork {
  let configuration: ToyConfiguration
  let pixelRange: PixelRange
  let parameters: ParameterVector
  private(set) var noiseMaps: [Tensor]
  private let paint: Linear

  init(_ configuration: ToyConfiguration, _ pixelRange: PixelRange, _ device: Device) {
    self.configuration = configuration
    self.pixelRange = pixelRange
    let root = ParameterScope()
    paint = configuration.layer(in: root)
    parameters = ParameterVector(root, device: device)
    noiseMaps = configuration.noiseSizes.map { Tensor.zeros([1, 1, $0, $0], device: device) }
  }

  func copy() -> ToyGenerator {
    let result = ToyGenerator(configuration, pixelRange, parameters.device)
    result.parameters.copy(from: parameters)
    result.noiseMaps = noiseMaps
    return result
  }

  func setNoiseMaps(_ maps: [Tensor]) { noiseMaps = maps }
  func styles(_ z: Tensor) -> Tensor { z }

  func synthesise(_ styles: Tensor, noise: Noise, precision: Precision) -> Tensor {
    let (count, side) = (styles.shape[0], configuration.size)
    let map: Tensor =
      switch noise {
      case .random(let random): random.normal([count, 1, side, side])
      case .fixed: noiseMaps[0]
      case .given(let maps): maps[0]
      }
    return paint(styles.mean([1])).square().reshaped([count, 3, side, side]) + map * 0.1
  }
}

final class ToyDiscriminator: DiscriminatorNetwork {
  let configuration: ToyConfiguration
  let parameters: ParameterVector
  private let score: Linear

  init(_ configuration: ToyConfiguration, _ device: Device) {
    self.configuration = configuration
    let root = ParameterScope()
    score = configuration.scoreLayer(in: root)
    parameters = ParameterVector(root, device: device)
  }

  func copy() -> ToyDiscriminator {
    let result = ToyDiscriminator(configuration, parameters.device)
    result.parameters.copy(from: parameters)
    return result
  }

  func logitsAndDeviations(
    _ pictures: Tensor, batches: Int, precision: Precision
  ) -> (logits: Tensor, deviations: Tensor) {
    (
      score(pictures.reshaped([pictures.shape[0], -1])),
      pictures.minibatchDeviation(batches: batches)
    )
  }
}

/// Files of another program: other names, a transposed weight, a mean style that nobody needs.
struct ToyExports: CheckpointSource {
  private struct Keys: KeyMap {
    func entry(
      for key: String, _ tensor: Tensor, file: String
    ) throws(GANFileError) -> KeyMapEntry? {
      switch key {
      case "G.kernel": .transform("paint.weight", .generatorEMA) { $0.transposed.contiguous() }
      case "G.offset": .parameter("paint.bias", .generatorEMA)
      case "G.noise": .parameter("noises.noise_0", .generatorEMA)
      case "G.w_avg": .skipped("mean style: not needed")
      default: nil
      }
    }
  }

  func keyMap(for checkpoint: Checkpoint) -> (any KeyMap)? {
    checkpoint.tensors["G.kernel"] == nil ? nil : Keys()
  }
}
