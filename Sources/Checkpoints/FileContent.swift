/// What a file is, told from its bytes.
enum FileContent {
  case safetensors, zip, pickle, tar

  /// Recognises a file that may be a checkpoint; refuses others by their name.
  static func recognize(_ file: MappedFile) throws -> FileContent {
    let start = file.bytes.prefix(8)
    // First of all: the length of a header may begin with the bytes that mark a pickle.
    if file.count > 8, file.bytes[8] == UInt8(ascii: "{"), start.suffix(3).allSatisfy({ $0 == 0 }) {
      return .safetensors
    }
    if start.starts(with: [0x50, 0x4B, 0x03, 0x04]) || start.starts(with: [0x50, 0x4B, 0x05, 0x06])
    {
      return .zip
    }
    if start.first == 0x80 || file.bytes.starts(with: "L\(TorchLegacyFile.magicText)".utf8) {
      return .pickle
    }
    if let mark = file.slice(at: 257, count: 5), mark.elementsEqual("ustar".utf8) { return .tar }
    if file.count > 8, file.bytes[8] == UInt8(ascii: "{"), !isText(file) { return .safetensors }
    throw CheckpointError.notACheckpoint(path: file.path, found: describe(file))
  }

  private static let signatures: [(bytes: [UInt8], name: String)] = [
    ([0x93] + Array("NUMPY".utf8), "a NumPy array (.npy)"),
    ([0x1F, 0x8B], "a gzip archive; unpack it first"),
    (Array("BZh".utf8), "a bzip2 archive; unpack it first"),
    ([0xFD] + Array("7zXZ".utf8), "an xz archive; unpack it first"),
    ([0x28, 0xB5, 0x2F, 0xFD], "a zstd archive; unpack it first"),
    (Array("7z".utf8) + [0xBC, 0xAF], "a 7-zip archive; unpack it first"),
    ([0x89] + Array("HDF".utf8), "an HDF5 file (Keras); its weights need converting first"),
    ([0x89] + Array("PNG".utf8), "a PNG picture"),
    ([0xFF, 0xD8, 0xFF], "a JPEG picture"),
    (Array("GGUF".utf8), "a GGUF file"),
    (Array("%PDF".utf8), "a PDF document"),
    ([0x7F] + Array("ELF".utf8), "a program"),
    (
      Array("version https://git-lfs".utf8),
      "a pointer of Git LFS; `git lfs pull` fetches the file itself"
    ),
    (Array("<!DOCTYPE".utf8), "a web page; the download needs a login, or another address"),
    (Array("<!doctype".utf8), "a web page; the download needs a login, or another address"),
    (Array("<html".utf8), "a web page; the download needs a login, or another address"),
  ]

  private static func describe(_ file: MappedFile) -> String {
    if let known = signatures.first(where: { file.bytes.starts(with: $0.bytes) }) {
      return known.name
    }
    if isText(file) { return "a text file" }
    let start = file.bytes.prefix(8).map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
    return "\(file.count) bytes of unknown kind (they start with \(start.joined(separator: " ")))"
  }

  /// Whether the start of the file is text without control characters.
  private static func isText(_ file: MappedFile) -> Bool {
    file.bytes.prefix(512).allSatisfy { byte in
      byte >= 0x20 && byte != 0x7F || (0x09...0x0D).contains(byte)
    }
  }
}
