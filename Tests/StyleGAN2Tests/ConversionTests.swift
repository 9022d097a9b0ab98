import Checkpoints
import Foundation
import GANs
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

/// GANs in the form of the public scripts, and back (Scripts/fixtures/make_gan_pt.py).
@Suite struct ConversionTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func url(_ name: String) -> URL { folder.url.appending(path: name) }

  private static func fixture(_ name: String) throws -> URL {
    try #require(Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Fixtures"))
  }

  private static func read(_ url: URL) throws -> GANFile {
    try GANFile.read(url, as: [.styleGAN2])
  }

  /// Writes a GAN as a public checkpoint, and reads what is in the file.
  private func written(_ file: GANFile, _ name: String = "written.pt") throws -> Checkpoint {
    try TorchFileWriter(file.publicCheckpoint()).write(to: url(name), replacing: true)
    return try Checkpoint.read(url(name))
  }

  /// A snapshot of a tiny model after two iterations.
  private func snapshot() throws -> (model: GANModel, url: URL) {
    let world = TrainingWorld(seed: 1)
    try world.trainer.train(until: 2)
    try world.model.write(
      to: url("snapshot.safetensors"), training: ["iteration": Tensor([Int64(2)])])
    return (world.model, url("snapshot.safetensors"))
  }

  @Test func `a public checkpoint survives the way through our format`() throws {
    let original = try Checkpoint.read(Self.fixture("public.pt"))
    try Self.read(Self.fixture("public.pt")).writeSnapshot(to: url("ours.safetensors"))
    let back = try written(Self.read(url("ours.safetensors")))
    // The scripts' networks of this fixture have one more kernel, and consolidation registers some.
    let isForeign = { (key: String) in
      key.contains(".upsamples.") || key.hasSuffix("_fisher") || key.hasSuffix("_mean")
    }
    let expected = original.tensors.filter { !isForeign($0.key) && $0.key != "ada_aug_p" }
    #expect(Set(back.tensors.keys) == Set(expected.map(\.key)))
    for (key, tensor) in expected {
      #expect(try #require(back.tensors[key]).hasSameBits(as: tensor), "\(key)")
    }
    for (path, value) in original.values {
      let isSetting = ["foreach", "fused"].contains { path.hasSuffix($0) }
      if !isSetting { #expect(back.value(at: path) == value, "\(path)") }
    }
    #expect(back.value(at: "ada_aug_p") == .number(0.25))
    #expect(back.value(at: "args.r1") == .number(5.5))
    #expect(back.value(at: "args.batch") == .integer(4))
    #expect(back.skipped.isEmpty)
  }

  @Test func `a snapshot keeps its tensors, its words and its types`() throws {
    let (_, source) = try snapshot()
    var file = try SafetensorsFile.read(source)
    file.metadata["lethe.lineage"] = "{\"forgotten\":[]}"
    file.metadata["lethe.run"] = "run"
    file.tensors["d.final_conv.1.bias"] = file.tensors["d.final_conv.1.bias"]?.to(.float16)
    try file.write(to: source)
    try Self.read(source).writeSnapshot(to: url("copy.safetensors"))
    let copy = try SafetensorsFile.read(url("copy.safetensors"))
    #expect(Set(copy.tensors.keys) == Set(file.tensors.keys))
    for (key, tensor) in file.tensors {
      #expect(try #require(copy.tensors[key]).hasSameBits(as: tensor), "\(key)")
    }
    #expect(copy.metadata == file.metadata)
  }

  @Test func `public networks find every tensor that they register, in their order`() throws {
    let (model, source) = try snapshot()
    let tensors = try written(Self.read(source)).tensors
    let g = tensors.under("g")
    #expect(
      Array(g.keys.prefix(25).suffix(13)) == [
        "to_rgb1.conv.modulation.weight", "to_rgb1.conv.modulation.bias", "convs.0.conv.weight",
        "convs.0.conv.blur.kernel", "convs.0.conv.modulation.weight",
        "convs.0.conv.modulation.bias", "convs.0.noise.weight", "convs.0.activate.bias",
        "convs.1.conv.weight", "convs.1.conv.modulation.weight", "convs.1.conv.modulation.bias",
        "convs.1.noise.weight", "convs.1.activate.bias",
      ])
    #expect(
      Array(g.keys.suffix(8)) == [
        "to_rgbs.0.bias", "to_rgbs.0.upsample.kernel", "to_rgbs.0.conv.weight",
        "to_rgbs.0.conv.modulation.weight", "to_rgbs.0.conv.modulation.bias", "noises.noise_0",
        "noises.noise_1", "noises.noise_2",
      ])
    #expect(tensors.under("g_ema").keys == g.keys)
    #expect(
      tensors.under("d").keys == [
        "convs.0.0.weight", "convs.0.1.bias", "convs.1.conv1.0.weight", "convs.1.conv1.1.bias",
        "convs.1.conv2.0.kernel", "convs.1.conv2.1.weight", "convs.1.conv2.2.bias",
        "convs.1.skip.0.kernel", "convs.1.skip.1.weight", "final_conv.0.weight",
        "final_conv.1.bias", "final_linear.0.weight", "final_linear.0.bias",
        "final_linear.1.weight", "final_linear.1.bias",
      ])
    let row: [Float] = [1, 3, 3, 1]
    let outer = row.flatMap { first in row.map { first * $0 } }
    for (key, sum) in [
      ("g.convs.0.conv.blur.kernel", 4), ("g_ema.to_rgbs.0.upsample.kernel", 4),
      ("d.convs.1.conv2.0.kernel", 1), ("d.convs.1.skip.0.kernel", 1),
    ] as [(String, Float)] {
      let kernel = try #require(tensors[key])
      #expect(kernel.shape == [4, 4])
      #expect(kernel.array(of: Float.self) == outer.map { $0 * sum / 64 }, "\(key)")
    }
    for (key, tensor) in model.generatorEMA.stateDict {
      #expect(try #require(tensors["g_ema.\(key)"]).hasSameBits(as: tensor), "\(key)")
    }
    #expect(try Self.read(url("written.pt")).leftOut == [])
  }

  @Test func `optimisers have torch's own layout`() throws {
    let (model, source) = try snapshot()
    let file = try written(Self.read(source))
    let moments = model.discriminator.parameters.named(model.discriminatorOptimiser.firstMoments)
    #expect(file.tensors.under("d_optim.state").count == 3 * moments.count)
    for (index, (name, tensor)) in moments.enumerated() {
      let state = file.tensors.under("d_optim.state.\(index)")
      #expect(state.keys == ["step", "exp_avg", "exp_avg_sq"])
      #expect(try #require(state["exp_avg"]).hasSameBits(as: tensor), "\(name)")
      let step = try #require(state["step"])
      #expect(step.shape == [] && step.scalarType == .float32)
      #expect(step.item() == Double(model.discriminatorOptimiser.stepCount))
    }
    let options = model.discriminatorOptimiser.options
    let group = "d_optim.param_groups.0"
    #expect(file.value(at: "\(group).lr") == .number(options.learningRate))
    #expect(
      file.value(at: "\(group).betas") == .list([.number(options.beta1), .number(options.beta2)]))
    #expect(file.value(at: "\(group).eps") == .number(options.epsilon))
    #expect(
      file.value(at: "\(group).params") == .list(moments.keys.indices.map { .integer($0) }))
  }

  @Test func `a parameter that took fewer steps keeps its own count`() throws {
    // R1 gives the last bias no gradient, and torch's Adam passes it over then.
    var tensors = try Checkpoint.read(Self.fixture("public.pt")).tensors
    tensors["d_optim.state.3.step"] = Tensor([Float(2)], shape: [])
    try SafetensorsFile(tensors: tensors).write(to: url("public.safetensors"))
    try Self.read(url("public.safetensors")).writeSnapshot(to: url("ours.safetensors"))
    let back = try written(Self.read(url("ours.safetensors"))).tensors
    for index in back.under("d").keys.filter({ !$0.hasSuffix(".kernel") }).indices {
      let step = try #require(back["d_optim.state.\(index).step"])
      #expect(step.item() == (index == 3 ? 2 : 4), "\(index)")
    }
  }

  @Test func `training goes on from a conversion as from the source`() throws {
    let (_, source) = try snapshot()
    _ = try written(Self.read(source))
    try Self.read(url("written.pt")).writeSnapshot(to: url("back.safetensors"))
    let (before, after) = try (
      SafetensorsFile.read(source), SafetensorsFile.read(url("back.safetensors"))
    )
    for (key, tensor) in before.tensors where !key.hasPrefix("training.") {
      #expect(try #require(after.tensors[key]).hasSameBits(as: tensor), "\(key)")
    }
    for part in ["g_optim", "d_optim"] {
      let key = "lethe.optimiser.\(part)"
      #expect(after.metadata[key] == before.metadata[key])
    }
  }

  @Test func `a bare generator is written as itself, in full precision, with maps`() throws {
    let file = try Self.read(Self.fixture("public-half.pt"))
    let checkpoint = try written(file)
    #expect(Set(checkpoint.tensors.keys.map { $0.prefix { $0 != "." } }) == ["g", "g_ema"])
    for (_, tensor) in checkpoint.tensors { #expect(tensor.scalarType == .float32) }
    try TorchFileWriter(file.publicGenerator()).write(to: url("g.pt"))
    try file.writePublicGenerator(to: url("g.safetensors"))
    let expected = checkpoint.tensors.under("g_ema")
    let (torch, bare) = try (Checkpoint.read(url("g.pt")), Checkpoint.read(url("g.safetensors")))
    #expect(torch.tensors.keys == expected.keys.map { "g_ema.\($0)" })
    #expect(Set(bare.tensors.keys) == Set(expected.keys))
    for (key, tensor) in expected {
      #expect(try #require(torch.tensors["g_ema.\(key)"]).hasSameBits(as: tensor), "\(key)")
      #expect(try #require(bare.tensors[key]).hasSameBits(as: tensor), "\(key)")
    }
    let generator = try Self.read(url("g.safetensors")).makeGenerator()
    let original = try file.makeGenerator()
    for (key, tensor) in original.stateDict {
      #expect(try #require(generator.stateDict[key]).hasSameBits(as: tensor), "\(key)")
    }
  }

  @Test func `maps that a file lacks are those that lethe draws`() throws {
    let (_, source) = try snapshot()
    var file = try SafetensorsFile.read(source)
    for key in file.tensors.keys where key.contains("noises.") { file.tensors[key] = nil }
    try file.write(to: source)
    let gan = try Self.read(source)
    let maps = try written(gan).tensors.under("g_ema.noises")
    #expect(maps.keys == ["noise_0", "noise_1", "noise_2"])
    for (index, map) in try gan.makeGenerator().noiseMaps.enumerated() {
      #expect(try #require(maps["noise_\(index)"]).hasSameBits(as: map))
    }
    try gan.writeSnapshot(to: url("ours.safetensors"))
    #expect(
      try !SafetensorsFile.read(url("ours.safetensors")).tensors.keys.contains {
        $0.contains("noises.")
      })
  }

  @Test func `what nobody has a place for is named`() throws {
    #expect(
      try Self.read(Self.fixture("public.pt")).leftOut.map { $0.replacing(/^\S*\//, with: "") } == [
        "public.pt: 2 tensors are left out (elastic weight consolidation of the run that wrote the "
          + "file: a new run estimates its own)"
      ])
  }
}
