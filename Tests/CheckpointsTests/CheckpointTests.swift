import Checkpoints
import Foundation
import TestSupport
import Testing
import Torch

@Suite struct CheckpointTests {
  @Test(arguments: [
    ("gan.pt", "gan", Checkpoint.Format.torchZip), ("gan-legacy.pt", "gan", .torchLegacy),
    ("types.pt", "types", .torchZip), ("types-legacy.pt", "types", .torchLegacy),
    ("layouts.pt", "layouts", .torchZip), ("layouts-legacy.pt", "layouts", .torchLegacy),
    ("values.pt", "values", .torchZip), ("values-legacy.pt", "values", .torchLegacy),
    ("bare.pt", "bare", .torchZip), ("list.pt", "list", .torchZip),
    ("module.pt", "module", .torchZip), ("protocol5.pt", "protocol5", .torchZip),
    ("protocol1-legacy.pt", "protocol1-legacy", .torchLegacy),
    ("protocol4-legacy.pt", "protocol4-legacy", .torchLegacy),
    ("no-checksum.pt", "no-checksum", .torchZip), ("deflated.pt", "deflated", .torchZip),
    ("very-old.pt", "very-old", .torchZip), ("script.pt", "script", .torchScript),
    ("tar.pt", "tar", .torchTar), ("zip64.pt", "zip64", .torchZip),
    ("types.safetensors", "types", .safetensors),
  ])
  func `the tensors are those that torch reads`(
    name: String, expected: String, format: Checkpoint.Format
  ) throws {
    let checkpoint = try Checkpoint.read(fixture(name))
    #expect(checkpoint.format == format)
    expectEqual(
      checkpoint.tensors,
      try SafetensorsFile.read(fixture("\(expected).expected.safetensors")).tensors)
  }

  @Test(arguments: ["gan.pt", "gan-legacy.pt"])
  func `a checkpoint of the public training scripts is flattened`(name: String) throws {
    let checkpoint = try Checkpoint.read(fixture(name))
    #expect(checkpoint.tensors.under("g_ema").keys == ["weight", "bias"])
    #expect(checkpoint.tensors["g_optim.state.0.exp_avg"]?.shape == [2, 3])
    #expect(checkpoint.value(at: "g_optim.param_groups.0.lr")?.number == 0.002)
    #expect(
      checkpoint.value(at: "d_optim.param_groups.0.betas") == .list([.number(0), .number(0.99)]))
    #expect(
      checkpoint.value(at: "d_optim.param_groups.0.params") == .list([.integer(0), .integer(1)]))
    #expect(checkpoint.value(at: "args.path")?.text == "mnist")
    #expect(checkpoint.value(at: "args.augment")?.bool == false)
    #expect(checkpoint.value(at: "args.wandb") == CheckpointValue.none)
    #expect(checkpoint.value(at: "ada_aug_p")?.number == 0.25)
    #expect(checkpoint.skipped.isEmpty)
  }

  @Test(arguments: ["values.pt", "values-legacy.pt"])
  func `plain values keep their types, and the rest is skipped with a reason`(name: String) throws {
    let checkpoint = try Checkpoint.read(fixture(name))
    let expected: [(String, CheckpointValue)] = [
      ("none", .none), ("yes", .bool(true)), ("no", .bool(false)), ("small", .integer(5)),
      ("negative", .integer(-300)), ("large", .integer(1 << 40)), ("number", .number(0.1)),
      ("text", .text("grüße")), ("bytes", .bytes([0, 255])),
      ("pair", .list([.number(0), .number(0.99)])),
      ("nested", .list([.list([.integer(1), .integer(2)]), .list([.text("three"), .none])])),
      ("set", .list([.integer(1)])), ("shape", .list([.integer(2), .integer(3)])),
      ("device", .text("cpu")), ("type", .text("torch.float16")),
      ("numpy_number", .number(0.375)), ("numpy_float", .number(0.5)),
      ("numpy_integer", .integer(-9)), ("numpy_truth", .bool(true)), ("default.a", .integer(1)),
      ("a.b", .integer(1)),
    ]
    #expect(checkpoint.values.map(\.path) == expected.map(\.0))
    for (path, value) in expected { #expect(checkpoint.value(at: path) == value, "\(path)") }
    #expect(
      checkpoint.skipped.map { "\($0.path): \($0.reason)" } == [
        "huge: an integer of more than 64 bits",
        "path: an object of class pathlib.PosixPath; Lethe runs no code of a file",
        "complex: complex64[2], a type that Lethe does not use",
        "a.b: another part of the file has the same name",
      ])
  }

  @Test func `the text opcodes of protocol 0 are read`() throws {
    let checkpoint = try Checkpoint.read(fixture("protocol0.pt"))
    #expect(
      checkpoint.values.map { "\($0.path)=\($0.value)" } == [
        "text=gü\\\n", "number=-0.5", "large=1099511627776", "yes=true", "list=[1, none]",
        "args.batch=16",
      ])
  }

  @Test func `metadata of safetensors are values`() throws {
    let checkpoint = try Checkpoint.read(fixture("types.safetensors"))
    #expect(checkpoint.value(at: "kimg") == .text("40"))
  }

  @Test func `only the tensors wanted are read`() throws {
    for name in ["gan.pt", "gan-legacy.pt"] {
      let checkpoint = try Checkpoint.read(fixture(name)) { $0.hasPrefix("g_ema.") }
      #expect(checkpoint.tensors.keys == ["g_ema.weight", "g_ema.bias"])
      #expect(checkpoint.value(at: "ada_aug_p") != nil)
    }
  }

  @Test func `the name of a file does not matter`() throws {
    let folder = try TemporaryFolder()
    let url = try folder.write(Data(contentsOf: fixture("bare.pt")), to: "weights.txt")
    #expect(
      try Checkpoint.read(url).tensors["tensor"]?.array(of: Float.self) == [0, 1, 2, 3, 4, 5])
  }

  @Test func `an unknown element type is skipped with its name`() throws {
    let checkpoint = try Checkpoint.read(fixture("untyped.pt"))
    #expect(checkpoint.tensors.keys == ["weight"])
    #expect(checkpoint.skipped.map(\.reason) == ["uint16[3], a type that Lethe does not use"])
  }
}
