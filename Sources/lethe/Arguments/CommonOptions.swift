import ArgumentParser
import Foundation
import Torch

/// What every command that computes takes.
struct ComputeOptions: ParsableArguments {
  @Option(parsing: .unconditional, help: "Where all random numbers start.")
  var seed: UInt64 = 0

  @Option(help: "cpu, cuda, cuda:1 or mps.")
  var device: Device = .cpu

  @Option(parsing: .unconditional, help: "Threads an operator may use (default: one a core).")
  var threads: Int?

  func validate() throws {
    if let threads, !(1...4096).contains(threads) {
      throw ValidationError("--threads is \(threads), expected 1 to 4096")
    }
  }

  /// Checks the device, and whether it computes in that precision; sets the threads.
  func apply(_ precision: Precision = .fp32) throws {
    try device.requireAvailable()
    try precision.requireAvailable(on: device)
    if let threads { try Torch.setThreadCount(threads) }
  }

  /// The root of the command's randomness.
  var random: RandomGenerator { RandomGenerator(seed: seed, device: device) }
}

extension Device: ExpressibleByArgument {
  /// Reads `cpu`, `cuda`, `cuda:1` or `mps`.
  public init?(argument: String) { self.init(name: argument) }
}

extension PixelRange: ExpressibleByArgument {}

extension Precision: ExpressibleByArgument {}
