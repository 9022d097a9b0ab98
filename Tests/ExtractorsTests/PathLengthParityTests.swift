import Checkpoints
import Extractors
import Foundation
import GANs
import Judging
import Records
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

@testable import Evaluation

/// The perceptual path length against PyTorch (Scripts/fixtures/make_path_length.py).
@Suite struct PathLengthParityTests {
  private let fixture: GeneratorFixture
  private let lpips: LPIPS

  init() throws {
    fixture = try GeneratorFixture("path-length.safetensors", in: .module)
    let (files, network) = (try ExtractorFiles(), ExtractorFiles.layered[0])
    lpips = try LPIPS.read(
      network: files.write(network.tensors), heads: files.write(network.heads, name: "heads"))
  }

  private func draw(_ positions: PerceptualPathLength.Positions) throws -> PathDraw {
    let first = try fixture.tensor("first")
    return PathDraw(
      first: first, second: try fixture.tensor("second"), classes: nil,
      positions: positions == .full
        ? try fixture.tensor("positions") : .zeros([first.shape[0], 1]),
      noise: try fixture.configuration.noiseSizes.indices.map { try fixture.tensor("noise.\($0)") })
  }

  @Test(arguments: PerceptualPathLength.Space.allCases, PerceptualPathLength.Positions.allCases)
  func `lengths are PyTorch's within a thousandth`(
    space: PerceptualPathLength.Space, positions: PerceptualPathLength.Positions
  ) throws {
    let lengths = try fixture.tensor("lengths.\(space.rawValue)\(positions.rawValue)")
    let expected = TrimmedMean(of: lengths.array(of: Double.self))
    let found = try PerceptualPathLength(
      of: fixture.generator, distance: lpips, space: space, positions: positions,
      step: PerceptualPathLength.defaultStep, seed: 0, source: "the generator",
      draws: [draw(positions)], pairsAtOnce: 16, progress: { _ in })
    #expect(abs(found.mean.value / expected.value - 1) < 1e-3)
    #expect(abs(found.mean.standardError / expected.standardError - 1) < 5e-3)
    #expect(found.mean.count == expected.count && found.pairCount == lengths.shape[0])
  }

  @Test func `only the published weights give a PPL`() throws {
    let found = try PerceptualPathLength(of: fixture.generator, distance: lpips, pairCount: 4)
    #expect(!lpips.definesPathLength)
    #expect(found.measurement.key.name == "path_length_lpips_of_vgg16_of_width_4")
    #expect(found.measurement.method.contains(lpips.method))
  }
}
