import GANs
import StyleGAN2
import Testing
import TorchNN

@Suite struct ConvolutionCensusTests {
  /// 8x8 pictures, 4 channels everywhere.
  private let small = NetworkConfiguration(size: 8, latentSize: 8, mappingDepth: 2, channelCap: 4)
  private var options: TrainingOptions {
    var options = TrainingOptions()
    options.batchSize = 4
    return options
  }

  @Test func `a small generator has the convolutions that a hand counts`() {
    let layers = small.generatorConvolutions
    #expect(layers.map(\.name) == ["conv1", "to_rgb1", "convs.0", "convs.1", "to_rgbs.0"])
    #expect(layers.map(\.outputSide) == [4, 4, 9, 8, 8])
    // 2 · I · O · k² · pixels: of the output, or of the input of a transposed convolution.
    #expect(
      layers.map(\.operations) == [
        2 * 4 * 4 * 9 * 16, 2 * 4 * 3 * 16, 2 * 4 * 4 * 9 * 16, 2 * 4 * 4 * 9 * 64, 2 * 4 * 3 * 64,
      ])
    #expect(layers[2].weightShape == [4, 4, 3, 3] && layers[1].weightShape == [3, 4, 1, 1])
  }

  @Test func `a small discriminator has the convolutions that a hand counts`() {
    let layers = small.discriminatorConvolutions
    #expect(
      layers.map(\.name) == [
        "convs.0", "convs.1.conv1", "convs.1.conv2", "convs.1.skip", "final_conv",
      ])
    #expect(layers.map(\.outputSide) == [8, 8, 4, 4, 4])
    #expect(
      layers.map(\.operations) == [
        2 * 3 * 4 * 64, 2 * 4 * 4 * 9 * 64, 2 * 4 * 4 * 9 * 16, 2 * 4 * 4 * 16, 2 * 5 * 4 * 9 * 16,
      ])
  }

  @Test func `every parameter of a convolution is a layer of the census`() {
    for configuration in [small, NetworkConfiguration(size: 128, channelMultiplier: 1)] {
      let generator = Generator(configuration).parameters.parameters
        .filter { $0.shape.count == 5 }.map { Array($0.shape.dropFirst()) }
      let discriminator = Discriminator(configuration).parameters.parameters
        .filter { $0.shape.count == 4 }.map(\.shape)
      func shapes(_ layers: [ConvolutionLayer]) -> [[Int]] {
        layers.map { [$0.output, $0.input, $0.kernel, $0.kernel] }
      }
      // The generator declares all ToRGB layers of the blocks behind its other convolutions.
      #expect(Set(shapes(configuration.generatorConvolutions)) == Set(generator))
      #expect(configuration.generatorConvolutions.count == generator.count)
      #expect(shapes(configuration.discriminatorConvolutions) == discriminator)
    }
  }

  /// Forward, input-gradient and weight-gradient passes of a layer in a phase.
  private func counts(
    _ name: String, _ phase: GANTrainer.Phase, _ network: ConvolutionLayer.Network = .generator
  ) -> [Int] {
    let entries = ConvolutionCensus(small, options).entries
      .filter { $0.layer.name == name && $0.layer.network == network && $0.phase == phase }
    return ConvolutionCensus.Pass.allCases.map { pass in
      entries.first { $0.pass == pass }?.count ?? 0
    }
  }

  @Test func `a phase runs the passes that its derivatives need`() {
    #expect(counts("conv1", .discriminator) == [1, 0, 0])
    #expect(counts("convs.0", .discriminator, .discriminator) == [1, 0, 1])
    #expect(counts("convs.1.conv1", .discriminator, .discriminator) == [1, 1, 1])
    #expect(counts("conv1", .generator) == [1, 1, 1])
    #expect(counts("convs.0", .generator, .discriminator) == [1, 1, 0])
    #expect(counts("convs.0", .r1, .discriminator) == [2, 2, 2])
    #expect(counts("final_conv", .r1, .discriminator) == [2, 1, 1])
    #expect(counts("conv1", .r1) == [0, 0, 0])
    #expect(counts("convs.1", .pathLength) == [2, 2, 2])
    #expect(counts("to_rgbs.0", .pathLength) == [1, 1, 1])
    #expect(counts("final_conv", .pathLength, .discriminator) == [0, 0, 0])
  }

  @Test func `the steps take the operations that PyTorch counts`() {
    // Counted at the dispatcher, over the losses in Benchmarks/pytorch.
    let census = ConvolutionCensus(
      NetworkConfiguration(size: 32, latentSize: 128, channelCap: 64), TrainingOptions())
    #expect(census.operations(in: .discriminator) == 14_304_313_344)
    #expect(census.operations(in: .generator) == 10_129_735_680)
  }

  @Test func `batches are those of the phases`() {
    let census = ConvolutionCensus(small, options)
    func pictures(_ phase: GANTrainer.Phase, _ network: ConvolutionLayer.Network) -> Set<Int> {
      Set(
        census.entries.filter { $0.phase == phase && $0.layer.network == network }
          .map(\.pictures))
    }
    #expect(pictures(.discriminator, .generator) == [4])
    #expect(pictures(.discriminator, .discriminator) == [8])
    #expect(pictures(.r1, .discriminator) == [4])
    #expect(pictures(.pathLength, .generator) == [2])
  }

  @Test func `lazy phases are spread over their intervals, and left out when off`() {
    let census = ConvolutionCensus(small, options)
    func operations(_ phase: GANTrainer.Phase) -> Double { Double(census.operations(in: phase)) }
    let expected =
      operations(.discriminator) + operations(.generator) + operations(.r1) / 16
      + operations(.pathLength) / 4
    #expect(abs(census.operationsPerIteration / expected - 1) < 1e-12)
    var plain = options
    plain.r1Weight = 0
    plain.pathLengthWeight = 0
    let without = ConvolutionCensus(small, plain)
    #expect(without.operations(in: .r1) == 0 && without.operations(in: .pathLength) == 0)
    #expect(
      without.operationsPerIteration == operations(.discriminator) + operations(.generator))
  }

  @Test func `layers know the resolution of their block`() {
    let configuration = NetworkConfiguration(size: 16)
    func resolutions(_ layers: [ConvolutionLayer]) -> [String] {
      layers.map { "\($0.name) \($0.resolution)" }
    }
    #expect(
      resolutions(configuration.generatorConvolutions) == [
        "conv1 4", "to_rgb1 4", "convs.0 8", "convs.1 8", "to_rgbs.0 8", "convs.2 16", "convs.3 16",
        "to_rgbs.1 16",
      ])
    #expect(
      resolutions(configuration.discriminatorConvolutions) == [
        "convs.0 16", "convs.1.conv1 16", "convs.1.conv2 16", "convs.1.skip 16", "convs.2.conv1 8",
        "convs.2.conv2 8", "convs.2.skip 8", "final_conv 4",
      ])
  }
}
