import Foundation
import Testing
import Torch

@Suite struct PixelRangeTests {
  private let everyByte = Tensor((0...255).map { UInt8($0) })

  @Test(arguments: PixelRange.allCases)
  func `every byte survives the way to numbers and back`(_ range: PixelRange) {
    let picture = range.picture(fromBytes: everyByte)
    #expect(picture.min().item() == range.lowest)
    #expect(picture.max().item() == range.highest)
    #expect(range.bytes(from: picture).array(of: UInt8.self) == Array(0...255))
  }

  @Test func `numbers are those of ToTensor, to the last bit`() {
    let picture = PixelRange.zeroToOne.picture(fromBytes: everyByte).array(of: Float.self)
    #expect(picture == (0...255).map { Float($0) / 255 })
  }

  @Test(arguments: PixelRange.allCases, PixelRange.allCases)
  func `converting between ranges keeps the bytes`(from: PixelRange, to: PixelRange) {
    let converted = from.convert(from.picture(fromBytes: everyByte), to: to)
    #expect(converted.min().item() == to.lowest)
    #expect(to.bytes(from: converted).array(of: UInt8.self) == Array(0...255))
  }

  @Test func `values outside of the range are clamped and others rounded`() {
    let picture = Tensor([-3, -1.01, 0, 0.5 / 255, 1.2] as [Float])
    #expect(
      PixelRange.minusOneToOne.bytes(from: picture).array(of: UInt8.self) == [0, 0, 128, 128, 255])
    #expect(PixelRange.zeroToOne.bytes(from: picture).array(of: UInt8.self) == [0, 0, 0, 1, 255])
  }

  @Test func `records hold a readable value`() throws {
    #expect(
      try String(decoding: JSONEncoder().encode(PixelRange.allCases), as: UTF8.self)
        == #"["-1..1","0..1"]"#)
  }
}
