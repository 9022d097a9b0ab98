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
