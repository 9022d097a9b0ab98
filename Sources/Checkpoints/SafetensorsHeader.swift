public import Foundation
public import Torch

/// What a safetensors file says about itself before the data: names, types, shapes, metadata.
///
/// <https://github.com/huggingface/safetensors#format>: 8 bytes with the length of a JSON object, that
/// object, then the elements of all tensors without gaps.
public struct SafetensorsHeader: Sendable, Equatable {
  /// One tensor of the file.
  public struct Entry: Sendable, Equatable {
    /// The tensor's name.
    public let name: String
    /// The element type as the format spells it, such as `F32`.
    public let typeName: String
    /// The sizes.
    public let shape: [Int]
    /// Where the elements lie, in bytes from the end of the header.
    public let offsets: Range<Int>
    /// What the elements' checksum was when they were written; nil where the file has none.
    var checksum: UInt32?

    var start: Int { offsets.lowerBound }
    var end: Int { offsets.upperBound }

    /// The element type; nil for one that Lethe does not use, such as `F8_E4M3`.
    public var scalarType: ScalarType? { ScalarType(safetensors: typeName) }
  }

  /// The tensors, in the order in which the header lists them.
  public let entries: [Entry]
  /// Free text under names, without the checksums of Lethe's own files.
  public let metadata: [String: String]
  /// Where the data starts, in bytes from the start of the file.
  let dataOffset: Int

  /// Reads and checks the header alone; the elements are not touched.
  ///
  /// - Parameter url: the file.
  /// - Returns: the header.
  /// - Throws: ``CheckpointError`` if it is no safetensors file, or contradicts itself.
  public static func read(_ url: URL) throws -> SafetensorsHeader {
    try SafetensorsHeader(MappedFile(url))
  }

  /// The bound that the format itself sets to the header's length.
  private static let lengthLimit = 100_000_000

  init(_ file: MappedFile) throws {
    guard let length = file.integer(at: 0, as: UInt64.self) else {
      throw file.truncated(in: "the length of the safetensors header")
    }
    guard length <= Self.lengthLimit else {
      throw file.damaged(
        "the safetensors header",
        "says it is \(length) bytes long, at most "
          + "\(Self.lengthLimit) are allowed")
    }
    guard let json = file.slice(at: 8, count: Int(length)) else {
      throw file.truncated(in: "the safetensors header, which says it is \(length) bytes long")
    }
    var reader = SafetensorsHeaderReader(json, of: file)
    try reader.readHeader()
    dataOffset = 8 + Int(length)
    var metadata = reader.metadata
    let checksums = try SafetensorsChecksums.taken(
      from: &metadata, reader.entries.map { ($0.name, $0.typeName, $0.shape) }, of: file)
    entries = reader.entries.map { entry in
      var entry = entry
      entry.checksum = checksums[entry.name]
      return entry
    }
    self.metadata = metadata
    try checkOffsets(in: file)
  }

  /// Every byte of the data belongs to exactly one tensor, and every tensor has the bytes it needs.
  private func checkOffsets(in file: MappedFile) throws {
    let available = file.count - dataOffset
    var end = 0
    let sorted = entries.sorted { ($0.start, $0.end) < ($1.start, $1.end) }
    for entry in sorted {
      let part = "tensor \(entry.name)"
      guard entry.start == end else {
        throw file.damaged(
          part,
          "starts at byte \(entry.start) of the data, where "
            + "the tensor before it ends at \(end)")
      }
      end = entry.end
      guard end <= available else { throw file.truncated(in: part) }
      guard let elementBytes = Self.elementBytes(entry.typeName) else { continue }
      guard packedByteCount(of: entry.shape, elementBytes: elementBytes) == entry.offsets.count
      else {
        throw file.damaged(
          part,
          "\(entry.typeName) of shape \(entry.shape) does not fill its "
            + "\(entry.offsets.count) bytes")
      }
    }
    guard end == available else {
      throw file.damaged("the data", "\(available - end) bytes at the end belong to no tensor")
    }
  }

  /// The bytes of one element; nil for types that are smaller than a byte, or unknown.
  private static func elementBytes(_ typeName: String) -> Int? {
    switch typeName {
    case "F64", "I64", "U64", "C64": 8
    case "F32", "I32", "U32": 4
    case "F16", "BF16", "I16", "U16": 2
    case "I8", "U8", "BOOL", "F8_E4M3", "F8_E5M2", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ": 1
    default: nil
    }
  }
}

extension ScalarType {
  /// The type that safetensors calls `name`.
  init?(safetensors name: String) {
    guard let type = Self.allCases.first(where: { $0.safetensorsName == name }) else { return nil }
    self = type
  }

  /// What safetensors calls the type.
  var safetensorsName: String {
    switch self {
    case .float64: "F64"
    case .float32: "F32"
    case .float16: "F16"
    case .bfloat16: "BF16"
    case .int64: "I64"
    case .int32: "I32"
    case .int16: "I16"
    case .int8: "I8"
    case .uint8: "U8"
    case .bool: "BOOL"
    }
  }
}
