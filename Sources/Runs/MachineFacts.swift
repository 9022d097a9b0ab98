import Foundation

/// The machine of a run: the facts needed to assess its times and to reproduce its bits.
public struct MachineFacts: Sendable, Equatable {
  /// The processor as it names itself, `"AMD EPYC 9575F 64-Core Processor"`.
  public var processor: String
  /// The vector instructions the engine uses, `"AVX512"`; nil where there is no engine.
  ///
  /// Processors of one name may differ in them, and so may the last bits of results.
  public var instructions: String?
  /// Which of the engine's kernels compute, `"avx512"`; nil where there is no engine.
  public var kernels: String?
  /// Where the engine computes, `"cpu"` or `"cuda:0"`; nil where there is no engine.
  public var device: String?
  /// Processor cores that the system lets this process see.
  public var cores: Int
  /// Threads the engine uses; nil where there is no engine.
  public var threads: Int?
  /// Memory of the machine in bytes.
  public var memoryBytes: UInt64
  /// The operating system with its version.
  public var system: String

  /// This machine, now.
  ///
  /// - Parameters:
  ///   - threads: How many threads the engine uses.
  ///   - instructions: The vector instructions the engine uses.
  ///   - kernels: Which of the engine's kernels compute.
  ///   - device: Where the engine computes.
  /// - Returns: what the system says of itself.
  public static func current(
    threads: Int? = nil, instructions: String? = nil, kernels: String? = nil,
    device: String? = nil
  ) -> MachineFacts {
    let information = ProcessInfo.processInfo
    return MachineFacts(
      processor: processorName(), instructions: instructions, kernels: kernels, device: device,
      cores: information.activeProcessorCount, threads: threads,
      memoryBytes: information.physicalMemory,
      system: information.operatingSystemVersionString)
  }

  /// The facts as options.json holds them.
  public var json: JSON {
    [
      "processor": .string(processor), "instructions": JSON(instructions),
      "kernels": JSON(kernels), "device": JSON(device),
      "cores": .integer(cores), "threads": JSON(threads), "memory_bytes": JSON(memoryBytes),
      "system": .string(system),
    ]
  }

  private static func processorName() -> String {
    #if canImport(Darwin)
      var size = 0
      sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0)
      var bytes = [UInt8](repeating: 0, count: size)
      sysctlbyname("machdep.cpu.brand_string", &bytes, &size, nil, 0)
      let name = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    #else
      let facts = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
      let line = facts.split(separator: "\n").first { $0.hasPrefix("model name") }
      let name = line?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces) ?? ""
    #endif
    return name.isEmpty ? "unknown" : name
  }
}
