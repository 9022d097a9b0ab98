import Checkpoints
import Foundation
import GANs
import SWAGAN
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

/// Files of the public scripts with `--arch swagan`, as PyTorch writes them (Scripts/fixtures/swagan.py),
/// and our own.
@Suite struct CheckpointTests {
  private static let architectures: [any Architecture] = [.styleGAN2, .swagan]
  private let folder: TemporaryFolder
  private let sizes = NetworkSizes(size: 16, latentSize: 8, mappingDepth: 2, channelCap: 4)

  init() throws { folder = try TemporaryFolder() }

  private static func read(_ url: URL) throws -> GANFile {
    try GANFile.read(url, as: architectures)
  }

  private func model(_ sizes: NetworkSizes) -> GANModel {
    let model = GANModel(
      SWAGANConfiguration(sizes), pixelRange: .minusOneToOne, options: TrainingOptions())
    model.initialise(using: RandomGenerator(seed: 1))
    return model
  }

  /// The tensors of a model as the public scripts name them, in a file, after a change.
  private func write(_ change: (inout StateDict) -> Void) throws -> URL {
    let model = model(sizes)
    var tensors = StateDict()
    tensors.merge(model.generatorEMA.stateDict, under: "g_ema")
    tensors.merge(model.discriminator.parameters.named(), under: "d")
    change(&tensors)
    let url = folder.url.appending(path: "changed.safetensors")
    try? FileManager.default.removeItem(at: url)
    try SafetensorsFile(tensors: tensors).write(to: url)
    return url
  }

  private func message(_ change: (inout StateDict) -> Void) throws -> String {
    do {
      let file = try Self.read(write(change))
      _ = try GANModel(file, options: TrainingOptions(), start: .average)
      return "accepted as \(file.configuration)"
    } catch { return "\(error)".replacing(/\S*\/changed/, with: "changed") }
  }

  /// The pictures of the generator that users see, whose noise maps are its own.
  private func shown(_ file: GANFile, _ expected: SafetensorsFile) throws -> Tensor {
    let generator = try file.makeGenerator()
    let z = try #require(expected.tensors["in.z"])
    return generator.pictures(ofLatents: z, noise: .fixed)
  }

  // MARK: - The public scripts' files

  @Test func `a checkpoint of the public scripts is recognised, and all of it is used`() throws {
    let expected = try SafetensorsFile.read(SWAGANFixture.url("swagan.expected.safetensors"))
    let file = try Self.read(SWAGANFixture.url("swagan.pt"))
    #expect(file.configuration.isEqual(to: SWAGANConfiguration(sizes)))
    #expect("\(file.configuration)" == "SWAGAN of 16x16, latent 8, depth 2, cap 4")
    #expect(file.accounts.contains { $0.fate == "constant: a Haar wavelet, verified" })
    #expect(file.regularisation.r1Weight == 5)
    let model = try GANModel(file, options: TrainingOptions(), start: .raw)
    for (part, parameters, optimiser) in [
      ("g", model.generator.parameters, model.generatorOptimiser),
      ("d", model.discriminator.parameters, model.discriminatorOptimiser),
    ] {
      #expect(optimiser.stepCount == 2)
      for (name, value) in parameters.named() {
        #expect(value.hasSameBits(as: try #require(expected.tensors["\(part).\(name)"])))
      }
      let moments = parameters.named(optimiser.secondMoments)
      for (name, value) in moments {
        let key = "\(part)_optim.exp_avg_sq.\(name)"
        #expect(value.hasSameBits(as: try #require(expected.tensors[key])))
      }
    }
    let pictures = try shown(file, expected)
    #expect(
      pictures.largestDifference(from: try #require(expected.tensors["out.image"])) < 1e-4)
  }

  @Test func `what is written for the public scripts has their tensors in their order`() throws {
    let expected = try SafetensorsFile.read(SWAGANFixture.url("swagan.expected.safetensors"))
    let url = try SWAGANFixture.url("swagan.pt")
    let source = try Checkpoint.read(url)
    let written = folder.url.appending(path: "written.pt")
    try TorchFileWriter(Self.read(url).publicCheckpoint()).write(to: written)
    let result = try Checkpoint.read(written)
    for part in ["g", "d", "g_ema"] {
      let text = try #require(expected.metadata["\(part)_keys"])
      let keys = try JSONDecoder().decode([String].self, from: Data(text.utf8))
      #expect(result.tensors.under(part).keys.map { "\($0)" } == keys)
    }
    #expect(source.tensors.keys.count == result.tensors.keys.count)
    for (key, tensor) in source.tensors {
      let same = try #require(result.tensors[key], "\(key)")
      #expect(same.largestDifference(from: tensor) < 1e-6, "\(key)")
    }
  }

  @Test func `a snapshot is written, recognised and trained on`() throws {
    let model = model(sizes)
    let url = folder.url.appending(path: "swagan.safetensors")
    try model.write(to: url)
    let file = try Self.read(url)
    #expect(file.configuration.isEqual(to: model.configuration))
    #expect(
      try file.makeGenerator().parameters.values.hasSameBits(
        as: model.generatorEMA.parameters.values))
    #expect(throws: GANFileError.self) { try GANFile.read(url, as: [.styleGAN2]) }
  }

