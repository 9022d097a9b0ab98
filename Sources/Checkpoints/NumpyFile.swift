import Files
public import Foundation
public import Torch

/// Arrays of numbers that NumPy wrote, by their names: `.npz`, `.npy`, or a pickle that is a dictionary
/// of arrays.
///
/// ```swift
/// let file = try NumpyFile.read(url)
/// file?.arrays["mu"]  // [2048], float64
/// ```
///
/// Arrays of `<f4` and `<f8` are read, in either order of elements. Whatever else is there is listed
/// in ``skipped``; arrays of Python objects are pickles within, and stay unread. Nothing in a file is
/// run.
public struct NumpyFile: Sendable {
  /// The arrays, `float32` or `float64`, in the order of the file; that of an `.npy` is `array`.
  public let arrays: StateDict
  /// The plain values of a pickle, by their names.
  public let values: [String: CheckpointValue]
  /// What is neither, with the reasons.
  public let skipped: [(name: String, reason: String)]

  /// Reads a file, whatever its name ends in.
  ///
  /// - Parameter url: the file.
  /// - Returns: what it holds; nil if it is of safetensors.
  /// - Throws: ``CheckpointError`` if there is no such file, it holds nothing of NumPy, is cut off,
  ///   damaged or of a kind that is not read; `TorchError` if memory runs out.
  public static func read(_ url: URL) throws -> NumpyFile? {
    let file = try MappedFile(url)
    if NumpyArray.isMarked(file.bytes) {
      var contents = NumpyContents()
      try contents.add(NumpyArray(file.bytes, part: "the array", of: file), as: "array")
      return contents.file
    }
    switch try FileContent.recognize(file) {
    case .safetensors: return nil
    case .zip: return try archive(file)
    case .pickle: return try pickle(file)
    case .tar:
      throw CheckpointError.notACheckpoint(path: file.path, found: "a tar archive")
    }
  }

  fileprivate init(_ contents: NumpyContents) {
    arrays = contents.arrays
    values = contents.values
    skipped = contents.skipped
  }

  // MARK: - Archives

  private static func archive(_ file: MappedFile) throws -> NumpyFile {
    let archive = try ZipArchive(file)
    let ending = ".npy"
    guard archive.entries.contains(where: { $0.name.hasSuffix(ending) }) else {
      throw CheckpointError.notACheckpoint(
        path: file.path, found: "a zip archive without arrays of NumPy")
    }
    // Statistics hardly shrink; a file of zeros that claims gigabytes is none.
    let limit = 64 << 20 + 16 * file.count
    var (contents, total) = (NumpyContents(), 0)
    for entry in archive.entries {
      total += entry.count
      guard total <= limit else {
        throw file.damaged(
          "entry \(entry.name)",
          "the arrays unpack to more than \(limit) bytes from a file of \(file.count)")
      }
      guard entry.name.hasSuffix(ending) else {
        contents.skipped.append((entry.name, "it is no array of NumPy (.npy)"))
        continue
      }
      let content = try archive.content(of: entry)
      try withExtendedLifetime(content) {
        try contents.add(
          NumpyArray(content.bytes, part: "array \(entry.name)", of: file),
          as: String(entry.name.dropLast(ending.count)))
      }
    }
    return contents.file
  }

  // MARK: - Pickles

  /// Names that a pickle may hold, lists within lists included.
  private static let nameLimit = 1 << 16

  private static func pickle(_ file: MappedFile) throws -> NumpyFile {
    let part = "the pickle"
    let arena = PickleArena()
    var reader = PickleReader(file.bytes, part: part, of: file, arena: arena) { _ in
      throw file.damaged(part, "refers to what is outside of it")
    }
    let root = try reader.read()
    guard reader.position == file.count else {
      throw CheckpointError.unsupported(
        path: file.path, part: part,
        what: "\(file.count - reader.position) bytes follow it, and one pickle per file is read")
    }
    guard case .dictionary(let mapping) = root else {
      throw CheckpointError.notACheckpoint(
        path: file.path, found: "a Python pickle that is no dictionary of arrays")
    }
    var (contents, count) = (NumpyContents(), 0)
    try withExtendedLifetime(arena) {
      try contents.add(mapping, under: "", in: file, counting: &count, atMost: nameLimit)
    }
    return contents.file
  }
}

/// A file of NumPy while it is read.
private struct NumpyContents {
  var arrays = StateDict()
  var values: [String: CheckpointValue] = [:]
  var skipped: [(name: String, reason: String)] = []

  var file: NumpyFile { NumpyFile(self) }

  mutating func add(_ array: NumpyArray, as name: String) throws {
    guard arrays[name] == nil, values[name] == nil else {
      skipped.append((name, "another array has the same name"))
      return
    }
    switch array.content {
    case .skipped(let reason): skipped.append((name, reason))
    case .tensor(let tensor): arrays[name] = tensor
    }
  }

  /// A dictionary and those within, by dotted names; as in Python, the last value of a key counts.
  mutating func add(
    _ mapping: PickleMapping, under prefix: String, in file: MappedFile, counting count: inout Int,
    atMost limit: Int
  ) throws {
    count += mapping.pairs.count
    guard count <= limit else {
      throw file.damaged("the pickle", "holds more than \(limit) names")
    }
    var last: [String: Int] = [:]
    for (index, pair) in mapping.pairs.enumerated() {
      if let key = pair.key.string { last[key] = index }
    }
    for (index, pair) in mapping.pairs.enumerated() {
      guard let key = pair.key.string else {
        skipped.append((prefix + "?", "its key is no text"))
        continue
      }
      guard last[key] == index else { continue }
      let name = prefix + key.prefix(256)
      switch pair.value {
      case .none: values[name] = CheckpointValue.none
      case .bool(let value): values[name] = .bool(value)
      case .integer(let value): values[name] = .integer(value)
      case .float(let value): values[name] = .number(value)
      case .string(let value): values[name] = .text(value)
      case .dictionary(let inner) where prefix.isEmpty:
        try add(inner, under: "\(name).", in: file, counting: &count, atMost: limit)
      case .object(let object):
        guard let array = try NumpyArray(object, part: "array \(name)", of: file) else {
          skipped.append(
            (name, "an object of class \(object.className); Lethe runs no code of a file"))
          continue
        }
        try add(array, as: name)
      default: skipped.append((name, "it is no array and no plain value"))
      }
    }
  }
}
