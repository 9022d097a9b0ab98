import Checkpoints
import Foundation
import GANs
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

/// What a file can be used for, told before it is used, and what is not handed on.
@Suite struct GANFitnessTests {
  private let script: PublicScript
  private let folder: TemporaryFolder

  init() throws {
    script = try PublicScript()
    folder = try TemporaryFolder()
  }

  private func obstacles(_ file: GANFile) -> [GANFile.Use: String] {
    let found = GANFile.Use.allCases.compactMap { use in
      file.obstacle(to: use).map { (use, "\($0)".replacing(/^\S*\//, with: "")) }
    }
    return Dictionary(uniqueKeysWithValues: found)
  }

  private func export(_ file: GANFile, half: Bool = false, optimisers: Bool = true) -> String {
    var options = GANFile.ExportOptions()
    (options.isHalfPrecision, options.hasOptimisers) = (half, optimisers)
    let url = folder.url.appending(path: "out.safetensors")
    do {
      try file.export(to: url, options: options, replacing: true)
      return "written"
    } catch { return "\(error)".replacing(/^\S*\//, with: "") }
  }

  @Test func `G04 a whole checkpoint is good for all but resuming`() throws {
    let file = try script.read(script.entries())
    #expect(obstacles(file).keys.map(\.self) == [.resuming])
    #expect(export(file) == "written")
  }

  @Test func `G04 a file is good for what it has the parts of`() throws {
    let bare = try script.read([("g_ema", .stateDict(script.model.generatorEMA.stateDict))])
    #expect(Set(obstacles(bare).keys) == [.training, .resuming])
    var entries = script.entries(generatorOptimiser: script.optimiser("g", leavingOut: 3))
    let torn = try script.read(entries)
    let found = obstacles(torn)
    #expect(Set(found.keys) == [.training, .exporting, .resuming])
    #expect(found[.training]?.hasPrefix("checkpoint.pt: g_optim.state.3.exp_avg, ") == true)
    #expect(found[.exporting] == found[.training])
    // What export refuses is what it would write.
    #expect(export(torn) == found[.exporting])
    #expect(export(torn, optimisers: false) == "written")
    entries["g_optim"] = nil
    #expect(obstacles(try script.read(entries))[.training] == nil)
  }

  @Test func `G03 a discriminator of another size is told with both sizes`() throws {
    let other = GANModel(
      TinyNetworks.configuration(size: 16), pixelRange: .minusOneToOne, options: TrainingOptions())
    var entries = script.entries()
    entries["d"] = .stateDict(other.discriminator.parameters.named())
    let words =
      "checkpoint.pt: d is a discriminator of 16x16 pictures, but g_ema makes 8x8 ones; take a "
      + "checkpoint whose networks were trained together"
    #expect(script.message(entries) == words)
    let file = try script.read(entries)
    #expect(obstacles(file)[.training] == words && obstacles(file)[.generating] == nil)
    #expect(export(file) == words)
    _ = try file.makeGenerator()
  }

  @Test func `G03 a layer that is missing is named with its part`() throws {
    var entries = script.entries()
    var tensors = script.model.discriminator.parameters.named()
    tensors["final_linear.1.bias"] = nil
    entries["d"] = .stateDict(tensors)
    #expect(
      script.message(entries) == "checkpoint.pt: the tensor d.final_linear.1.bias [1] is missing")
  }

  @Test(arguments: [Float.infinity, -.infinity, .nan])
  func `R08 a weight that is not finite is named and not handed on`(value: Float) throws {
    for (part, key, uses) in [
      ("g_ema", "g_ema.to_rgb1.bias", [GANFile.Use.generating, .training, .exporting]),
      ("d", "d.final_linear.1.bias", [.training, .exporting]),
    ] {
      var entries = script.entries()
      var tensors =
        part == "d"
        ? script.model.discriminator.parameters.named() : script.model.generatorEMA.stateDict
      let name = String(key.dropFirst(part.count + 1))
      tensors[name] = Tensor.full(Double(value), shape: try #require(tensors[name]).shape)
      entries[part] = .stateDict(tensors)
      let words =
        "checkpoint.pt: the tensor \(key) holds a value that is infinite or not a number; the "
        + "training that made this file has diverged, take an earlier one"
      let file = try script.read(entries)
      #expect(
        obstacles(file).filter { $0.value == words }.keys.sorted { $0.rawValue < $1.rawValue }
          == uses.sorted { $0.rawValue < $1.rawValue })
      #expect(export(file) == words)
      #expect(export(file, half: true) == words)
    }
  }

  @Test func `R08 an infinite moment is not handed on`() throws {
    let url = folder.url.appending(path: "moments.safetensors")
    try script.model.write(to: url)
    var file = try SafetensorsFile.read(url)
    file.tensors["d_optim.exp_avg_sq.final_linear.1.bias"] = Tensor([Float.infinity])
    try file.write(to: url)
    #expect(
      export(try GANFile.read(url, as: [.styleGAN2])).hasPrefix(
        "moments.safetensors: the tensor d_optim.exp_avg_sq.final_linear.1.bias holds a value"))
  }

  @Test func `R08 a weight beyond half precision is not written as infinity`() throws {
    var entries = script.entries()
    var tensors = script.model.discriminator.parameters.named()
    tensors["final_linear.1.bias"] = Tensor([Float(100_000)])
    entries["d"] = .stateDict(tensors)
    let file = try script.read(entries)
    #expect(
      export(file, half: true)
        == "checkpoint.pt: the tensor d.final_linear.1.bias holds 100000.0, and half precision ends "
        + "at 65504; export it in full precision")
    #expect(export(file) == "written")
  }

  @Test func `U18 a GAN replaces no file unless asked to`() throws {
    let url = try folder.write("mine".utf8, to: "mine.safetensors")
    let refusal = CheckpointError.alreadyExists(path: url.path)
    let file = try script.read(script.entries())
    let snapshot = try script.model.snapshot()
    #expect(throws: refusal) { try script.model.write(to: url) }
    #expect(throws: refusal) { try script.model.generatorEMA.write(to: url) }
    #expect(throws: refusal) { try snapshot.write(to: url) }
    #expect(throws: refusal) { try file.export(to: url, options: .init()) }
    #expect(try Data(contentsOf: url) == Data("mine".utf8))
    try script.model.write(to: url, replacing: true)
    try script.model.generatorEMA.write(to: url, replacing: true)
    try snapshot.write(to: url, replacing: true)
    try file.export(to: url, options: .init(), replacing: true)
    #expect(try GANFile.read(url, as: [.styleGAN2]).generator == nil)
  }

  @Test func `G04 a record that is none is named`() throws {
    let url = folder.url.appending(path: "record.safetensors")
    try script.model.write(to: url)
    var file = try SafetensorsFile.read(url)
    for key in ["lethe.optimiser.g_optim", "lethe.training", "lethe.pixel_range"] {
      let former = file.metadata[key]
      file.metadata[key] = "{"
      try file.write(to: url)
      #expect(throws: GANFileError.unreadableRecord(file: url.path, key: key)) {
        try GANFile.read(url, as: [.styleGAN2])
      }
      file.metadata[key] = former
    }
    // Moments whose record somebody dropped: Adam's correction would start anew, unsaid.
    file.metadata["lethe.optimiser.g_optim"] = nil
    try file.write(to: url)
    #expect(
      try GANFile.read(url, as: [.styleGAN2]).notes.map(\.sentence) == [
        "\(url.path): g_optim: its constants and its number of steps are not recorded: Adam counts "
          + "from 0"
      ])
  }
}
