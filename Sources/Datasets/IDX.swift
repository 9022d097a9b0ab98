import Files
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
  /// - Parameters:
  ///   - url: the file.
  ///   - check: called with count, height and width before memory is taken for the pictures.
  /// - Returns: the pictures, at least one.
  /// - Throws: ``DatasetError``, which names the file and the field that is wrong; what `check` throws.
  public static func readImages(
    _ url: URL,
    check: (_ count: Int, _ height: Int, _ width: Int) throws(DatasetError) -> Void =
      { _, _, _ throws(DatasetError) in }
  ) throws(DatasetError) -> Images {
    let (sizes, bytes) = try read(
      url, magic: 0x803, holding: "pictures", fields: ["count", "height", "width"]
    ) { sizes throws(DatasetError) in try check(sizes[0], sizes[1], sizes[2]) }
    return Images(count: sizes[0], height: sizes[1], width: sizes[2], pixels: bytes)
  }

  /// Reads labels (`idx1-ubyte`, magic number 0x00000801).
  ///
  /// - Parameter url: the file.
  /// - Returns: a label per picture.
  /// - Throws: ``DatasetError``, which names the file and the field that is wrong.
  public static func readLabels(_ url: URL) throws(DatasetError) -> [Int] {
    try read(url, magic: 0x801, holding: "labels", fields: ["count"]) { _ in }
      .bytes.map(Int.init)
  }

  /// Reads a file of that magic number, whose sizes must fit its length exactly.
  ///
  /// The header alone decides how many bytes are read or unpacked.
  private static func read(
    _ url: URL, magic: Int, holding contents: String, fields: [String],
    check: ([Int]) throws(DatasetError) -> Void
  ) throws(DatasetError) -> (sizes: [Int], bytes: [UInt8]) {
    let path = url.path
    let source = try IDXBytes(url)
    let headerSize = 4 + 4 * fields.count
    let header = try source.next(headerSize)
    func number(at offset: Int) -> Int {
      header[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    if header.count >= 4, number(at: 0) != magic {
      let found = number(at: 0)
      let meaning = found == 0x801 ? " (labels)" : found == 0x803 ? " (pictures)" : ""
      throw .invalidIDX(
        path: path, field: "magic number", expected: "\(hex(magic)) (\(contents))",
        found: hex(found) + meaning)
    }
    guard header.count == headerSize else {
      throw .invalidIDX(
        path: path, field: "length", expected: "a header of \(headerSize) bytes",
        found: "\(header.count) bytes")
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
    let shape = sizes.map(String.init).joined(separator: " x ")
    func misfit(_ found: String) -> DatasetError {
      .invalidIDX(
        path: path, field: "length",
        expected: "\(overflows ? "more than there are" : "\(expected)") bytes for \(shape)",
        found: found)
    }
    guard !overflows else { throw misfit(source.lengthWords(after: headerSize)) }
    try source.require(expected, after: headerSize, misfit: misfit)
    try check(sizes)
    let bytes = try source.next(expected)
    guard bytes.count == expected else { throw misfit("\(bytes.count)") }
    guard try source.next(1).isEmpty else { throw misfit("more") }
    return (sizes, bytes)
  }

  private static func hex(_ number: Int) -> String {
    let digits = String(number, radix: 16)
    return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
  }
}
