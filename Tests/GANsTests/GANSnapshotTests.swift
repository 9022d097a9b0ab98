import Checkpoints
import Foundation
import GANs
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch

@Suite struct GANSnapshotTests {
  private let folder: TemporaryFolder
  private let world: TrainingWorld

  init() throws {
    folder = try TemporaryFolder()
    world = TrainingWorld(seed: 3)
    try world.trainer.train(until: 2)
  }

  @Test func `a snapshot written while training goes on is the file written at once`() throws {
    let (once, later) = (folder.url.appending(path: "once"), folder.url.appending(path: "later"))
    let (model, trainer) = (world.model, world.trainer)
    try model.write(
      to: once, options: trainer.options, training: trainer.state, metadata: ["lethe.run": "test"])
    let snapshot = try model.snapshot(
      options: trainer.options, training: trainer.state, metadata: ["lethe.run": "test"])
    let before = try Data(contentsOf: once)
    try trainer.train(until: 5)
    try snapshot.write(to: later)
    #expect(try Data(contentsOf: later) == before)
    try model.write(
      to: once, options: trainer.options, training: trainer.state, replacing: true)
    #expect(try Data(contentsOf: once) != before)
  }

  @Test func `a snapshot's average makes the pictures of its moment`() throws {
    let z = RandomGenerator(seed: 1).normal([4, 8])
    func pictures(_ generator: any GeneratorNetwork) -> Tensor {
      withoutGradients { generator(z, noise: .fixed) }
    }
    let before = pictures(world.model.generatorEMA)
    let snapshot = try world.model.snapshot()
    try world.trainer.train(until: 5)
    #expect(pictures(snapshot.average).hasSameBits(as: before))
    #expect(!pictures(world.model.generatorEMA).hasSameBits(as: before))
  }

  @Test func `a GAN of a file that was written to since is refused`() throws {
    let url = folder.url.appending(path: "gan.safetensors")
    try world.model.write(to: url)
    let file = try GANFile.read(url, as: [.styleGAN2])
    let bytes = try Data(contentsOf: url)
    let handle = try FileHandle(forWritingTo: url)
    usleep(20_000)
    try handle.write(contentsOf: bytes.prefix(8))
    try handle.close()
    #expect(throws: CheckpointError.changed(path: url.path)) { _ = try file.makeGenerator() }
    #expect(throws: CheckpointError.changed(path: url.path)) { try world.model.restore(file) }
  }
}
