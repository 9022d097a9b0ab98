import Foundation
import Testing
import Torch

@testable import Datasets

/// A file of Fixtures.
func fixture(
  _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) throws -> URL {
  try #require(
    Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: nil), "no fixture \(name)",
    sourceLocation: sourceLocation)
}

/// An empty folder that is removed with this value.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("lethe-datasets-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Writes a file, with the folders above it.
  @discardableResult
  func write(_ data: Data, to path: String) throws -> URL {
    let file = url.appendingPathComponent(path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: file)
    return file
  }

  /// Writes a PNG of one colour.
  @discardableResult
  func writePicture(
    _ color: [UInt8], width: Int = 4, height: Int = 4, to path: String
  ) throws -> URL {
    try write(Image.plain(color, width: width, height: height).pngData(), to: path)
  }

  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
  }
}

extension Image {
  /// A picture of one colour.
  static func plain(_ color: [UInt8], width: Int = 4, height: Int = 4) -> Image {
    Image(
      width: width, height: height, channels: color.count,
      pixels: Array(repeatElement(color, count: width * height).joined()))
  }

  /// Width, height and channels.
  var sizes: [Int] { [width, height, channels] }

  /// The channels of one pixel.
  func pixel(_ x: Int, _ y: Int) -> [UInt8] {
    Array(pixels[(y * width + x) * channels..<(y * width + x + 1) * channels])
  }
}

/// The error that `body` throws, which must be a ``DatasetError``.
func datasetError(
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) throws -> DatasetError {
  try #require(
    #expect(throws: DatasetError.self, sourceLocation: sourceLocation) { try body() },
    sourceLocation: sourceLocation)
}
