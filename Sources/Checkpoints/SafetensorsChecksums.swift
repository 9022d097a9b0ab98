import Foundation
import Torch

/// The checksums in the safetensors files that Lethe writes, which are CRC-32.
///
/// Two entries of the metadata: `lethe.crc32` is JSON with the checksum of each tensor's bytes, and
/// `lethe.crc32.header` covers the names, types and shapes of the tensors and all of Lethe's own
/// metadata, the first entry included. Other programs read these files as any other, and may add
/// metadata of their own.
struct SafetensorsChecksums {
  /// How the metadata begin that the header's checksum covers.
  private static let prefix = "lethe."
  private static let tensorsKey = "lethe.crc32"
  private static let headerKey = "lethe.crc32.header"

  /// What the header says of one tensor.
  typealias Fact = (name: String, typeName: String, shape: [Int])

  // MARK: Writing

  /// What a file records, with the two entries for all tensors that it will hold.
  static func added(to metadata: [String: String], of tensors: StateDict) throws -> [String: String]
  {
    var checksums: [String: String] = [:]
    for (name, tensor) in tensors {
      // On one processor: this may be the thread that writes while training goes on.
      checksums[name] = hexadecimal(tensor.withUnsafeBytes { Checksum.of($0) })
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var result = metadata
    result[tensorsKey] = String(decoding: try encoder.encode(checksums), as: UTF8.self)
    let facts = tensors.map { Fact($0.key, $0.value.scalarType.safetensorsName, $0.value.shape) }
    result[headerKey] = hexadecimal(header(facts, result))
    return result
  }

  // MARK: Reading

  /// Takes the two entries out of a file's metadata: the checksum of each tensor that has one.
  ///
  /// The header's own is compared.
  static func taken(
    from metadata: inout [String: String], _ facts: [Fact], of file: MappedFile
  ) throws -> [String: UInt32] {
    let words = metadata
    let (tensors, own) = (
      metadata.removeValue(forKey: tensorsKey), metadata.removeValue(forKey: headerKey)
    )
    guard own.map({ $0 == hexadecimal(header(facts, words)) }) ?? true else {
      throw file.differsFromChecksum("the safetensors header")
    }
    guard let tensors else { return [:] }
    guard
      let texts = try? JSONDecoder().decode([String: String].self, from: Data(tensors.utf8)),
      case let checksums = texts.compactMapValues({ UInt32($0, radix: 16) }),
      checksums.count == texts.count
    else { throw file.damaged("the metadata \(tensorsKey)", "are no checksums of tensors") }
    return checksums
  }

  /// The checksum of what the header says, whatever the order.
  private static func header(_ facts: [Fact], _ metadata: [String: String]) -> UInt32 {
    let lines =
      facts.sorted { $0.name < $1.name }.map { "\($0.name) \($0.typeName) \($0.shape)\n" }
      + metadata.filter { $0.key.hasPrefix(prefix) && $0.key != headerKey }
      .sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }
    return Checksum.of(lines.joined())
  }

  private static func hexadecimal(_ checksum: UInt32) -> String {
    String(format: "%08x", checksum)
  }
}
