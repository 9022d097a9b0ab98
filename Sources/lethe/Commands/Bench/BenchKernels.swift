import ArgumentParser
import Benchmarking
import Kernels
import Runs
import Torch

/// Timing the kernels of `CTorch`.
struct BenchKernels: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernels",
    abstract: "Times each fused kernel, forward and backward, beside a plain copy.",
    discussion: """
      All kernels are bound by memory, so their figure is GB/s: the bytes that a pass must read \
      and write once, divided by its time. 'copy' is the rate of copying a tensor of the same \
      size. Small tensors stay in the processor's cache; choose sizes as they occur in training.

        lethe bench kernels --batch 16 --channels 64 --side 32 --json
      """)

  @Option(parsing: .unconditional, help: "Pictures.")
  var batch = 16

  @Option(parsing: .unconditional, help: "Channels.")
  var channels = 64

  @Option(parsing: .unconditional, help: "The side of the feature maps in pixels; even.")
  var side = 32

  @OptionGroup(title: "Measuring") var bench: BenchArguments
  @OptionGroup(title: "Machine") var compute: ComputeOptions

  func validate() throws {
    for (name, value) in [("batch", batch), ("channels", channels)]
    where !(1...65_536).contains(value) {
      throw ValidationError("--\(name) is \(value), expected 1 to 65536")
    }
    guard (4...4096).contains(side), side % 2 == 0 else {
      throw ValidationError("--side is \(side), expected an even number from 4 to 4096")
    }
  }

  func run() throws {
    try compute.apply()
    let kernels = KernelCase.all(
      batch: batch, channels: channels, side: side, random: compute.random)
    var report = BenchmarkReport()
    report.facts["shape"] = JSON("[\(batch), \(channels), \(side), \(side)]")
    for kernel in kernels {
      let (y, incoming) = kernel.outputs()
      let sample = kernel.inputs[0].detached()
      let times = try Stopwatch.inTurns(
        bench.rounds,
        [
          { Self.repeated { _ = sample.clone() } },
          { Self.repeated { withoutGradients { _ = kernel.body(kernel.inputs) } } },
          { Self.repeated { _ = y.gradients(of: kernel.inputs, weightedBy: incoming) } },
        ])
      let rates = zip(
        times, [2 * sample.byteCount, kernel.forwardBytes(y), kernel.backwardBytes(y)]
      )
      .map { own, bytes in Spread(own.map { Double(bytes) / $0 / 1e6 }) }
      report.addRow(
        kernel.name,
        [
          "forward_gb_per_second": rates[1].json, "backward_gb_per_second": rates[2].json,
          "copy_gb_per_second": rates[0].json,
          "forward_to_copy": JSON(
            (rates[1].median / rates[0].median).rounded(toDigits: 3)),
          "backward_to_copy": JSON(
            (rates[2].median / rates[0].median).rounded(toDigits: 3)),
        ])
    }
    report.addMachine()
    report.print(asJSON: bench.json)
  }

  /// Milliseconds of one call, over enough calls to fill 20 ms.
  private static func repeated(_ body: () -> Void) -> Double {
    let once = Stopwatch.milliseconds(body)
    let count = max(1, min(1000, Int(20 / max(once, 0.001))))
    return Stopwatch.milliseconds { for _ in 0..<count { body() } } / Double(count)
  }
}

/// A kernel with operands to run it on.
struct KernelCase {
  var name: String
  /// Leaves whose derivatives the backward pass makes; the first is the large one.
  var inputs: [Tensor]
  /// Whether the backward pass reads the output, beside its derivative.
  var rereadsOutput: Bool
  var body: ([Tensor]) -> Tensor

  /// Every kernel of `CTorch` that passes over feature maps, but for large convolutions.
  static func all(batch: Int, channels: Int, side: Int, random: RandomGenerator) -> [KernelCase] {
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
  func outputs() -> (y: Tensor, incoming: Tensor) {
    let y = body(inputs)
    return (y, y.detached() * 0.5)
  }

  /// Bytes that a forward pass must read and write.
  func forwardBytes(_ y: Tensor) -> Int { inputs[0].byteCount + y.byteCount }

  /// Bytes that a backward pass must read and write.
  func backwardBytes(_ y: Tensor) -> Int {
    inputs[0].byteCount + y.byteCount * (rereadsOutput ? 2 : 1)
  }
}
