import Checkpoints
import Foundation
import Testing
import Torch

/// A file that Scripts/fixtures/make_checkpoints.py wrote.
func fixture(_ name: String) throws -> URL {
  try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
    .appendingPathComponent(name)
}

extension Tensor {
  var rawBytes: [UInt8] { withUnsafeBytes { Array($0) } }
}

/// Compares two dictionaries bit by bit.
func expectEqual(
  _ tensors: StateDict, _ expected: StateDict, sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(Set(tensors.keys) == Set(expected.keys), sourceLocation: sourceLocation)
  for (name, tensor) in expected {
    guard let found = tensors[name] else { continue }
    #expect(found.description == tensor.description, "\(name)", sourceLocation: sourceLocation)
    #expect(found.rawBytes == tensor.rawBytes, "\(name)", sourceLocation: sourceLocation)
  }
}

/// What `body` throws, as a sentence without the folder in front of the file's name.
func message(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "no error"
  } catch let error as CheckpointError {
    return error.description.replacing(/^\S*\//, with: "")
  } catch {
    return "another error: \(error)"
  }
}

/// Random numbers that are the same in every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
