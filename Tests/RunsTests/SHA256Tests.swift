import CChecksum
import Foundation
import Runs
import TestSupport
import Testing

@Suite struct SHA256Tests {
  /// The vectors of FIPS 180-4 and NIST's examples.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      String(repeating: "a", count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ])
  func `known vectors hold, whole and in pieces`(text: String, expected: String) {
    let bytes = Array(text.utf8)
    var whole = SHA256()
    whole.update(bytes)
    #expect(whole.finished() == expected)
    for size in [1, 63, 64, 65, 1000] where bytes.count < 1000 || size > 60 {
      var pieces = SHA256()
      for start in stride(from: 0, to: bytes.count, by: size) {
        pieces.update(bytes[start..<min(start + size, bytes.count)])
      }
      #expect(pieces.finished() == expected, "in pieces of \(size)")
    }
  }

  @Test func `every length around a block is padded rightly`() {
    // One digest over the digests of all lengths from 0 to 130, computed with Python's hashlib.
    var all = SHA256()
    for count in 0...130 {
      var one = SHA256()
      one.update([UInt8](repeating: UInt8(count), count: count))
      all.update(Array(one.finished().utf8))
    }
    #expect(all.finished() == "d0baea72526dad7349caefa1eb0367cdf14831720b58b6ab382f9386e8ad7be9")
  }

  @Test func `the processor's instructions agree with the portable rounds`() {
    let bytes = (0..<64 * 9 + 1).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 / 5) }
    for (count, offset) in [(0, 0), (1, 0), (2, 1), (9, 1)] {
      var states = [[UInt32]](repeating: (1...8).map { $0 &* 0x9E37_79B9 }, count: 2)
      bytes.withUnsafeBytes { buffer in
        let base = buffer.baseAddress.map { $0 + offset }
        cc_sha256(&states[0], base, count)
        cc_sha256_portable(&states[1], base, count)
      }
      #expect(states[0] == states[1], "\(count) blocks")
    }
  }

  @Test func `a file's fingerprint names role, path, size and hash`() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "gan.safetensors")
    try Data("abc".utf8).write(to: file)
    let provenance = try Provenance(of: file, role: "gan")
    #expect(
      provenance.json == [
        "role": "gan", "path": .string(file.path), "bytes": 3,
        "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      ])
  }

  @Test func `a missing input is named`() {
    let path = "/nonexistent/gan.pt"
    #expect {
      try Provenance(of: URL(filePath: path), role: "gan")
    } throws: {
      "\($0)" == "cannot read /nonexistent/gan.pt: No such file or directory"
    }
  }
}
