import Foundation
import TestSupport
import Testing

/// What `lethe bench` prints, and what it refuses; never how long anything takes.
@Suite struct BenchTests {
  private let lethe: CommandRunner
  private let tiny = [
    "--size", "8", "--latent", "8", "--mapping-depth", "2", "--channel-cap", "4",
  ]
  private let machine = [
    "threads", "libtorch", "processor", "instructions", "kernels", "peak_rss_mb",
  ]

  private let folder: TemporaryFolder

  init() throws {
    lethe = try CommandRunner()
    folder = try TemporaryFolder()
  }

  /// Runs a benchmark and returns what it printed as JSON, on one line.
  private func figures(
    _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [String: Any] {
    let outcome = try lethe.run(
      ["bench"] + arguments + ["--json"], sourceLocation: sourceLocation)
    #expect(outcome.exitCode == 0 && outcome.errors.isEmpty, sourceLocation: sourceLocation)
    #expect(outcome.output.split(separator: "\n").count == 1, sourceLocation: sourceLocation)
    #expect(try lethe.contents.isEmpty, sourceLocation: sourceLocation)
    let object = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    return try #require(object as? [String: Any], sourceLocation: sourceLocation)
  }

  private func rows(
    _ figures: [String: Any], sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [[String: Any]] {
    try #require(figures["rows"] as? [[String: Any]], sourceLocation: sourceLocation)
  }

  @Test func `an iteration is told by phase, with its convolutions' share`() throws {
    let result = try figures(["iteration", "--batch", "4", "--iterations", "2"] + tiny)
    #expect(
      Set(result.keys)
        == Set(
          [
            "variant", "ms_per_iteration", "ms_range", "d", "r1", "g", "path", "finish",
            "iterations", "network", "batch", "precision", "convolution_ms", "convolution_fraction",
            "convolution_ms_by_phase", "convolution_gflop", "convolution_gflop_per_second",
            "libtorch_convolution_ms", "libtorch_convolution_fraction",
            "libtorch_convolution_ms_by_phase", "libtorch_convolution_gflop_per_second",
          ] + machine))
    #expect(result["variant"] as? String == "plain")
    #expect(result["iterations"] as? Int == 2)
    let phases = try #require(result["convolution_ms_by_phase"] as? [String: Double])
    #expect(Set(phases.keys) == ["d", "r1", "g", "path"])
    #expect(phases.values.allSatisfy { $0 > 0 })
  }

  @Test func `the convolutions can be left out`() throws {
    let result = try figures(
      ["iteration", "--batch", "4", "--iterations", "2", "--no-convolutions"] + tiny)
    #expect(result.keys.allSatisfy { !$0.contains("convolution") })
  }

  @Test(arguments: [
    (["--ewc"], "ewc"), (["--adapted", "3"], "EL2 K=3"),
    (["--adapted", "2", "--loss", "reci", "--closed-loop"], "IL2 K=2 closed loop"),
    (["--adapted", "1", "--redirection"], "EL2 K=1 closed loop, retention and redirection"),
  ])
  func `stage one and two are variants of the iteration`(more: [String], name: String) throws {
    let result = try figures(
      ["iteration", "--batch", "4", "--iterations", "2", "--no-convolutions"] + more + tiny)
    #expect(result["variant"] as? String == name)
  }

  @Test func `all variants are compared with a plain iteration`() throws {
    let result = try figures(
      [
        "iteration", "--compare", "--rounds", "1", "--batch", "4", "--no-convolutions",
        "--r1-interval", "6",
      ] + tiny)
    // R1 every 6 iterations and path length every 4 fall together every 12.
    #expect(result["iterations_per_round"] as? Int == 12)
    let rows = try rows(result)
    #expect(
      rows.map { $0["name"] as? String } == [
        "plain", "ewc", "EL2 K=1", "EL2 K=5", "EL2 K=5 closed loop",
        "EL2 K=5 closed loop, retention and redirection",
      ])
    #expect(rows[0]["ratio_to_plain"] as? Double == 1)
    #expect(rows.allSatisfy { $0["ratio_range"] is [Double] && $0["ms_range"] is [Double] })
    #expect(result["ratio_adapted_to_one"] is Double)
  }

