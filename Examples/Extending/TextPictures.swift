import Datasets
import Foundation
import Torch

/// Drawings: for each a line with its class, a square of `#` and `.`, and an empty line.
struct TextPictures: DatasetFormat {
  let expectation = "a text file (.txt) of classes and squares of # and ."

  func recognises(_ place: DatasetLocation) -> Bool { place.url.pathExtension == "txt" }

  func read(_ place: DatasetLocation, _ request: DatasetRequest) throws(DatasetError) -> Dataset {
    let text = (try? String(contentsOf: place.url, encoding: .utf8)) ?? ""
    let drawings = text.split(separator: "\n\n").map { $0.split(separator: "\n").map(String.init) }
    let side = (drawings.first?.count ?? 1) - 1
    let rows = [Int](repeating: side, count: side)
    guard drawings.allSatisfy({ $0.dropFirst().map(\.count) == rows }), side > 0 else {
      throw .nothingFound(path: place.url.path, expected: expectation)
    }
    let names = Set(drawings.map { $0[0] }).sorted()
    let bytes = drawings.flatMap { $0.dropFirst().joined().map { $0 == "#" ? UInt8.max : 0 } }
    return try Dataset(
      images: Tensor(bytes, shape: [drawings.count, 1, side, side])
        .withPictureChannels(request.channels ?? 1),
      labels: .classes(drawings.compactMap { names.firstIndex(of: $0[0]) }, names: names),
      path: place.url.path, split: place.split
    ).resized(to: request.size ?? side)
  }
}
