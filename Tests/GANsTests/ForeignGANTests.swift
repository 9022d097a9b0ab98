import Checkpoints
import Foundation
import GANs
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

/// GANs as other programs and other times saved them.
@Suite struct ForeignGANTests {
  private let script: PublicScript

  init() throws { script = try PublicScript() }

  private func pictures(_ file: GANFile) throws -> Tensor {
    let generator = try file.makeGenerator()
    return withoutGradients { generator(RandomGenerator(seed: 1).normal([4, 8]), noise: .fixed) }
  }

  private var expected: Tensor {
    withoutGradients {
      script.model.generatorEMA(RandomGenerator(seed: 1).normal([4, 8]), noise: .fixed)
    }
  }

  // MARK: - What stands before names

  @Test(arguments: ["module.", "_orig_mod.", "module._orig_mod.", "_orig_mod.module."])
  func `F05 networks that were wrapped in training are read`(prefix: String) throws {
    var entries = script.entries()
    for part in ["g", "g_ema"] {
      entries[part] = .stateDict(script.model.generatorEMA.stateDict, prefix: prefix)
    }
    entries["d"] = .stateDict(script.model.discriminator.parameters.named(), prefix: prefix)
    let file = try script.read(entries)
    #expect(try pictures(file).hasSameBits(as: expected))
    #expect(file.notes.isEmpty)
    _ = try GANModel(file, options: TrainingOptions(), start: .average)
  }

  @Test func `F05 a part of a network may be wrapped`() throws {
    var tensors = StateDict()
    for (name, tensor) in script.model.generatorEMA.stateDict {
      tensors[name.replacing("style.", with: "style._orig_mod.")] = tensor
    }
    #expect(try pictures(script.read([("g_ema", .stateDict(tensors))])).hasSameBits(as: expected))
  }

  @Test(arguments: [
    [], ["state_dict"], ["model_state_dict"], ["model"], ["net"], ["modelState"],
    ["model", "state_dict"],
  ])
  func `F05 a bare generator is read wherever it lies`(places: [String]) throws {
    for prefix in ["", "module.", "module._orig_mod."] {
      var root = TorchValue.stateDict(script.model.generatorEMA.stateDict, prefix: prefix)
      for place in places.reversed() {
        root = .dictionary([(.text("epoch"), .integer(3)), (.text(place), root)])
      }
      let file = try GANFile.read(script.write(root), as: [.styleGAN2])
      #expect(try pictures(file).hasSameBits(as: expected), "\(prefix) in \(places)")
    }
  }

  @Test func `F05 a whole checkpoint in an entry keeps its optimisers`() throws {
    let inner = TorchValue.dictionary(script.entries().map { (.text($0.0), $0.1) })
    let file = try GANFile.read(script.write(.named(["state_dict": inner])), as: [.styleGAN2])
    #expect(file.generatorOptimiser?.options == PublicScript.options)
    #expect(file.generatorOptimiser?.stepCount == 3)
    #expect(try pictures(file).hasSameBits(as: expected))
  }

