import Kernels
package import Torch

/// A kernel with operands to run it on.
package struct KernelCase {
  /// What tables call it.
  package let name: String
  /// Leaves whose derivatives the backward pass makes; the first is the large one.
  package let inputs: [Tensor]
  /// Whether the backward pass reads the output, beside its derivative.
  private let rereadsOutput: Bool
  /// Runs the kernel on such inputs.
  package let body: ([Tensor]) -> Tensor

  /// Every kernel of `CKernels` that passes over feature maps, but for large convolutions.
  package static func all(batch: Int, channels: Int, side: Int, random: RandomGenerator)
    -> [KernelCase]
  {
    func map(_ side: Int) -> Tensor {
      random.normal([batch, channels, side, side]).contiguous(.channelsLast).asInput()
    }
    let noise = random.normal([batch, 1, side, side])
    func resample(
      _ name: String, side: Int, up: Int = 1, down: Int = 1, before: Int, after: Int
    ) -> KernelCase {
      KernelCase(name: name, inputs: [map(side)], rereadsOutput: false) {
        $0[0].resampled(up: up, down: down, padBefore: before, padAfter: after)
      }
    }
    return [
      KernelCase(
        name: "bias, leaky ReLU", inputs: [map(side), random.normal([channels]).asInput()],
        rereadsOutput: true
      ) { $0[0].biasLeakyReLU($0[1], gain: 2.0.squareRoot()) },
      KernelCase(
        name: "scaled channels", inputs: [map(side), random.normal([batch, channels]).asInput()],
        rereadsOutput: true
      ) { $0[0].scaledChannels($0[1]) },
      KernelCase(
        name: "styled activation",
        inputs: [
          map(side), (random.uniform([batch, channels]) + 0.5).asInput(),
          random.normal([1]).asInput(), random.normal([channels]).asInput(),
        ], rereadsOutput: true
      ) {
        $0[0].styledActivation(
          demodulation: $0[1], noise: noise, strength: $0[2], bias: $0[3], gain: 2.0.squareRoot())
      },
      KernelCase(
        name: "to RGB", inputs: [map(side), random.normal([3, channels, 1, 1]).asInput()],
        rereadsOutput: false
      ) { $0[0].convolved($0[1]) },
      KernelCase(
        name: "from RGB",
        inputs: [
          random.normal([batch, 3, side, side]).asInput(),
          random.normal([channels, 3, 1, 1]).asInput(),
        ], rereadsOutput: false
      ) { $0[0].convolved($0[1]) },
      // The three uses of the blur: behind a transposed convolution, before a strided one, skips.
      resample("blur", side: side + 1, before: 1, after: 1),
      resample("blur, wider by 1", side: side, before: 2, after: 2),
      resample("blur, half the size", side: side, down: 2, before: 1, after: 1),
      resample("blur, twice the size", side: side / 2, up: 2, before: 2, after: 1),
    ]
  }

  /// The output with a graph, and a derivative to send back.
  package func outputs() -> (y: Tensor, incoming: Tensor) {
    let y = body(inputs)
    return (y, y.detached() * 0.5)
  }

  /// Bytes that a forward pass must read and write.
  package func forwardBytes(_ y: Tensor) -> Int { inputs[0].byteCount + y.byteCount }

  /// Bytes that a backward pass must read and write.
  package func backwardBytes(_ y: Tensor) -> Int {
    inputs[0].byteCount + y.byteCount * (rereadsOutput ? 2 : 1)
  }
}
