import Foundation
import TestSupport
import Testing

@testable import Runs

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
    for size in [3, 64, 1000, 1_000_000] {
      var digest = SHA256()
      for start in stride(from: 0, to: bytes.count, by: size) {
        bytes[start..<min(start + size, bytes.count)].withUnsafeBytes { digest.update($0) }
      }
      let result = digest.finished()
      #expect(result == expected, "in pieces of \(size)")
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
