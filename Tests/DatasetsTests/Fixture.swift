import Foundation
import TestSupport
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

extension TemporaryFolder {
  /// Writes a PNG of one colour.
  @discardableResult
  func writePicture(
    _ color: [UInt8], width: Int = 4, height: Int = 4, to path: String
  ) throws -> URL {
    try write(Image.plain(color, width: width, height: height).pngData(), to: path)
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

extension Dataset {
  /// The pictures as bytes, in order.
  func allBytes() throws -> Tensor { try bytes(at: Array(0..<count)) }
}
