import Checkpoints
import Foundation
import TestSupport
import Testing
import Torch

@Suite struct SafetensorsFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var sample: SafetensorsFile {
    var tensors: StateDict = [
      "byte": Tensor([1, 2, 3] as [UInt8], shape: [3]),
      "matrix": Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3]).transposed,
      "scalar": Tensor([2.5] as [Double], shape: []),
      "empty": Tensor([] as [Float], shape: [0, 4]),
      "größe \"\\\n": Tensor([7] as [Int64]),
    ]
    for type in ScalarType.allCases {
      tensors["as \(type)"] = Tensor([0, 1, 2, 3.5] as [Float]).to(type)
    }
    return SafetensorsFile(tensors: tensors, metadata: ["kimg": "40", "note": "a \"b\"\u{1}\n\tü"])
  }

  @Test func `what was written is read again, in order`() throws {
    let url = folder.url.appendingPathComponent("a.safetensors")
    try sample.write(to: url)
    let file = try SafetensorsFile.read(url)
    #expect(file.tensors.keys == sample.tensors.keys)
    expectEqual(file.tensors, sample.tensors)
    #expect(file.metadata == sample.metadata)
  }

  @Test func `a file is recognised whatever the length of its header`() throws {
    // The first byte of a file is the lowest of that length; 80 hex is how a pickle begins.
    let url = folder.url.appendingPathComponent("a.safetensors")
    var firstBytes: Set<UInt8> = []
    for count in stride(from: 0, to: 256, by: 8) {
      let note = String(repeating: "n", count: count)
      try SafetensorsFile(tensors: ["x": Tensor([Float(1)])], metadata: ["note": note])
        .write(to: url)
      firstBytes.insert(try Data(contentsOf: url)[0])
      #expect(try Checkpoint.read(url).format == .safetensors)
    }
    #expect(firstBytes.count == 32 && firstBytes.contains(0x80))
  }

  @Test func `the safetensors package and this reader agree on every type`() throws {
    let file = try SafetensorsFile.read(fixture("types.safetensors"))
    #expect(file.tensors.count == 18)
    #expect(file.metadata == ["kimg": "40", "note": "a \"b\"\nü"])
    #expect(
      file.tensors["negative_bfloat16"]?.array(of: Float.self) == [-2.5, -1, 0, 0.5, 1, 3.25])
    #expect(file.tensors["negative_int8"]?.array(of: Int64.self) == [-2, -1, 0, 0, 1, 3])
    #expect(file.tensors["bool"]?.array(of: UInt8.self) == [1, 1, 0, 1, 1, 1])
  }

  @Test func `the same content gives the same bytes`() throws {
    let urls = ["a", "b"].map { folder.url.appendingPathComponent($0) }
    for url in urls { try sample.write(to: url) }
    #expect(try Data(contentsOf: urls[0]) == Data(contentsOf: urls[1]))
  }

  @Test func `the data and every tensor in it are aligned`() throws {
    let url = folder.url.appendingPathComponent("a")
    try sample.write(to: url)
    let length = try Data(contentsOf: url).prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
    #expect(length.isMultiple(of: 8))
    for entry in try SafetensorsHeader.read(url).entries {
      #expect(entry.offsets.lowerBound.isMultiple(of: entry.scalarType?.byteCount ?? 0))
    }
  }

  @Test func `the header is read without the data`() throws {
    let header = try SafetensorsHeader.read(fixture("types.safetensors"))
    let entry = try #require(header.entries.first { $0.name == "bfloat16" })
    #expect(entry.typeName == "BF16")
    #expect(entry.scalarType == .bfloat16)
    #expect(entry.shape == [6])
    #expect(header.metadata["kimg"] == "40")
  }

  @Test func `an empty dictionary is a file too`() throws {
    let url = folder.url.appendingPathComponent("a")
    try SafetensorsFile(tensors: [:]).write(to: url)
    #expect(try SafetensorsFile.read(url).tensors.isEmpty)
  }

  // MARK: Writing where it is not possible

  @Test func `an older file is replaced, and nothing else is left`() throws {
    let url = try folder.write("older".utf8, to: "a")
    try sample.write(to: url)
    #expect(try SafetensorsFile.read(url).tensors.count == sample.tensors.count)
    #expect(try folder.contents == ["a"])
  }

  @Test func `a destination that cannot be written is named and left alone`() throws {
    let file = try folder.write("kept".utf8, to: "file")
    let inner = folder.url.appendingPathComponent("folder")
    try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
    func attempt(_ url: URL) -> String { message { try sample.write(to: url) } }
    #expect(attempt(inner) == "folder: a folder, where a file was expected")
    #expect(
      attempt(folder.url.appendingPathComponent("none/a")).contains(
        "cannot be written: the folder "))
    #expect(attempt(file.appendingPathComponent("a")).contains("file is not a folder"))
    #expect(attempt(URL(fileURLWithPath: "/proc/a")).hasPrefix("a: cannot be written: "))
    #expect(
      message {
        try SafetensorsFile(tensors: ["__metadata__": Tensor([1] as [Float])]).write(to: file)
      } == "file: cannot be written: safetensors reserves the tensor name __metadata__")
    #expect(try Data(contentsOf: file) == Data("kept".utf8))
    #expect(try folder.contents == ["file", "folder"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: inner.path).isEmpty)
  }

  // MARK: Wrong files

  private func bytes(_ json: String, data: Int) -> [UInt8] {
    let length = withUnsafeBytes(of: UInt64(json.utf8.count).littleEndian) { Array($0) }
    return length + Array(json.utf8) + [UInt8](repeating: 0, count: data)
  }

  @Test(arguments: [
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 8, "no error"),
    (#" {}"#, 0, "does not start with {"),
    (#"{"a":1}"#, 0, "no { at byte 5"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"#, 8, "no } at byte 53"),
    (#"{} x"#, 0, "goes on after its closing brace"),
    (#"{"a":{"dtype":"F32","shape":[2]}}"#, 8, "a lacks dtype, shape or the two data_offsets"),
    (
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, 8, "ends (0) before it starts (8)"
    ),
    (#"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#, 8, "no natural number"),
    (#"{"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}"#, 8, "no ] at byte"),
    (#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, 8, "does not fill its 8 bytes"),
    (
      #"{"a":{"dtype":"F32","shape":[4611686018427387904,8],"data_offsets":[0,8]}}"#, 8,
      "does not fill its 8 bytes"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}"#, 8,
      "a number too large"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 9,
      "1 bytes at the end belong to no"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 7, "the file ends inside tensor a"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#, 12,
      "starts at byte 4 of the data"
    ),
    (
      #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"#
        + #""b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}"#, 6,
      "starts at byte 2 of the data"
    ),
    (
      #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"#
        + #""a":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}}"#, 8, "a twice"
    ),
    (#"{"__metadata__":{"k":"1","k":"2"}}"#, 0, "metadata k twice"),
    (#"{"__metadata__":{"k":1}}"#, 0, "no \" at byte"),
    (#"{"a":{"dtype":"F32","more":1}}"#, 0, "a has an unknown field more"),
    (#"{"\ud800":1}"#, 0, "half a surrogate pair"),
    (#"{"\q":1}"#, 0, "an unknown escape"),
    (#"{"a":{"dtype":"F8_E4M3","shape":[1],"data_offsets":[0,1]}}"#, 1, "elements of type F8_E4M3"),
  ])
  func `a header that contradicts itself is refused`(json: String, data: Int, words: String) throws
  {
    let url = try folder.write(bytes(json, data: data), to: "file")
    let text = message { _ = try SafetensorsFile.read(url) }
    #expect(text.contains(words), "\(text)")
  }

  @Test func `a header longer than the file or the format allows costs nothing`() throws {
    for (length, words) in [(UInt64.max, "at most"), (99_999_999, "ends inside the safetensors")] {
      let start = withUnsafeBytes(of: length.littleEndian) { Array($0) }
      let url = try folder.write(start + Array("{}      ".utf8), to: "file")
      #expect(message { _ = try SafetensorsFile.read(url) }.contains(words))
    }
  }

  @Test func `truth values other than 0 and 1 become 1`() throws {
    var content = bytes(#"{"a":{"dtype":"BOOL","shape":[3],"data_offsets":[0,3]}}"#, data: 3)
    content[content.count - 1] = 0xFF
    let tensor = try SafetensorsFile.read(folder.write(content, to: "file")).tensors["a"]
    #expect(tensor?.rawBytes == [0, 0, 1])
  }
}
