import Checkpoints
import Datasets
import Foundation
import GANs
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

@testable import Experiments

@Suite struct ProjectionTests {
  private let folder: TemporaryFolder
  private let gan: GANFile
  private let generator: any GeneratorNetwork

  init() throws {
    folder = try TemporaryFolder()
    let model = GANModel(
      TinyNetworks.configuration(), pixelRange: .minusOneToOne, options: TrainingOptions())
    model.initialise(using: RandomGenerator(seed: 1))
    // Noise counts for something.
    model.generatorEMA.parameters.copy(
      from: TinyNetworks.neighbour(of: model.generatorEMA).parameters)
    let file = folder.url.appending(path: "gan.safetensors")
    try model.write(to: file)
    gan = try GANFile.read(file, as: .known)
    generator = try gan.makeGenerator()
  }

  /// Pictures of the generator with noise of their own.
  private func targets(_ count: Int) -> Tensor {
    let random = RandomGenerator(seed: 11)
    return generator.pictures(ofLatents: random.normal([count, 8]), noise: .random(random))
      .clamped(-1, 1)
  }

  private func projector(_ settings: ProjectionSettings) throws -> Projector {
    try Projector(generator, settings, distance: nil, using: RandomGenerator(seed: 2))
  }

  @Test(arguments: ProjectionSpace.allCases)
  func `a picture of the generator is found again`(space: ProjectionSpace) throws {
    let settings = ProjectionSettings(space: space, steps: 120)
    let found = try projector(settings).project(targets(2)) { _ in }
    for (before, after) in zip(found.before, found.after) {
      #expect(after.pixels < before.pixels / 2)
      #expect(after.distance == nil)
    }
    #expect(found.styles.shape == [2, space == .w ? 1 : 4, 8])
    #expect(found.noise.map(\.shape) == [[2, 1, 4, 4], [2, 1, 8, 8], [2, 1, 8, 8]])
    for map in found.noise {
      #expect(map.mean([1, 2, 3]).abs().max().item() < 1e-5)
      #expect((map.square().mean([1, 2, 3]) - 1).abs().max().item() < 1e-4)
    }
  }

  @Test func `what becomes of a picture depends on the seed, and not on the others`() throws {
    let settings = ProjectionSettings(space: .wPlus, steps: 8)
    let pictures = targets(3)
    let all = try projector(settings).project(pictures) { _ in }
    let one = try projector(settings).project(pictures.sliced(2..<3)) { _ in }
    #expect(one.styles.largestDifference(from: all.styles.sliced(2..<3)) < 1e-5)
    #expect(one.noise[2].largestDifference(from: all.noise[2].sliced(2..<3)) < 1e-4)
    let other = try Projector(
      generator, settings, distance: nil, using: RandomGenerator(seed: 3)
    ).project(pictures) { _ in }
    #expect(other.styles.largestDifference(from: all.styles) > 1e-3)
  }

  @Test func `fixed noise maps are the checkpoint's`() throws {
    let settings = ProjectionSettings(steps: 5, noise: .fixed)
    let found = try projector(settings).project(targets(1)) { _ in }
    #expect(found.noise.isEmpty)
    let again = generator.pictures(
      generator.layered(found.styles.reshaped([1, 8])), noise: .fixed)
    #expect(found.pictures.largestDifference(from: again) < 1e-6)
  }

  @Test func `the schedule is that of StyleGAN2's projector`() {
    let settings = ProjectionSettings()
    let rates = [0: 0, 25: 0.05, 50: 0.1, 750: 0.1, 875: 0.05]
    for (step, rate) in rates {
      #expect(abs(settings.learningRate(at: step) - rate) < 1e-12, "step \(step)")
    }
    #expect(settings.learningRate(at: 999) < 1e-5)
    let noise = [0: 0.05, 375: 0.0125, 750: 0, 900: 0]
    for (step, share) in noise {
      #expect(abs(settings.styleNoise(at: step) - share) < 1e-12, "step \(step)")
    }
  }

  @Test func `structure in noise is the squared mean product of neighbours at every resolution`() {
    // A plane of ones: every product is 1, at 16x16 and averaged to 8x8, in both directions.
    let ones = Tensor.full(1, shape: [2, 1, 16, 16])
    #expect(Projector.structure(of: ones).largestDifference(from: .full(4, shape: [2])) < 1e-6)
    // A chessboard: products are -1 at 8x8, which is the smallest that is looked at.
    let chess = Tensor(
      (0..<64).map { Float(($0 / 8 + $0) % 2 == 0 ? 1 : -1) }, shape: [1, 1, 8, 8])
    #expect(Projector.structure(of: chess).largestDifference(from: .full(2, shape: [1])) < 1e-6)
    // At 16x16 it averages to nothing.
    let fine = Tensor(
      (0..<256).map { Float(($0 / 16 + $0) % 2 == 0 ? 1 : -1) }, shape: [1, 1, 16, 16])
    #expect(Projector.structure(of: fine).largestDifference(from: .full(2, shape: [1])) < 1e-6)
  }

  @Test func `a loss that is not a number ends the search`() throws {
    let broken = targets(1) * Double.nan
    #expect(throws: ProjectionFailure.notFinite(step: 0)) {
      try projector(ProjectionSettings(steps: 3)).project(broken) { _ in }
    }
  }

  @Test func `a folder has each projection, a grid, a record, and tensors that make them again`()
    throws
  {
    let names = ["a", "b"]
    for (index, name) in names.enumerated() {
      try Image(targets(2).sliced(index..<index + 1), range: .minusOneToOne)
        .writePNG(to: folder.url.appending(path: "\(name).png"))
    }
    let output = folder.url.appending(path: "out")
    let outcome = try ProjectionExperiment(
      gan, pictures: names.map { folder.url.appending(path: "\($0).png") }, output: output.path,
      settings: ProjectionSettings(space: .wPlus, steps: 10)
    ).run()
    #expect(outcome.pictures.map(\.name) == ["a.png", "b.png"])
    let tensors = output.appending(path: "projection.safetensors")
    let latents = try LatentFile(tensors, for: gan.configuration)
    #expect(latents.count == 2 && latents.ignored.isEmpty && latents.noise?.count == 3)
    try GenerationExperiment(
      gan, latents: .file(latents),
      pictures: .folder(folder.url.appending(path: "again"))
    ).run()
    for (index, name) in names.enumerated() {
      let made = try Image.read(output.appending(path: "pictures/\(name).png"))
      let again = try Image.read(folder.url.appending(path: "again/00000\(index).png"))
      for (first, second) in zip(made.pixels, again.pixels) {
        #expect(abs(Int(first) - Int(second)) <= 1)
      }
    }
    let grid = try Image.read(output.appending(path: "grid.png"))
    #expect(grid.width == 2 * 10 + 2 && grid.height == 2 * 10 + 2)
  }
}
