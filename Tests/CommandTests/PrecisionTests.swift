import Foundation
import Testing
import Torch

/// `--precision`, from the command line to the record.
@Suite struct PrecisionTests {
  private let lethe: CommandRunner

  init() throws {
    lethe = try CommandRunner()
    try TinyModels.writeGAN(lethe.file("gan.pt"))
    try TinyData.writeIDX(lethe.file("data"))
  }

  private static var isAvailable: Bool {
    (try? Precision.bf16.requireAvailable(on: .cpu)) != nil
  }

  private func trainGAN(_ iterations: Int, _ more: String...) -> [String] {
    [
      "train", "gan", "--data", "data", "--size", "8", "--latent", "8", "--mapping-depth", "2",
      "--channel-cap", "4", "--batch", "4", "--seed", "3", "--keep", "1",
      "--snapshot-every", "3", "--iterations", "\(iterations)",
    ] + more
  }

  private func options(_ run: String) throws -> String {
    try String(contentsOf: lethe.file("\(run)/options.json"), encoding: .utf8)
  }

  @Test(arguments: [
    ["train", "gan", "--data", "data", "--output", "out"],
    ["adapt", "--gan", "gan.pt", "--judge", "judge.pth", "--forget", "one", "--output", "out"],
    [
      "unlearn", "--gan", "gan.pt", "--judge", "judge.pth", "--forget", "one", "--loss", "none",
      "--output", "out",
    ],
    ["demo", "--output", "out"],
    ["generate", "--gan", "gan.pt", "--output", "out.png"],
    [
      "evaluate", "--gan", "gan.pt", "--original", "gan.pt", "--judge", "judge.pth", "--forget",
      "one",
    ],
    ["bench", "iteration"],
  ])
  func `a processor without bf16 is refused before any work`(command: [String]) throws {
    let before = try lethe.contents
    // libtorch keeps to what every processor has, and so do our kernels.
    let outcome = try lethe.run(
      command + ["--precision", "bf16"],
      environment: ["ATEN_CPU_CAPABILITY": "default", "LETHE_KERNELS": "portable"])
    #expect(outcome.exitCode == 1 && outcome.output.isEmpty)
    #expect(
      outcome.errors
        == "Error: precision bf16 is not available on cpu: it needs a processor with AVX2 or "
        + "AVX-512, and libtorch uses DEFAULT here; fp32 always works (--precision)\n")
    #expect(try lethe.contents == before)
  }

  @Test func `fp16 is refused on a processor, with what to take instead`() throws {
    let before = try lethe.contents
    let outcome = try lethe.run(trainGAN(2, "--precision", "fp16"))
    #expect(outcome.exitCode == 1 && outcome.output.isEmpty)
    #expect(
      outcome.errors
        == "Error: precision fp16 is not available on cpu: it is made for GPUs, and libtorch emulates "
        + "it on processors; take the device cuda or mps, or bf16 where the processor has "
        + "it; fp32 always works (--precision)\n")
    #expect(try lethe.contents == before)
  }

  @Test(arguments: [
    ["train", "gan", "--data", "data", "--output", "out"],
    ["adapt", "--gan", "gan.pt", "--judge", "judge.pth", "--forget", "one", "--output", "out"],
    ["bench", "iteration"], ["bench", "fisher"],
  ])
  func `CUDA graphs are refused where there are none`(command: [String]) throws {
    let before = try lethe.contents
    let outcome = try lethe.run(command + ["--cuda-graphs"])
    #expect(outcome.exitCode == 64 && outcome.output.isEmpty)
    #expect(
      outcome.errors.split(separator: "\n").first
        == "Error: --cuda-graphs has no meaning without --device cuda: only CUDA records its kernels"
    )
    #expect(try lethe.contents == before)
  }

  @Test func `other precisions are named`() throws {
    let outcome = try lethe.run(trainGAN(2, "--precision", "fp8"))
    #expect(outcome.exitCode == 64)
    #expect(
      outcome.errors.hasPrefix(
        "Error: The value 'fp8' is invalid for '--precision <precision>'. Please provide one of "
          + "'fp32', 'bf16' or 'fp16'."))
  }

  @Test(.enabled(if: isAvailable))
  func `a run in bf16 says so, and goes on in bf16 only`() throws {
    #expect(
      try lethe.run(trainGAN(6, "--output", "whole", "--precision", "bf16")).exitCode == 0)
    #expect(
      try lethe.run(trainGAN(3, "--output", "parts", "--precision", "bf16")).exitCode == 0)
    #expect(try options("parts").contains(#""precision": "bf16""#))
    let refused = try lethe.run(trainGAN(6, "--output", "parts", "--resume"))
    #expect(refused.exitCode == 1)
    #expect(
      refused.errors
        == #"Error: FOLDER/parts was started with training.precision "bf16", not "fp32"; a "#
        + "resumed run keeps its options, a changed one needs a new folder (--output)\n")
    #expect(
      try lethe.run(trainGAN(6, "--output", "parts", "--resume", "--precision", "bf16")).exitCode
        == 0)
    try RunResult(lethe.file("whole")).expectSame(as: RunResult(lethe.file("parts")))
    // fp32 gives other bits: the comparison can fail.
    #expect(try lethe.run(trainGAN(6, "--output", "exact")).exitCode == 0)
    #expect(try options("exact").contains(#""precision": "fp32""#))
    let (exact, rounded) = (
      try RunResult(lethe.file("exact")), try RunResult(lethe.file("whole"))
    )
    #expect(exact.statistics != rounded.statistics)
  }

  @Test func `a run from before there was a choice goes on in fp32`() throws {
    #expect(try lethe.run(trainGAN(2, "--output", "run")).exitCode == 0)
    let record = try options("run").split(separator: "\n", omittingEmptySubsequences: false)
    let unknown = ["precision", "uses_graphs", "options_version"]
    let older = record.filter { line in
      !unknown.contains { line.contains("\"\($0)\"") }
    }.joined(separator: "\n")
      .replacing(/,(\s*)}/) { "\($0.1)}" }
    #expect(older.count < record.joined(separator: "\n").count)
    try older.write(to: lethe.file("run/options.json"), atomically: true, encoding: .utf8)
    let outcome = try lethe.run(trainGAN(4, "--output", "run", "--resume"))
    #expect(outcome.exitCode == 0, "\(outcome.errors)")
  }

  @Test(.enabled(if: isAvailable))
  func `pictures and times are made in bf16, too`() throws {
    for (file, precision) in [("a.png", "fp32"), ("b.png", "bf16"), ("c.png", "bf16")] {
      let outcome = try lethe.run(
        "generate", "--gan", "gan.pt", "--count", "4", "--precision", precision, "--output", file)
      #expect(outcome.exitCode == 0 && outcome.errors.isEmpty)
    }
    let files = try ["a.png", "b.png", "c.png"].map { try Data(contentsOf: lethe.file($0)) }
    #expect(files[0] != files[1] && files[1] == files[2])
    let outcome = try lethe.run(
      "bench", "iteration", "--size", "8", "--latent", "8", "--channel-cap", "4", "--batch", "4",
      "--iterations", "2", "--precision", "bf16", "--json")
    #expect(outcome.exitCode == 0 && outcome.output.contains(#""precision":"bf16""#))
  }
}