  // MARK: - Neither for the other

  @Test func `a StyleGAN2 is none of these`() throws {
    let model = GANModel(
      TinyNetworks.configuration(size: 16), pixelRange: .minusOneToOne,
      options: TrainingOptions())
    model.initialise(using: RandomGenerator(seed: 2))
    let url = folder.url.appending(path: "style.safetensors")
    try model.write(to: url)
    #expect(try Self.read(url).configuration.architecture.name == "StyleGAN2")
    let error = #expect(throws: GANFileError.self) { try GANFile.read(url, as: [.swagan]) }
    #expect(
      error?.description
        == "\(url.path) is no SWAGAN of the public family: to_rgb1.bias makes pictures of 3 channels, "
        + "and a SWAGAN's are of 12: wavelets of 3 colours")
  }

  @Test func `the multiplier of 64x64 is the discriminator's to tell`() throws {
    let sizes = NetworkSizes(
      size: 64, latentSize: 4, mappingDepth: 1, channelMultiplier: 1, channelCap: 300)
    let configuration = SWAGANConfiguration(sizes)
    var generator = StateDict()
    let scope = ParameterScope()
    configuration.declareGenerator(in: scope)
    for (name, shape) in scope.shapes { generator[name] = Tensor.zeros(shape) }
    let plain = try SWAGANArchitecture().configuration(inferredFrom: generator, path: "f")
    #expect(!plain.isEqual(to: configuration))
    var discriminator = StateDict()
    let other = ParameterScope()
    configuration.declareDiscriminator(in: other)
    for (name, shape) in other.shapes { discriminator[name] = Tensor.zeros(shape) }
    #expect(SWAGANArchitecture().refined(plain, by: discriminator).isEqual(to: configuration))
    #expect(discriminator["from_rgbs.0.conv.0.weight"]?.shape == [256, 12, 3, 3])
  }

  // MARK: - Broken files

  @Test func `a broken file is refused in the words of its family`() throws {
    #expect(try message { _ in } == "accepted as SWAGAN of 16x16, latent 8, depth 2, cap 4")
    #expect(
      try message { $0["g_ema.conv1.conv.weight"] = nil }
        == "changed.safetensors is no SWAGAN of the public family: conv1.conv.weight is missing")
    #expect(
      try message { $0["g_ema.to_rgbs.0.bias"] = nil }
        == "changed.safetensors: the tensor g_ema.to_rgbs.0.bias [1, 12, 1, 1] is missing")
    #expect(
      try message { $0["g_ema.to_rgbs.0.bias"] = Tensor.zeros([1, 3, 1, 1]) }
        .contains("g_ema.to_rgbs.0.bias"))
    #expect(
      try message { $0["d.from_rgbs.1.conv.0.weight"] = nil }
        .contains("d.from_rgbs.1.conv.0.weight"))
    #expect(
      try message { $0["g_ema.stranger"] = Tensor.zeros([1]) }
        .contains("the tensor g_ema.stranger [1] belongs to no part"))
    let block = Tensor.zeros([1, 4, 4, 3, 3])
    #expect(
      try message { tensors in
        for index in 1...8 { tensors["g_ema.convs.\(2 * index).conv.weight"] = block }
      }
        == "changed.safetensors is no SWAGAN of the public family: 9 blocks of convolutions make "
        + "pictures of 4096 pixels, expected 16 to 1024")
    #expect(
      try message { tensors in
        tensors["g_ema.style.1.weight"] = Tensor.zeros([8, 16])
        tensors["g_ema.embed.weight"] = Tensor.zeros([8, 3])
      }
        == "changed.safetensors is no SWAGAN of the public family: embed.weight tells it one of 3 "
        + "classes, and no SWAGAN is told any")
  }

  @Test func `wavelets that are not Haar's are refused by name`() throws {
    let right = Tensor([Float(0.5), 0.5, -0.5, -0.5], shape: [2, 2])
    #expect(try message { $0["g_ema.iwt.lh"] = right }.hasPrefix("accepted"))
    let wrong = try message { $0["g_ema.to_rgbs.0.dwt.lh"] = right }
    #expect(
      wrong
        == "changed.safetensors: g_ema.to_rgbs.0.dwt.lh is not the Haar wavelet of that name, 2x2 of "
        + "1/2 and -1/2, that lethe transforms with")
  }

  @Test func `a discriminator of other pictures is refused with both sizes`() throws {
    var large = sizes
    large.size = 32
    let other = model(large).discriminator.parameters.named()
    let text = try message { tensors in
      for name in tensors.keys.filter({ $0.hasPrefix("d.") }) { tensors[name] = nil }
      tensors.merge(other, under: "d")
    }
    #expect(
      text.contains("d is a discriminator of 32x32 pictures, but g_ema makes 16x16 ones"), "\(text)"
    )
  }
}
