import Checkpoints
import Foundation
import GANs
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch

/// Directions of the style space against PyTorch (Scripts/fixtures/make_directions.py).
@Suite struct StyleDirectionsTests {
  private func expected(_ key: String) throws -> Tensor {
    let url = try #require(
      Bundle.module.url(
        forResource: "directions.safetensors", withExtension: nil, subdirectory: "Fixtures"))
    return try #require(try SafetensorsFile.read(url).tensors[key])
  }

  @Test(arguments: [8, 32], [nil, [0, 1, 2]])
  func `directions are PyTorch's singular vectors up to their sign`(size: Int, layers: [Int]?)
    throws
  {
    let generator = try ParityFixture(size: size).generator
    let directions = try StyleDirections(of: generator, layers: layers, named: "F")
    let key = layers == nil ? "\(size)" : "\(size).coarse"
    let values = try expected("\(key).singular_values").array(of: Double.self)
    for (ours, theirs) in zip(directions.singularValues, values) {
      #expect(abs(ours - theirs) < 1e-5)
    }
    let vectors = try expected("\(key).eigvec").transposed.contiguous()  // rows
    #expect(directions.vectors.shape == vectors.shape)
    #expect(directions.singularValues.count == vectors.shape[0])
    for index in 0..<vectors.shape[0] {
      let (ours, theirs) = (
        directions.vectors.sliced(index..<index + 1).to(.float64),
        vectors.sliced(index..<index + 1)
      )
      let sign = (ours * theirs).sum().item() < 0 ? -1.0 : 1
      #expect(ours.largestDifference(from: theirs * sign) < 1e-5, "direction \(index)")
      let numbers = ours.array(of: Double.self)
      #expect(numbers.max { abs($0) < abs($1) } ?? 0 > 0)
    }
  }

  @Test func `a parameter modulates the style that its layer takes`() {
    let architecture = StyleGAN2Architecture()
    let expected = [
      "conv1.conv.modulation.weight": 0, "to_rgb1.conv.modulation.weight": 1,
      "convs.0.conv.modulation.weight": 1, "convs.1.conv.modulation.weight": 2,
      "convs.7.conv.modulation.weight": 8,
    ]
    for (name, style) in expected { #expect(architecture.modulatedStyle(of: name) == style) }
    for name in [
      "to_rgbs.0.conv.modulation.weight", "conv1.conv.modulation.bias", "style.1.weight",
      "convs.0.conv.weight",
    ] { #expect(architecture.modulatedStyle(of: name) == nil) }
  }

  @Test func `a step moves the layers of the directions, and no others`() throws {
    let generator = try ParityFixture(size: 8).generator
    let directions = try StyleDirections(of: generator, layers: [1, 2], named: "F")
    let styles = Tensor.zeros([2, 4, generator.configuration.latentSize])
    let moved = directions.moved(styles, along: 1, by: [3, -2])
    let vector = directions.vectors.sliced(1..<2)
    for (layer, isMoved) in [false, true, true, false].enumerated() {
      let of = moved.sliced(layer..<layer + 1, dimension: 1).reshaped([2, -1])
      let expected = Tensor.concatenated([vector * 3, vector * -2])
      #expect(of.largestDifference(from: isMoved ? expected : expected * 0) < 1e-6)
    }
  }

  @Test func `layers without modulation, and those that are not there, are refused`() throws {
    let generator = try ParityFixture(size: 8).generator
    #expect(throws: StyleDirectionsError.noLayer(generator: "F", layer: 4, count: 4)) {
      try StyleDirections(of: generator, layers: [0, 4], named: "F")
    }
    #expect(throws: StyleDirectionsError.nothingModulated(generator: "F", layers: [3])) {
      try StyleDirections(of: generator, layers: [3], named: "F")
    }
  }
}