  @Test func `F05 two tensors of one name are refused by both their keys`() throws {
    let tensors = script.model.generatorEMA.stateDict
    let both = StateDict.both(tensors, "style.1.weight", "module.style.1.weight")
    #expect(
      script.message([("g_ema", .stateDict(both))])
        == "checkpoint.pt: g_ema.style.1.weight and g_ema.module.style.1.weight are both "
        + "g_ema.style.1.weight; keep one of them")
  }

  // MARK: - What lies beside

  @Test func `F14 entries that are no network are left alone with a note`() throws {
    var entries = script.entries()
    entries["optim_G"] = script.optimiser("g")
    entries["mean_path_length"] = .tensor(Tensor([0.5] as [Float], shape: []))
    let file = try script.read(entries)
    #expect(try pictures(file).hasSameBits(as: expected))
    #expect(
      file.notes.map { $0.sentence.replacing(/^\S*\//, with: "") } == [
        "checkpoint.pt: optim_G (\(2 * script.model.generator.parameters.parameters.count) tensors) "
          + "is no part of a GAN that lethe knows, and left alone",
        "checkpoint.pt: mean_path_length (1 tensor) is no part of a GAN that lethe knows, and left "
          + "alone",
      ])
    let account = try #require(file.accounts.first { $0.key == "mean_path_length" })
    #expect(account.isSkipped)
  }

  @Test func `F14 a tensor that a network does not have is refused still`() throws {
    for part in ["g", "g_ema", "d"] {
      var entries = script.entries()
      var tensors = script.model.generatorEMA.stateDict
      if part == "d" { tensors = script.model.discriminator.parameters.named() }
      tensors["extra"] = .zeros([2])
      entries[part] = .stateDict(tensors)
      #expect(
        script.message(entries).hasPrefix("checkpoint.pt: the tensor \(part).extra [2] belongs to"))
    }
  }

  @Test func `F16 pictures of one channel are refused in words`() throws {
    var tensors = script.model.generatorEMA.stateDict
    tensors["to_rgb1.bias"] = .zeros([1, 1, 1, 1])
    #expect(
      script.message([("g_ema", .stateDict(tensors))])
        == "checkpoint.pt is no StyleGAN2 of the public family: to_rgb1.bias makes pictures of 1 "
        + "channel, and lethe's are of 3: red, green and blue")
  }

  // MARK: - Noise maps

  private func withoutMaps(_ generator: any GeneratorNetwork) -> TorchValue {
    .stateDict(generator.parameters.named())
  }

  @Test func `F01 a generator from before noise maps were saved is read, and says so`() throws {
    var entries = script.entries()
    entries["g"] = withoutMaps(script.model.generator)
    entries["g_ema"] = withoutMaps(script.model.generatorEMA)
    let file = try script.read(entries)
    #expect(file.notes.map(\.matter) == [.fixedNoise])
    #expect(
      file.notes.first?.sentence.hasSuffix(
        "checkpoint.pt holds no noise maps: those of fixed noise are drawn, the same ones every time"
      )
        == true)
    let z = RandomGenerator(seed: 1).normal([4, 8])
    func random(_ generator: any GeneratorNetwork) -> Tensor {
      withoutGradients { generator(z, noise: .random(RandomGenerator(seed: 2))) }
    }
    let (one, other) = (try file.makeGenerator(), try file.makeGenerator())
    #expect(random(one).hasSameBits(as: random(script.model.generatorEMA)))
    for (map, again) in zip(one.noiseMaps, other.noiseMaps) {
      #expect(map.hasSameBits(as: again) && map.abs().max().item() > 0.5)
    }
    let model = try GANModel(file, options: TrainingOptions(), start: .raw)
    #expect(
      model.generator.parameters.values.hasSameBits(as: script.model.generator.parameters.values))
    #expect(model.generatorEMA.noiseMaps[1].hasSameBits(as: one.noiseMaps[1]))
  }

  @Test func `F01 what is handed on of such a file has no noise maps either`() throws {
    let file = try script.read([("g_ema", withoutMaps(script.model.generatorEMA))])
    let folder = try TemporaryFolder()
    let url = folder.url.appending(path: "handed-on.safetensors")
    try file.export(to: url, options: .init())
    let again = try GANFile.read(url, as: [.styleGAN2])
    #expect(again.notes.map(\.matter) == [.fixedNoise])
    #expect(try pictures(again).hasSameBits(as: pictures(file)))
  }

  @Test func `F01 some of the noise maps are not enough`() throws {
    var tensors = script.model.generatorEMA.stateDict
    tensors["noises.noise_1"] = nil
    var entries = script.entries()
    entries["g"] = nil
    entries["g_ema"] = .stateDict(tensors)
    #expect(
      script.message(entries)
        == "checkpoint.pt: the tensor g_ema.noises.noise_1 [1, 1, 8, 8] is missing")
  }
}

extension StateDict {
  /// All tensors, and one of them under a second name.
  fileprivate static func both(_ tensors: StateDict, _ name: String, _ other: String) -> StateDict {
    var result = tensors
    result[other] = tensors[name]
    return result
  }
}
