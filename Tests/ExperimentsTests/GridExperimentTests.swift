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

@Suite struct GridExperimentTests {
  private let folder: TemporaryFolder
  private let gan: GANFile
  private let other: GANFile

  init() throws {
    folder = try TemporaryFolder()
    let model = GANModel(
      TinyNetworks.configuration(), pixelRange: .minusOneToOne, options: TrainingOptions())
    model.initialise(using: RandomGenerator(seed: 1))
    try model.write(to: folder.url.appending(path: "gan.safetensors"))
    model.generatorEMA.parameters.copy(
      from: TinyNetworks.neighbour(of: model.generatorEMA).parameters)
    try model.write(to: folder.url.appending(path: "other.safetensors"))
    gan = try GANFile.read(folder.url.appending(path: "gan.safetensors"), as: .known)
    other = try GANFile.read(folder.url.appending(path: "other.safetensors"), as: .known)
  }

  private func file(_ name: String) -> URL { folder.url.appending(path: name) }

  /// A grid as an image.
  private func image(_ kind: GridExperiment.Kind) throws -> Image {
    let url = file("\(UUID().uuidString).png")
    _ = try GridExperiment(gan, kind, to: .picture(url)).run()
    return try Image.read(url)
  }

  /// What a cell shows; pictures are 8x8 with 2 pixels between them.
  private func cell(_ row: Int, _ column: Int, of grid: Image) -> [UInt8] {
    (0..<8).flatMap { y in
      let start = ((2 + row * 10 + y) * grid.width + 2 + column * 10) * 3
      return grid.pixels[start..<start + 24]
    }
  }

  /// The picture of a seed as `lethe generate --seeds` makes it.
  private func picture(_ seed: UInt64, of gan: GANFile) throws -> [UInt8] {
    let name = "\(UUID().uuidString).png"
    try GenerationExperiment(
      gan, latents: .seeds([seed]), pictures: .grid(file(name), columns: 1)
    ).run()
    return cell(0, 0, of: try Image.read(file(name)))
  }

  private func expectNear(
    _ first: [UInt8], _ second: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let largest = zip(first, second).map { abs(Int($0) - Int($1)) }.max() ?? 255
    #expect(first.count == second.count && largest <= 1, sourceLocation: sourceLocation)
  }

  @Test func `an interpolation leads from the other generator to the GAN`() throws {
    let grid = try image(.interpolation(others: [other], gammas: [0, 0.5, 1], seeds: [3, 9]))
    #expect(grid.width == 32 && grid.height == 22)
    for (row, seed) in [UInt64(3), 9].enumerated() {
      expectNear(cell(row, 0, of: grid), try picture(seed, of: other))
      expectNear(cell(row, 2, of: grid), try picture(seed, of: gan))
      #expect(cell(row, 0, of: grid) != cell(row, 2, of: grid))
    }
  }

