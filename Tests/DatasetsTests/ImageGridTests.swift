import Foundation
import TestSupport
import Testing
import Torch

@testable import Datasets

@Suite struct ImageGridTests {
  @Test func `cells stand in rows with padding around them, the rest stays black`() {
    // Three pictures of 2 x 1 pixels in two columns.
    let pictures = Tensor([0.2, 0.4, 0.6, 0.8, 1, 7] as [Float], shape: [3, 1, 1, 2])
    let grid = ImageGrid(columns: 2, padding: 1).image(of: pictures, range: .zeroToOne)
    #expect(grid.sizes == [7, 5, 1])
    #expect(
      grid.pixels == [
        0, 0, 0, 0, 0, 0, 0,
        0, 51, 102, 0, 153, 204, 0,
        0, 0, 0, 0, 0, 0, 0,
        0, 255, 255, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0,
      ])
  }

  @Test func `a grid of colour in minus one to one is written and reads back`() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appendingPathComponent("grid.png")
    try Data("old".utf8).write(to: file)
    let pictures = Tensor.concatenated([
      Image.plain([255, 0, 10]).tensor(in: .minusOneToOne),
      Image.plain([0, 20, 255]).tensor(in: .minusOneToOne),
    ])
    try ImageGrid().write(pictures, range: .minusOneToOne, to: file)
    let grid = try Image.read(file)
    #expect(grid.sizes == [14, 8, 3])
    #expect(grid.pixel(1, 3) == [0, 0, 0])
    #expect(grid.pixel(2, 2) == [255, 0, 10])
    #expect(grid.pixel(8, 5) == [0, 20, 255])
    #expect(try folder.contents == ["grid.png"])
  }
}
