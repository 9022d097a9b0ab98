import CZlib
import Foundation
import TestSupport
import Testing

@testable import Checkpoints

/// Small files that ask for much work or memory.
@Suite struct PickleBombTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A file of `torch.save` whose entries are deflated.
  private func archive(_ pickle: Data, order: Data? = nil) throws -> URL {
    var file = ZipFile()
    for (name, content) in [("a/data.pkl", pickle), ("a/byteorder", order)] {
      guard let content else { continue }
      file.add(name, try deflated(content), unpackedCount: content.count)
    }
    return try folder.write(file.bytes, to: "a.pt")
  }

  /// The bytes as a raw deflate stream.
  private func deflated(_ content: Data) throws -> Data {
    var stream = z_stream()
    try #require(
      deflateInit2_(
        &stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
        Int32(MemoryLayout<z_stream>.size)) == Z_OK)
    defer { deflateEnd(&stream) }
    var input = [UInt8](content)
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(content.count))))
    let status = input.withUnsafeMutableBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        (stream.next_in, stream.avail_in) = (input.baseAddress, UInt32(input.count))
        (stream.next_out, stream.avail_out) = (output.baseAddress, UInt32(output.count))
        return deflate(&stream, Z_FINISH)
      }
    }
    try #require(status == Z_STREAM_END)
    return Data(output.prefix(Int(stream.total_out)))
  }

  /// A pickle that repeats opcodes.
  private func pickle(
    _ start: [UInt8], repeating opcodes: [UInt8], times count: Int, end: [UInt8]
  ) -> Data {
    Data(start + Array(repeatElement(opcodes, count: count).joined()) + end)
  }

  @Test(arguments: [
    ("memo", [UInt8(ascii: "N")], [0x94] as [UInt8]), ("none", [], [UInt8(ascii: "N")]),
    ("dictionaries", [UInt8(ascii: "(")], [UInt8(ascii: "}")]),
  ])
  func `R02 a pickle that unpacks to far more than its file is refused unread`(
    name: String, start: [UInt8], opcode: [UInt8]
  ) throws {
    let url = try archive(
      pickle([0x80, 4] + start, repeating: opcode, times: 1 << 21, end: [0x2E]))
    let size = try Data(contentsOf: url).count
    #expect(size < 4096)
    #expect(
      message { _ = try Checkpoint.read(url) }
        == "a.pt: pickle a/data.pkl: unpacks to \(1 << 21 + start.count + 3) bytes, more than a file "
        + "of \(size) bytes can need; the file is damaged, fetch or write it again")
  }

  @Test func `R02 a list of equal numbers is no bomb`() throws {
    // The pickle of [7, 7, ...] in a dictionary, 600 KB in a file of 2 KB.
    let url = try archive(
      pickle(
        [0x80, 2, 0x7D, 0x55, 1, 0x61, 0x5D, 0x28], repeating: [0x4B, 7], times: 300_000,
        end: [0x65, 0x73, 0x2E]))
    let checkpoint = try Checkpoint.read(url)
    #expect(checkpoint.value(at: "a")?.list?.count == 300_000)
  }

  @Test func `R02 dictionaries are counted against the file`() throws {
    let url = try archive(
      pickle([0x80, 2, 0x5D, 0x28], repeating: [0x7D], times: 1_000_000, end: [0x65, 0x2E]))
    let text = message { _ = try Checkpoint.read(url) }
    #expect(text.contains("more than"))
    #expect(text.contains("lists and objects in a file of"), "\(text)")
  }

  @Test func `R02 the word for the order of bytes is a word`() throws {
    let url = try archive(Data([0x80, 2, 0x7D, 0x2E]), order: Data(count: 1 << 24))
    #expect(message { _ = try Checkpoint.read(url) }.contains("it holds one word"))
  }

  @Test(arguments: [[0x71, 200], [0x72, 255, 255, 255, 127]] as [[UInt8]])
  func `R02 the memo is no larger than what was read`(put: [UInt8]) throws {
    let url = try archive(Data([0x80, 2, 0x4E] + put + [0x2E]))
    #expect(message { _ = try Checkpoint.read(url) }.contains("within the first"))
  }

  @Test func `R02 long names cannot multiply`() throws {
    // {4,000 letters: {1: 1, 2: 1, ...}}, every inner key with the long one before it.
    var pickle =
      Data([0x80, 2, 0x7D, 0x58]) + withUnsafeBytes(of: UInt32(4000).littleEndian) { Data($0) }
    pickle += Data(repeating: 0x61, count: 4000) + [0x7D, 0x28]
    for number in 0..<20_000 {
      pickle += [0x4D, UInt8(number & 0xFF), UInt8(number >> 8), 0x4E]
    }
    pickle += [0x75, 0x73, 0x2E]
    let url = try archive(pickle)
    #expect(message { _ = try Checkpoint.read(url) }.contains("has names of more than"))
  }

  @Test func `R12 a list that contains itself is said to`() throws {
    let url = try archive(Data([0x80, 2, 0x5D, 0x71, 0, 0x68, 0, 0x61, 0x2E]))
    #expect(
      message { _ = try Checkpoint.read(url) }
        == "a.pt: not a checkpoint but a file of torch without tensors (0: it contains itself); "
        + "expected safetensors, what torch.save writes, or NVIDIA's .pkl")
  }
}