  @Test func `mixed styles are the row's before the crossover, and the column's from there on`()
    throws
  {
    let grid = try image(.mixing(coarse: [1, 2], fine: [5, 6, 7], crossover: 2))
    #expect(grid.width == 42 && grid.height == 32)
    #expect(cell(0, 0, of: grid).allSatisfy { $0 == 0 })
    expectNear(cell(1, 0, of: grid), try picture(1, of: gan))
    expectNear(cell(0, 3, of: grid), try picture(7, of: gan))
    let generator = try gan.makeGenerator()
    let w = GridStyles(generator: generator, truncation: nil).w([2, 6])
    let mixed = generator.pictures(
      generator.layered(w.sliced(0..<1), mixedWith: w.sliced(1..<2), from: 2), noise: .fixed)
    expectNear(cell(2, 2, of: grid), Image(mixed, range: .minusOneToOne).pixels)
    #expect(throws: GridError.noCrossover(gan: gan.path, layer: 4, last: 3)) {
      try image(.mixing(coarse: [1], fine: [2], crossover: 4))
    }
  }

  @Test(arguments: WalkSpace.allCases)
  func `a walk begins and ends with the pictures of its seeds`(space: WalkSpace) throws {
    let grid = try image(.walk(seeds: [4, 8, 2], steps: 3, space: space))
    #expect(grid.width == 32 && grid.height == 22)
    expectNear(cell(0, 0, of: grid), try picture(4, of: gan))
    expectNear(cell(0, 2, of: grid), try picture(8, of: gan))
    expectNear(cell(1, 0, of: grid), try picture(8, of: gan))
    expectNear(cell(1, 2, of: grid), try picture(2, of: gan))
    #expect(throws: GridError.nowhereToGo) {
      try image(.walk(seeds: [4], steps: 3, space: space))
    }
  }

  @Test func `a latent half way along a circle is as long as its ends`() {
    let both = Tensor([Float(3), 0, 1, 0, 3, 0], shape: [2, 3])
    // Of length 2: the third number tells a class, and goes along a line.
    let middle = WalkGrid.onSphere(both, 0.5, length: 2).array(of: Double.self)
    let half = 3 / 2.0.squareRoot()
    for (number, expected) in zip(middle, [half, half, 0.5]) {
      #expect(abs(number - expected) < 1e-6)
    }
    let same = WalkGrid.onSphere(.full(1, shape: [2, 2]), 0.3, length: 2)
    #expect(same.largestDifference(from: .full(1, shape: [1, 2])) < 1e-6)
  }

  @Test func `steps along a direction go both ways from the picture itself`() throws {
    let url = file("d.safetensors")
    let directions = try DirectionsExperiment(gan, output: url).run()
    let read = try DirectionFile(url, for: gan.configuration)
    #expect(read.directions.vectors.hasSameBits(as: directions.vectors))
    #expect(read.directions.layers == [0, 1, 2, 3])
    let grid = try image(
      .directions(read, numbers: [2, 0], degree: 1.5, steps: 3, seeds: [1, 4]))
    #expect(grid.width == 32 && grid.height == 42)
    expectNear(cell(1, 1, of: grid), try picture(4, of: gan))
    let generator = try gan.makeGenerator()
    let w = GridStyles(generator: generator, truncation: nil).w([4])
    let moved = generator.pictures(
      generator.layered(w + directions.vectors.sliced(2..<3) * -1.5), noise: .fixed)
    expectNear(cell(1, 0, of: grid), Image(moved, range: .minusOneToOne).pixels)
    #expect(throws: DirectionFileError.noDirection(file: url.path, number: 8, count: 8)) {
      try image(.directions(read, numbers: [8], degree: 1, steps: 3, seeds: [1]))
    }
  }

  @Test func `a folder of grids may have more pictures than one grid`() throws {
    let url = file("d.safetensors")
    _ = try DirectionsExperiment(gan, output: url).run()
    let read = try DirectionFile(url, for: gan.configuration)
    let kind = GridExperiment.Kind.directions(
      read, numbers: Array(0..<8), degree: 1, steps: 3, seeds: (0..<45_000).map(UInt64.init))
    #expect(throws: GridError.self) {
      try GridExperiment(gan, kind, to: .picture(file("one.png"))).run()
    }
    // It is not refused; nobody waits for a million pictures.
    let stopped = ExperimentContext(cancellation: Cancellation { true })
    #expect(throws: Cancelled.self) {
      try GridExperiment(gan, kind, to: .folder(file("grids")), context: stopped).run()
    }
    #expect(!FileManager.default.fileExists(atPath: file("grids").path))
  }

  @Test func `directions of the public scripts are columns`() throws {
    let vectors = RandomGenerator(seed: 1).normal([8, 5])
    try SafetensorsFile(tensors: ["eigvec": vectors]).write(to: file("factor.safetensors"))
    let read = try DirectionFile(file("factor.safetensors"), for: gan.configuration)
    #expect(read.directions.vectors.hasSameBits(as: vectors.transposed.contiguous()))
    #expect(read.directions.layers == [0, 1, 2, 3])
  }

  @Test func `an animation is a loop from before to after and back`() throws {
    let plan = InterpolationGrid(seeds: [1], gammas: [1, 0.5, 0])
    let gammas = [0, 0.125, 0.25, 0.5, 0.75].map { plan.frame(at: $0).gamma ?? .nan }
    #expect(gammas == [1, 0.75, 0.5, 0, 0.5])
    let url = file("a.png")
    let outcome = try GridExperiment(
      gan, .interpolation(others: [other], gammas: [1, 0], seeds: [1, 2, 3]),
      to: .animation(url, frames: 4, framesPerSecond: 5)
    ).run()
    #expect(outcome.content == "4 frames, 5 per second")
    let first = try Image.read(url)
    #expect(first.width == 22 && first.height == 22)
    expectNear(cell(0, 1, of: first), try picture(2, of: gan))
    let walk = file("w.png")
    _ = try GridExperiment(
      gan, .walk(seeds: [5, 6], steps: 8, space: .w),
      to: .animation(walk, frames: 4, framesPerSecond: 5)
    ).run()
    #expect(try Image.read(walk).pixels == picture(5, of: gan))
  }

  @Test func `a grid that nothing can hold is refused before work`() {
    #expect(throws: GridError.self) {
      try image(.walk(seeds: [1, 2], steps: .max, space: .w))
    }
  }
}
