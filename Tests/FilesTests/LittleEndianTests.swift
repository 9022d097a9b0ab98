import Files
import Testing

@Suite struct LittleEndianTests {
  private let bytes: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 0xFF]

  @Test func `the least byte is first, at any place`() {
    #expect(bytes.integer(at: 0, as: UInt16.self) == 0x0201)
    #expect(bytes.integer(at: 1, as: UInt32.self) == 0x0504_0302)
    #expect(bytes.integer(at: 1, as: Int64.self) == -0xF7_F8F9_FAFB_FCFE)
    #expect(bytes.integer(at: 8, as: Int8.self) == -1)
    #expect(bytes.withUnsafeBytes { $0.integer(at: 3, as: UInt16.self) } == 0x0504)
  }

  @Test(arguments: [8, 9, -1, Int.min, Int.max])
  func `an integer that is not all there is none`(offset: Int) {
    #expect(bytes.integer(at: offset, as: UInt16.self) == nil)
    #expect(bytes.withUnsafeBytes { $0.integer(at: offset, as: UInt64.self) } == nil)
    #expect([UInt8]().integer(at: 0, as: UInt8.self) == nil)
  }
}