  @Test func `the Fisher information is told in steps of the generator`() throws {
    let result = try figures(
      ["fisher", "--samples", "8", "--rounds", "1", "--batch", "4"] + tiny)
    #expect(
      Set(result.keys)
        == Set(
          [
            "fisher_ms", "fisher_ms_range", "generator_step_ms", "generator_steps",
            "generator_steps_range", "samples", "network", "batch",
          ] + machine))
  }

  @Test func `sampling is told by batch size, and with a judge`() throws {
    let result = try figures(
      ["sampling", "--samples", "8", "--rounds", "1", "--batch-sizes", "2", "4"] + tiny)
    #expect(
      Set(result.keys)
        == Set(
          [
            "forward_per_second", "best_batch", "pictures_per_second", "judged_per_second",
            "judged_per_second_range", "judged_to_forward", "judged_to_forward_range", "samples",
            "network", "rows",
          ] + machine))
    #expect(try rows(result).map { $0["batch"] as? Int } == [2, 4])
  }

  @Test func `files are written, read and loaded, and leave nothing behind`() throws {
    let result = try figures(["files", "--rounds", "1"] + tiny)
    #expect(
      Set(result.keys)
        == Set(["file_mb", "load_to_read", "load_to_read_range", "network", "rows"] + machine))
    #expect(try rows(result).map { $0["name"] as? String } == ["pause", "write", "read", "load"])
  }

  @Test func `every kernel is told beside a copy`() throws {
    let result = try figures(
      ["kernels", "--rounds", "1", "--batch", "2", "--channels", "4", "--side", "8"])
    #expect(Set(result.keys) == Set(["shape", "rows"] + machine))
    let rows = try rows(result)
    #expect(
      rows.map { $0["name"] as? String } == [
        "bias, leaky ReLU", "scaled channels", "styled activation", "to RGB", "from RGB", "blur",
        "blur, wider by 1", "blur, half the size", "blur, twice the size",
      ])
    for row in rows {
      #expect(
        Set(row.keys) == [
          "name", "forward_gb_per_second", "backward_gb_per_second", "copy_gb_per_second",
          "forward_to_copy", "backward_to_copy",
        ])
    }
  }

  /// Writes features as NumPy does: seeded numbers, in single precision.
  private func features(_ count: Int, _ width: Int, _ name: String) throws -> String {
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(count), \(width)), }"
    header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
    var data = Data([0x93] + "NUMPY".utf8 + [1, 0])
    withUnsafeBytes(of: UInt16(header.utf8.count).littleEndian) { data.append(contentsOf: $0) }
    data.append(contentsOf: header.utf8)
    var random = SeededGenerator(seed: UInt64(count))
    for _ in 0..<count * width {
      let value = Float.random(in: 0..<1, using: &random)
      withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
    }
    return try folder.write(data, to: name).path
  }

  @Test func `metrics are timed on the features of two files, and say what they measured`() throws {
    let arguments = [
      "metrics", "--features", try features(60, 4, "a.npy"), "--reference",
      try features(50, 4, "b.npy"),
    ]
    let result = try figures(arguments + ["--rounds", "1"])
    #expect(result["generated"] as? String == "[60, 4]" && result["real"] as? String == "[50, 4]")
    let rows = try rows(result)
    #expect(
      rows.compactMap { $0["name"] as? String } == [
        "frechet distance", "kernel distance", "precision, recall", "density, coverage",
      ])
    let distance = try #require(rows[0]["value"] as? Double)
    #expect(distance > 0 && distance < 1)
    let shares = try #require(rows[2]["value"] as? [Double])
    #expect(shares.allSatisfy { (0.5...1).contains($0) })
    let outcome = try lethe.run(
      "bench", "metrics", "--features", folder.write([1, 2, 3], to: "c.npy").path, "--reference",
      arguments[4])
    #expect(outcome.exitCode == 1)
    #expect(
      outcome.errors.hasSuffix(
        "c.npy: the features: no array of float32 or float64 of shape [pictures, features]; "
          + "numpy.save writes one\n"))
  }

  @Test func `without --json the figures are a list and a table`() throws {
    let outcome = try lethe.run(
      ["bench", "files", "--rounds", "1"] + tiny)
    #expect(outcome.exitCode == 0)
    let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.first?.hasPrefix("file_mb ") == true)
    let table = try #require(lines.firstIndex(of: ""))
    #expect(lines[table + 1].split(separator: " ") == ["ms", "ms_range", "mb_per_second"])
    #expect(
      lines[(table + 2)...].prefix(4).map { $0.prefix(5) } == ["pause", "write", "read ", "load "])
  }

  @Test(arguments: [
    (["iteration", "--iterations", "1"], "--iterations is 1, expected at least 2"),
    (["iteration", "--time-limit", "-3"], "--time-limit is -3.0, expected seconds above 0"),
    (["iteration", "--adapted", "0"], "--adapted is 0, expected 1 to 1000 generators"),
    (
      ["iteration", "--adapted", "1", "--loss", "none"],
      "--loss none is a plain iteration: leave out --loss and --adapted"
    ),
    (["files", "--rounds", "0"], "--rounds is 0, expected 1 to 1000"),
    (
      ["fisher", "--samples", "6"],
      "--samples is 6, expected 1 to 4 or a multiple of 4, at most 65536"
    ),
    (["sampling", "--samples", "0"], "--samples is 0, expected at least 1"),
    (
      ["sampling", "--batch-sizes", "0"],
      "--batch-sizes is [0], expected numbers from 1 to 65536"
    ),
    (
      ["evaluation", "--samples", "10"],
      "--samples is 10, expected at least 100, so that every class is among them"
    ),
    (["kernels", "--side", "7"], "--side is 7, expected an even number from 4 to 4096"),
    (["kernels", "--batch", "0"], "--batch is 0, expected 1 to 65536"),
  ])
  func `what cannot be measured is refused`(arguments: [String], message: String) throws {
    let outcome = try lethe.run(["bench"] + arguments)
    #expect(outcome.exitCode == 64)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.split(separator: "\n").first ?? "" == "Error: \(message)")
  }

  @Test func `a size that no network has is refused by name`() throws {
    for command in ["iteration", "fisher", "sampling", "files"] {
      let outcome = try lethe.run("bench", command, "--size", "33")
      #expect(outcome.exitCode == 1)
      #expect(outcome.errors == "Error: size is 33, expected a power of two from 8 to 1024\n")
    }
  }

  @Test func `help names every benchmark`() throws {
    let outcome = try lethe.run("bench", "--help")
    #expect(outcome.exitCode == 0)
    for name in ["iteration", "fisher", "sampling", "evaluation", "files", "kernels", "metrics"] {
      #expect(outcome.output.contains("\n  \(name) "))
    }
  }
}
