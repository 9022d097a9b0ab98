import Checkpoints
import Foundation
import GANs
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

/// What holds for any architecture, shown with one that is no StyleGAN2.
@Suite struct ArchitectureTests {
  private let folder: TemporaryFolder
  private let configuration = ToyConfiguration(size: 8, latentSize: 5)

  init() throws { folder = try TemporaryFolder() }

  private func trainer(seed: UInt64) -> GANTrainer {
    var options = TrainingOptions()
    options.batchSize = 4
    options.r1Interval = 2
    options.pathLengthInterval = 2
    let model = GANModel(configuration, pixelRange: .zeroToOne, options: options)
    let random = RandomGenerator(seed: seed)
    model.initialise(using: random)
    return GANTrainer(
      model, source: RandomPictures(RandomGenerator(seed: seed + 1)), options: options,
      random: random)
  }

  @Test func `a second architecture is trained, written, recognised and resumed`() throws {
    let straight = trainer(seed: 1)
    try straight.train(until: 3)
    let url = folder.url.appending(path: "toy.safetensors")
    try straight.model.write(to: url, options: straight.options, training: straight.state)
    try straight.train(until: 6)

    let file = try GANFile.read(url, as: [.styleGAN2, ToyArchitecture()])
    #expect(file.configuration.isEqual(to: configuration))
    #expect(file.configuration.architecture.name == "Toy")
    let resumed = trainer(seed: 2)
    try resumed.model.restore(file)
    try resumed.restore(file.training, file: file.path)
    try resumed.train(until: 6)
    for (one, other) in [
      (straight.model.generator.parameters, resumed.model.generator.parameters),
      (straight.model.discriminator.parameters, resumed.model.discriminator.parameters),
      (straight.model.generatorEMA.parameters, resumed.model.generatorEMA.parameters),
    ] {
      #expect(other.values.hasSameBits(as: one.values))
    }
    let pictures = straight.model.generatorEMA.pictures(
      ofLatents: RandomGenerator(seed: 3).normal([70, 5]), noise: .fixed)
    #expect(pictures.shape == [70, 3, 8, 8] && pictures.hasOnlyFiniteElements)
  }

  @Test func `a file is of the first architecture that accepts it`() throws {
    let world = TrainingWorld(seed: 3)
    let url = folder.url.appending(path: "style.safetensors")
    try world.model.write(to: url)
    let file = try GANFile.read(url, as: [ToyArchitecture(), .styleGAN2])
    #expect(file.configuration.architecture.name == "StyleGAN2")
    #expect(file.configuration.isEqual(to: world.model.configuration))
    #expect(!file.configuration.isEqual(to: configuration))
    // With nobody to accept it, the reason of the first is given.
    let error = #expect(throws: GANFileError.self) {
      try GANFile.read(url, as: [ToyArchitecture()])
    }
    #expect(
      error?.description == "\(url.path) is no Toy: paint.weight is missing, or of no size")
  }

  @Test func `a file that is understood up to one tensor is refused for that tensor`() throws {
    let trainer = trainer(seed: 4)
    let url = folder.url.appending(path: "extra.safetensors")
    try trainer.model.write(to: url)
    let snapshot = try SafetensorsFile.read(url)
    var tensors = snapshot.tensors
    tensors["g_ema.stranger"] = Tensor([Float(1)])
    try SafetensorsFile(tensors: tensors, metadata: snapshot.metadata).write(to: url)
    let error = #expect(throws: GANFileError.self) {
      try GANFile.read(url, as: [.styleGAN2, ToyArchitecture()])
    }
    #expect(
      error == .unexpectedTensor(file: url.path, key: "g_ema.stranger", shape: [1]))
  }

  @Test func `a file of none of them is told what each expects`() throws {
    let url = folder.url.appending(path: "other.safetensors")
    try SafetensorsFile(tensors: ["x": Tensor([Float(1)])]).write(to: url)
    let error = #expect(throws: GANFileError.self) {
      try GANFile.read(url, as: [ToyArchitecture(), .styleGAN2])
    }
    #expect(
      error?.description
        == "\(url.path) holds no generator: expected a Toy with G.kernel, or a StyleGAN2 with tensors "
        + "such as g_ema.style.1.weight, found x; inspecting the file lists what is there")
  }

  // MARK: - Key maps

  private func export(_ change: (inout StateDict) -> Void = { _ in }) throws -> URL {
    let random = RandomGenerator(seed: 5)
    var tensors: StateDict = [
      "G.kernel": random.normal([5, 192]), "G.offset": random.normal([192]),
      "G.noise": random.normal([1, 1, 8, 8]), "G.w_avg": random.normal([5]),
    ]
    change(&tensors)
    let url = folder.url.appending(path: "export.safetensors")
    try SafetensorsFile(tensors: tensors).write(to: url)
    return url
  }

  @Test func `another program's names and layouts become ours`() throws {
    let url = try export()
    let tensors = try SafetensorsFile.read(url).tensors
    let file = try GANFile.read(url, as: [.styleGAN2, ToyArchitecture()])
    let generator = try file.makeGenerator()
    let names = generator.parameters.named()
    #expect(
      try #require(names["paint.weight"]).hasSameBits(
        as: try #require(tensors["G.kernel"]).transposed.contiguous()))
    #expect(
      try #require(names["paint.bias"]).hasSameBits(as: try #require(tensors["G.offset"])))
    #expect(generator.noiseMaps[0].hasSameBits(as: try #require(tensors["G.noise"])))
    #expect(file.discriminator == nil && file.generator == nil)
  }

  @Test func `every tensor is accounted for, by its name in the file`() throws {
    let file = try GANFile.read(export(), as: [ToyArchitecture()])
    #expect(
      file.accounts.map { "\($0.key) \($0.shape) -> \($0.fate)" } == [
        "G.kernel [5, 192] -> generatorEMA: paint.weight",
        "G.offset [192] -> generatorEMA: paint.bias",
        "G.noise [1, 1, 8, 8] -> generatorEMA: noises.noise_0",
        "G.w_avg [5] -> mean style: not needed",
      ])
    #expect(file.accounts.map(\.isSkipped) == [false, false, false, true])
  }

  @Test func `a tensor that the map does not know refuses the file`() throws {
    let url = try export { $0["G.surprise"] = Tensor([Float(1), 2]) }
    #expect(
      throws: GANFileError.unexpectedTensor(file: url.path, key: "G.surprise", shape: [2])
    ) { try GANFile.read(url, as: [ToyArchitecture()]) }
  }

  // MARK: - Names

  @Test func `names are those of the networks, which need not be made for them`() {
    for configuration in [configuration, TinyNetworks.configuration(size: 32)]
      as [any GANConfiguration]
    {
      let generator = configuration.makeGenerator(pixelRange: .zeroToOne, device: .cpu)
      let discriminator = configuration.makeDiscriminator(device: .cpu)
      #expect(
        configuration.generatorParameterNames == generator.parameters.parameters.map(\.name))
      #expect(
        configuration.discriminatorParameterNames
          == discriminator.parameters.parameters.map(\.name))
    }
  }
}
