public import Foundation

/// The files of MNIST and its kin: big-endian sizes, then bytes; plain or compressed with gzip.
public enum IDX {
  /// Pictures of one channel.
  public struct Images: Equatable, Sendable {
    /// How many.
    public let count: Int
    /// Rows of each.
    public let height: Int
    /// Columns of each.
    public let width: Int
    /// `[count, height, width]`, row-major; 0 is black.
    public let pixels: [UInt8]
  }

  /// Reads pictures (`idx3-ubyte`, magic number 0x00000803).
  ///
  /// - Parameter url: the file.
  /// - Returns: the pictures, at least one.
  /// - Throws: ``DatasetError``, which names the file and the field that is wrong.
  public static func readImages(_ url: URL) throws(DatasetError) -> Images {
    let (sizes, bytes) = try read(
      url, magic: 0x803, holding: "pictures", fields: ["count", "height", "width"])
    return Images(count: sizes[0], height: sizes[1], width: sizes[2], pixels: bytes)
  }

  /// Reads labels (`idx1-ubyte`, magic number 0x00000801).
  ///
  /// - Parameter url: the file.
  /// - Returns: a label per picture.
  /// - Throws: ``DatasetError``, which names the file and the field that is wrong.
  public static func readLabels(_ url: URL) throws(DatasetError) -> [Int] {
    try read(url, magic: 0x801, holding: "labels", fields: ["count"]).bytes.map(Int.init)
  }

  /// Reads a file of that magic number, whose sizes must fit its length exactly.
  private static func read(
    _ url: URL, magic: Int, holding contents: String, fields: [String]
  ) throws(DatasetError) -> (sizes: [Int], bytes: [UInt8]) {
    let path = url.path
    let data = try readFile(url)
    let bytes =
      Gzip.isGzip(data)
      ? try Gzip.inflate(data, path: path, limit: 1 << 32) : [UInt8](data)
    func number(at offset: Int) -> Int {
      bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    if bytes.count >= 4, number(at: 0) != magic {
      let found = number(at: 0)
      let meaning = found == 0x801 ? " (labels)" : found == 0x803 ? " (pictures)" : ""
      throw .invalidIDX(
        path: path, field: "magic number", expected: "\(hex(magic)) (\(contents))",
        found: hex(found) + meaning)
    }
    let headerSize = 4 + 4 * fields.count
    guard bytes.count >= headerSize else {
      throw .invalidIDX(
        path: path, field: "length", expected: "a header of \(headerSize) bytes",
        found: "\(bytes.count) bytes")
    }
    let sizes = fields.indices.map { number(at: 4 + 4 * $0) }
    for (field, size) in zip(fields, sizes) {
      // Sides beyond 2^16 are no pictures; the bound also keeps the product below within Int.
      let most = field == "count" ? Int(Int32.max) : 1 << 16
      guard size > 0, size <= most else {
        throw .invalidIDX(
          path: path, field: field, expected: "1 to \(most)", found: "\(size)")
      }
    }
    let (expected, overflows) = sizes.reduce((1, false)) { product, size in
      let next = product.0.multipliedReportingOverflow(by: size)
      return (next.partialValue, product.1 || next.overflow)
    }
    guard !overflows, bytes.count - headerSize == expected else {
      let shape = sizes.map(String.init).joined(separator: " x ")
      throw .invalidIDX(
        path: path, field: "length",
        expected: "\(overflows ? "more than there are" : "\(expected)") bytes for \(shape)",
        found: "\(bytes.count - headerSize)")
    }
    return (sizes, Array(bytes[headerSize...]))
  }

  private static func hex(_ number: Int) -> String {
    let digits = String(number, radix: 16)
    return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
  }
}

// MARK: - Folders

extension IDX {
  /// The two files of one split.
  public struct Files: Equatable, Sendable {
    /// The pictures.
    public let images: URL
    /// The labels, where there are any.
    public let labels: URL?
  }

  /// Finds the files of a split by their usual names.
  ///
  /// These are `train-images-idx3-ubyte` and `train-labels-idx1-ubyte`, `t10k-` or `test-` for the
  /// test split, with `.` or `-` before `idx`, with or without `.gz` (the plain one wins), in
  /// `folder` or where torchvision leaves them (`raw`, `MNIST/raw`).
  ///
  /// - Parameters:
  ///   - folder: where to look.
  ///   - split: which of the two.
  /// - Returns: the files; nil if there are no pictures of that split.
  public static func find(in folder: URL, split: Dataset.Split) -> Files? {
    for place in ["", "raw", "MNIST/raw"] {
      let directory = place.isEmpty ? folder : folder.appendingPathComponent(place)
      guard let images = firstFile(in: directory, names(split, "images", "idx3")) else { continue }
      return Files(images: images, labels: firstFile(in: directory, names(split, "labels", "idx1")))
    }
    return nil
  }

  private static func names(_ split: Dataset.Split, _ kind: String, _ type: String) -> [String] {
    let prefixes = split == .train ? ["train"] : ["t10k", "test"]
    return prefixes.flatMap { prefix in
      ["-", "."].flatMap { separator in
        ["", ".gz"].map { "\(prefix)-\(kind)\(separator)\(type)-ubyte\($0)" }
      }
    }
  }

  private static func firstFile(in directory: URL, _ names: [String]) -> URL? {
    names.lazy.map { directory.appendingPathComponent($0) }
      .first { FileManager.default.fileExists(atPath: $0.path) }
  }
}
