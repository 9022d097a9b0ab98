import Foundation
import Kernels
import Testing
import Torch

/// `--kernels` and `LETHE_KERNELS`, from the command line to the record.
@Suite struct KernelsTests {
  private let lethe: CommandRunner
  private let bench = [
    "bench", "kernels", "--rounds", "1", "--batch", "1", "--channels", "4", "--side", "4", "--json",
  ]

  init() throws { lethe = try CommandRunner() }

  /// The route that a benchmark says it took.
  private func route(
    _ more: [String], environment: [String: String] = [:],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> String? {
    let outcome = try lethe.run(bench + more, environment: environment)
    #expect(outcome.exitCode == 0 && outcome.errors.isEmpty, sourceLocation: sourceLocation)
    let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    return (object as? [String: Any])?["kernels"] as? String
  }

  @Test(arguments: KernelRoute.available)
  func `the environment and the option name a route`(route: KernelRoute) throws {
    #expect(try self.route(["--kernels", "\(route)"]) == "\(route)")
    #expect(try self.route([], environment: ["LETHE_KERNELS": "\(route)"]) == "\(route)")
  }

  @Test func `the option has the last word`() throws {
    #expect(
      try route(["--kernels", "portable"], environment: ["LETHE_KERNELS": "libtorch"])
        == "portable")
  }

  @Test func `without either the tests' route is taken`() throws {
    #expect(try route([]) == "\(KernelRoute.current)")
  }

  @Test(arguments: [
    ["demo", "--output", "out"], ["train", "gan", "--data", "data", "--output", "out"],
    ["generate", "--gan", "gan.pt", "--output", "out.png"], ["bench", "iteration"],
    ["bench", "kernels", "--kernels", "libtorch"],
  ])
  func `an environment that names no route is refused before any work`(command: [String]) throws {
    let outcome = try lethe.run(command, environment: ["LETHE_KERNELS": "sse"])
    #expect(outcome.exitCode == 1 && outcome.output.isEmpty)
    #expect(
      outcome.errors
        == "Error: LETHE_KERNELS is 'sse', expected one of libtorch, portable, avx2, avx512, "
        + "avx512_bf16\n")
    #expect(try lethe.contents.isEmpty)
  }

  @Test func `an option that names no route is refused`() throws {
    let outcome = try lethe.run(bench + ["--kernels", "sse"])
    #expect(outcome.exitCode == 64)
    #expect(
      outcome.errors.hasPrefix(
        "Error: The value 'sse' is invalid for '--kernels <kernels>'. Please provide one of "
          + "'libtorch', 'portable', 'avx2', 'avx512' or 'avx512_bf16'."))
  }

  @Test(arguments: [["--kernels", "avx2"], []])
  func `a route that the processor lacks is refused`(more: [String]) throws {
    // libtorch keeps to what every processor has.
    var environment = ["ATEN_CPU_CAPABILITY": "default"]
    if more.isEmpty {
      environment["LETHE_KERNELS"] = "avx2"
    } else {
      environment["LETHE_KERNELS"] = "portable"
    }
    let outcome = try lethe.run(bench + more, environment: environment)
    #expect(outcome.exitCode == 1 && outcome.output.isEmpty)
    #expect(
      outcome.errors
        == "Error: kernels avx2 are not available here, where libtorch uses DEFAULT; "
        + "there are libtorch, portable\n")
  }

  @Test func `a run's record says which kernels computed`() throws {
    try TinyData.writeIDX(lethe.file("data"))
    let outcome = try lethe.run(
      "train", "gan", "--data", "data", "--size", "8", "--latent", "8", "--mapping-depth", "2",
      "--channel-cap", "4", "--batch", "4", "--iterations", "1", "--output", "out", "--kernels",
      "portable")
    #expect(outcome.exitCode == 0)
    let record = try JSONSerialization.jsonObject(
      with: Data(contentsOf: lethe.file("out/options.json")))
    let machine = (record as? [String: Any])?["machine"] as? [String: Any]
    #expect(machine?["kernels"] as? String == "portable")
  }
}
