import GANs
import Kernels
import StyleGAN2
import Torch

/// Times the convolutions of an iteration alone, one by one, on existing tensors: a lower bound of
/// the iteration's time with this implementation.
final class ConvolutionTimer {
  /// What tells one measurement from another; layers that share it are measured once.
  private struct Key: Hashable {
    var input: Int
    var output: Int
    var kernel: Int
    var side: Int
    var geometry: ConvolutionGeometry
    var pass: ConvolutionCensus.Pass
    var pictures: Int
    var scalarType: ScalarType
  }

  private let random: RandomGenerator
  private let size: Int
  private let precision: Precision
  private let implementation: ConvolutionImplementation
  private var measured: [Key: Double] = [:]

  /// A timer of iterations on pictures of that size in that precision, whose convolutions that
  /// implementation computes.
  init(
    size: Int, random: RandomGenerator, precision: Precision,
    implementation: ConvolutionImplementation
  ) {
    self.size = size
    self.random = random
    self.precision = precision
    self.implementation = implementation
  }

  /// Milliseconds of the convolutions of one run of each phase.
  func phases(_ census: ConvolutionCensus) -> [GANTrainer.Phase: Double] {
    census.entries.reduce(into: [:]) { result, entry in
      result[entry.phase, default: 0] += Double(entry.count) * milliseconds(entry)
    }
  }

  private func milliseconds(_ entry: ConvolutionCensus.Entry) -> Double {
    let layer = entry.layer
    let key = Key(
      input: layer.input, output: layer.output, kernel: layer.kernel, side: layer.inputSide,
      geometry: layer.geometry, pass: entry.pass, pictures: entry.pictures,
      scalarType: scalarType(of: entry))
    if let known = measured[key] { return known }
    let time = measure(entry)
    measured[key] = time
    return time
  }

  /// The penalties and the discriminator's last convolution are in fp32, whatever is asked for.
  private func scalarType(of entry: ConvolutionCensus.Entry) -> ScalarType {
    [.r1, .pathLength].contains(entry.phase) || entry.layer.name == "final_conv"
      ? .float32 : precision.scalarType(at: entry.layer.resolution, of: size)
  }

  /// The median of at least 3 runs, more where they are short.
  private func measure(_ entry: ConvolutionCensus.Entry) -> Double {
    let (layer, pictures) = (entry.layer, entry.pictures)
    let scalarType = scalarType(of: entry)
    func tensor(_ shape: [Int]) -> Tensor {
      random.normal(shape).to(scalarType).contiguous(.channelsLast)
    }
    let x = tensor([pictures, layer.input, layer.inputSide, layer.inputSide])
    let weight = tensor(layer.weightShape)
    let dy = tensor([pictures, layer.output, layer.outputSide, layer.outputSide])
    func run() {
      _ =
        switch entry.pass {
        case .forward: x.convolutionOutput(weight, layer.geometry, by: implementation)
        case .inputGradient:
          x.convolutionInputGradient(dy, weight: weight, layer.geometry, by: implementation)
        case .weightGradient:
          x.convolutionWeightGradient(dy, weight: weight, layer.geometry, by: implementation)
        }
    }
    return withoutGradients {
      run()
      var times: [Double] = []
      while times.count < 3 || times.count < 50 && times.reduce(0, +) < 30 {
        times.append(Stopwatch.milliseconds(run))
      }
      return Spread(times).median
    }
  }
}
