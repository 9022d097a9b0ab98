import Files
public import Foundation
public import Torch

/// Tensors and free text in the safetensors format: what Lethe's snapshots are.
///
/// ```swift
/// try SafetensorsFile(tensors: model.stateDict, metadata: ["kimg": "40"]).write(to: url)
/// let file = try SafetensorsFile.read(url)
/// ```
///
/// The same content gives the same bytes. Every snapshot is one whole file or none: see
/// ``write(to:replacing:)``. What is written carries a checksum of each tensor and of the header,
/// which reading compares; files of others need none.
public struct SafetensorsFile: Sendable {
  /// The tensors, in the order of the header.
  public var tensors: StateDict
  /// Free text under names.
  public var metadata: [String: String]

  /// A file's content.
  ///
  /// - Parameters:
  ///   - tensors: the tensors.
  ///   - metadata: free text under names.
  public init(tensors: StateDict, metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }
}

// MARK: - Reading

extension SafetensorsFile {
  /// Reads a file.
  ///
  /// Large tensors are mapped, not copied: as ``Checkpoint/read(_:where:)`` does.
  ///
  /// - Parameter url: the file.
  /// - Returns: its tensors and metadata.
  /// - Throws: ``CheckpointError`` if the file is not there, is no safetensors file, contradicts
  ///   itself, or holds a type of element that Lethe does not use; `TorchError` if memory runs out.
  public static func read(_ url: URL) throws -> SafetensorsFile {
    let file = try MappedFile(url)
    let header = try SafetensorsHeader(file)
    var tensors = StateDict()
    for entry in header.entries {
      guard let tensor = try entry.tensor(in: file, dataOffset: header.dataOffset) else {
        throw CheckpointError.unsupported(
          path: file.path, part: "tensor \(entry.name)",
          what: "elements of type \(entry.typeName), which Lethe does not use")
      }
      tensors[entry.name] = tensor
    }
    return SafetensorsFile(tensors: tensors, metadata: header.metadata)
  }
}

extension SafetensorsHeader.Entry {
  /// The tensor, compared with its checksum; nil if Lethe has no such type of element.
  func tensor(in file: MappedFile, dataOffset: Int) throws -> Tensor? {
    guard let scalarType else { return nil }
    guard let bytes = file.slice(at: dataOffset + offsets.lowerBound, count: offsets.count) else {
      throw file.truncated(in: "tensor \(name)")
    }
    guard checksum.map({ $0 == Checksum.ofMany(bytes) }) ?? true else {
      throw file.differsFromChecksum("tensor \(name)")
    }
    return try Tensor.fromFile(
      FileBytes(bytes: bytes, owner: file), scalarType: scalarType, shape: shape)
  }
}

extension Tensor {
  /// Smaller tensors are copied, so that keeping them does not keep the file open.
  static let smallestBorrowing = 64 << 10

  /// A tensor of bytes that may be anything: truth values other than 0 and 1 become 1.
  ///
  /// Large ones are not copied; they keep the bytes' owner.
  static func fromFile(
    _ content: FileBytes, scalarType: ScalarType, shape: [Int]
  ) throws -> Tensor {
    let bytes = content.bytes
    // To C++ a bool of another value is undefined behaviour.
    if scalarType == .bool, bytes.contains(where: { $0 > 1 }) {
      return try bytes.map { $0 == 0 ? UInt8(0) : 1 }.withUnsafeBytes {
        try Tensor(bytes: $0, scalarType: .bool, shape: shape)
      }
    }
    guard bytes.count >= smallestBorrowing, let owner = content.owner,
      Int(bitPattern: bytes.baseAddress) % scalarType.byteCount == 0
    else { return try Tensor(bytes: bytes, scalarType: scalarType, shape: shape) }
    return try Tensor(
      borrowing: UnsafeMutableRawBufferPointer(mutating: bytes), keptBy: owner,
      scalarType: scalarType, shape: shape)
  }
}

// MARK: - Writing

extension SafetensorsFile {
  /// Writes the file, or leaves everything as it was.
  ///
  /// The bytes go beside the destination, are forced to the disk, and take its name in one step: at
  /// no moment is there half a file, and an older one survives until the new one is whole.
  ///
  /// - Parameters:
  ///   - url: the destination; its folder exists.
  ///   - isReplacing: whether a file that is there already may be replaced.
  /// - Throws: ``CheckpointError`` if it is a folder, exists and shall stay, or cannot be written.
  public func write(to url: URL, replacing isReplacing: Bool = true) throws {
    guard tensors["__metadata__"] == nil else {
      throw CheckpointError.unwritable(
        path: url.path, reason: "safetensors reserves the tensor name __metadata__")
    }
    try url.requireWritable(replacing: isReplacing)
    let order = dataOrder
    let header = Data(header(order: order, try wordsWithChecksums(url)).utf8)
    do {
      try AtomicFile.write(to: url) { writer throws(FileError) in
        try writer.append(withUnsafeBytes(of: UInt64(header.count).littleEndian) { Data($0) })
        try writer.append(header)
        for entry in order {
          try entry.tensor.withUnsafeBytes { bytes throws(FileError) in try writer.append(bytes) }
        }
      }
    } catch {
      throw CheckpointError.unwritable(path: error.path, reason: error.reason)
    }
  }

  private func wordsWithChecksums(_ url: URL) throws -> [String: String] {
    do {
      return try SafetensorsChecksums.added(to: metadata, of: tensors)
    } catch {
      throw CheckpointError.unwritable(path: url.path, reason: "\(error)")
    }
  }

  private struct Placed {
    let name: String
    let tensor: Tensor
    let offset: Int
  }

  /// Large elements first, so that each tensor is aligned to its elements.
  private var dataOrder: [Placed] {
    var offset = 0
    var order: [Placed] = []
    for size in [8, 4, 2, 1] {
      for (name, tensor) in tensors where tensor.scalarType.byteCount == size {
        order.append(Placed(name: name, tensor: tensor, offset: offset))
        offset += tensor.byteCount
      }
    }
    return order
  }

  /// The JSON object, padded so that the data starts at a multiple of 8 bytes.
  private func header(order: [Placed], _ words: [String: String]) -> String {
    let offsets = Dictionary(uniqueKeysWithValues: order.map { ($0.name, $0.offset) })
    let pairs = words.sorted { $0.key < $1.key }
      .map { "\(quoted($0.key)):\(quoted($0.value))" }
    var fields = ["\"__metadata__\":{\(pairs.joined(separator: ","))}"]
    for (name, tensor) in tensors {
      let start = offsets[name] ?? 0
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      fields.append(
        "\(quoted(name)):{\"dtype\":\"\(tensor.scalarType.safetensorsName)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(start),\(start + tensor.byteCount)]}")
    }
    let json = "{\(fields.joined(separator: ","))}"
    return json + String(repeating: " ", count: (8 - json.utf8.count % 8) % 8)
  }

  /// A JSON string.
  private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\u{0}"..<" ":
        result += String(format: "\\u%04x", scalar.value)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
