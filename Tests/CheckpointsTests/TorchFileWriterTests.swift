import Files
import Foundation
import TestSupport
import Testing
import Torch

@testable import Checkpoints

@Suite struct TorchFileWriterTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var url: URL { folder.url.appending(path: "a.pt") }

  private static let values: [(String, TorchObject)] = [
    ("none", .none), ("yes", .bool(true)), ("no", .bool(false)), ("zero", .integer(0)),
    ("byte", .integer(255)), ("short", .integer(256)), ("int", .integer(65_536)),
    ("negative", .integer(-1)), ("long", .integer(.max)), ("lowest", .integer(.min)),
    ("number", .number(0.1)), ("infinite", .number(-.infinity)), ("minus zero", .number(-0.0)),
    ("text", .text("größe \"\\\n")), ("empty", .text("")), ("bytes", .bytes([0, 127, 128, 255])),
    ("list", .list([.integer(1), .text("a")])), ("tuple", .tuple([.number(0), .number(0.99)])),
  ]

  private static let tensors: StateDict = {
    var tensors: StateDict = [
      "matrix": Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3]).transposed,
      "scalar": Tensor([2.5] as [Double], shape: []),
      "empty": Tensor([] as [Float], shape: [0, 4]),
    ]
    for type in ScalarType.allCases {
      tensors["as \(type)"] = Tensor([0, 1, 2, 3.5] as [Float]).to(type)
    }
    return tensors
  }()

  private static let sample = TorchObject.named(
    values + [("state", .stateDict(tensors))])

  @Test func `what was written is read again`() throws {
    try TorchFileWriter(Self.sample).write(to: url)
    let file = try Checkpoint.read(url)
    #expect(file.format == .torchZip && file.skipped.isEmpty)
    #expect(file.tensors.under("state").keys == Self.tensors.keys)
    expectEqual(file.tensors.under("state"), Self.tensors)
    let expected: [(String, CheckpointValue)] = [
      ("none", .none), ("yes", .bool(true)), ("no", .bool(false)), ("zero", .integer(0)),
      ("byte", .integer(255)), ("short", .integer(256)), ("int", .integer(65_536)),
      ("negative", .integer(-1)), ("long", .integer(.max)), ("lowest", .integer(.min)),
      ("number", .number(0.1)), ("infinite", .number(-.infinity)), ("minus zero", .number(-0.0)),
      ("text", .text("größe \"\\\n")), ("empty", .text("")), ("bytes", .bytes([0, 127, 128, 255])),
      ("list", .list([.integer(1), .text("a")])), ("tuple", .list([.number(0), .number(0.99)])),
    ]
    #expect(file.values.map(\.path) == expected.map(\.0))
    for (path, value) in expected { #expect(file.value(at: path) == value, "\(path)") }
    #expect(file.value(at: "minus zero")?.number?.sign == .minus)
  }

  @Test func `plain values that were read can be written`() throws {
    let value = CheckpointValue.list([.none, .bool(true), .bytes([200]), .list([.number(1)])])
    try TorchFileWriter(.named([("x", TorchObject(value))])).write(to: url)
    #expect(try Checkpoint.read(url).value(at: "x") == value)
  }

  @Test func `every storage starts at 64 bytes and has its checksum`() throws {
    try TorchFileWriter(Self.sample).write(to: url)
    let bytes = try Data(contentsOf: url)
    let archive = try ZipArchive(MappedFile(url))
    #expect(
      archive.entries.map(\.name).prefix(3)
        == ["archive/data.pkl", "archive/byteorder", "archive/data/0"])
    #expect(archive.entries.last?.name == "archive/version")
    for entry in archive.entries {
      func count(_ offset: Int) -> Int {
        Int(bytes[entry.headerOffset + offset]) + Int(bytes[entry.headerOffset + offset + 1]) << 8
      }
      #expect((entry.headerOffset + 30 + count(26) + count(28)) % 64 == 0, "\(entry.name)")
      #expect(entry.method == 0 && (entry.checksum != 0 || entry.count == 0), "\(entry.name)")
    }
  }

  @Test func `the fields of zip64 are taken where others are too small`() throws {
    // From the first byte on, and from where some entries are small and near.
    for wideFrom in [0, 20] {
      try TorchFileWriter(Self.sample, wideFrom: wideFrom).write(to: url, replacing: true)
      let file = try Checkpoint.read(url)
      expectEqual(file.tensors.under("state"), Self.tensors)
      #expect(file.values.count == Self.values.count)
    }
  }

  @Test func `a tensor in two places is stored once, unless as another type`() throws {
    let tensor = Tensor([1, 2] as [Float])
    let root = TorchObject.named([
      ("a", .tensor(tensor)), ("b", .tensor(tensor)), ("c", .tensor(tensor, as: .float64)),
    ])
    #expect(PickleWriter(root).storages.map(\.type) == [.float32, .float64])
    try TorchFileWriter(root).write(to: url)
    let file = try Checkpoint.read(url)
    #expect(try #require(file.tensors["b"]).hasSameBits(as: tensor))
    #expect(try #require(file.tensors["c"]).hasSameBits(as: tensor.to(.float64)))
  }

  @Test func `the same content gives the same bytes`() throws {
    let other = folder.url.appending(path: "b.pt")
    try TorchFileWriter(Self.sample).write(to: url)
    try TorchFileWriter(Self.sample).write(to: other)
    #expect(try Data(contentsOf: url) == Data(contentsOf: other))
  }

  @Test func `a file that is there stays, and a folder that is missing is named`() throws {
    try Data("old".utf8).write(to: url)
    let writer = TorchFileWriter(.none)
    #expect(
      message { try writer.write(to: url) }
        == "a.pt: already exists; name another file, or ask to replace it")
    #expect(try Data(contentsOf: url) == Data("old".utf8))
    let missing = folder.url.appending(path: "no/a.pt")
    #expect(
      message { try writer.write(to: missing) }.hasPrefix("a.pt: cannot be written: the folder "))
    #expect(
      message { try writer.write(to: folder.url) }.hasSuffix(
        ": a folder, where a file was expected"))
    #expect(try folder.contents == ["a.pt"])
  }
}
