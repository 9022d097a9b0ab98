#if os(Linux)
  import Foundation
  import Testing

  /// Memory, threads and disk that are refused: a command ends by itself, with a sentence.
  @Suite struct StarvedTests {
    private let lethe: CommandRunner

    init() throws {
      lethe = try CommandRunner()
      try TinyData.writeIDX(lethe.file("data"))
    }

    /// Runs the command with so many KiB of addresses; nil where not even its libraries fit into them.
    private func run(
      _ arguments: [String], addresses: Int
    ) throws -> CommandRunner.Outcome? {
      let script = #"ulimit -v \#(addresses); exec "$0" "$@""#
      guard try lethe.run(["--version"], by: script).exitCode == 0 else { return nil }
      return try lethe.run(arguments, environment: ["OMP_NUM_THREADS": "2"], by: script)
    }

    private func training(_ size: Int, _ channels: Int, batch: Int) -> [String] {
      [
        "train", "gan", "--data", "data", "--size", "\(size)", "--channel-cap", "\(channels)",
        "--batch", "\(batch)", "--iterations", "2", "--snapshot-every", "1", "--output", "run",
      ]
    }

    @Test(arguments: [500_000, 600_000, 700_000])
    func `R01 a run ends where threads and memory are scarce`(addresses: Int) throws {
      // More threads than have room, and few to work with.
      let arguments = training(8, 4, batch: 4) + ["--threads", "64"]
      guard let outcome = try run(arguments, addresses: addresses) else { return }
      #expect([0, 1].contains(outcome.exitCode), "\(outcome.errors)")
      if outcome.exitCode == 1 { #expect(outcome.errors.contains("Error: out of memory")) }
      #expect(try !lethe.contents.contains { $0.hasSuffix(".partial") })
    }

    @Test(arguments: [600_000, 700_000, 900_000])
    func `R03 refused memory is a sentence with what to lower`(addresses: Int) throws {
      let arguments = training(256, 64, batch: 16)
      guard let outcome = try run(arguments, addresses: addresses) else { return }
      #expect(outcome.exitCode == 1)
      let last = try #require(outcome.errors.split(separator: "\n").last)
      #expect(last.hasPrefix("Error: out of memory"))
      #expect(
        last.hasSuffix(
          ": lower --batch, --size, --channel-cap or --threads, or let the process have more memory"
        ))
    }

    @Test func `R03 more pictures than memory holds are refused before the first`() throws {
      try TinyModels.writeGAN(lethe.file("gan.pt"))
      let before = try lethe.contents
      let outcome = try lethe.run(
        "generate", "--gan", "gan.pt", "--count", "1000000000", "--output", "grid.png")
      #expect(outcome.exitCode == 1)
      #expect(
        outcome.errors.hasPrefix(
          "Error: 1000000000 pictures of 8x8 are too many for one grid, which memory must hold: "))
      #expect(try lethe.contents == before)
    }

    @Test func `F02 a file that may not grow is an error, and nothing half-written stays`() throws {
      let outcome = try lethe.run(
        training(8, 4, batch: 4), by: #"ulimit -f 16; exec "$0" "$@""#)
      #expect(outcome.exitCode == 1)
      #expect(outcome.errors.contains("File too large"))
      #expect(try !lethe.contents.contains { $0.hasSuffix(".partial") })
    }
  }
#endif
