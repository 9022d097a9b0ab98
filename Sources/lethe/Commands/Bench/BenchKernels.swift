import ArgumentParser
import Benchmarking
import Kernels
import Runs
import Torch

/// Timing our kernels.
struct BenchKernels: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernels",
    abstract: "Times each fused kernel, forward and backward, beside a plain copy.",
    discussion: """
      All kernels are bound by memory, so their figure is GB/s: the bytes that a pass must read \
      and write once, divided by its time. 'copy' is the rate of copying a tensor of the same \
      size. Small tensors stay in the processor's cache; choose sizes as they occur in training.
      """ + HelpText.examples("lethe bench kernels --batch 16 --channels 64 --side 32 --json"))

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
    try report.print(asJSON: bench.json)
  }

  /// Milliseconds of one call, over enough calls to fill 20 ms.
  private static func repeated(_ body: () -> Void) -> Double {
    let once = Stopwatch.milliseconds(body)
    let count = max(1, min(1000, Int(20 / max(once, 0.001))))
    return Stopwatch.milliseconds { for _ in 0..<count { body() } } / Double(count)
  }
}
