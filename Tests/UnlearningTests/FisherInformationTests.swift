import Checkpoints
import Foundation
import GANs
import Records
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN
import Unlearning

@Suite struct FisherInformationTests {
  private let fixture: GeneratorFixture
  private let parameters: ParameterVector

  init() throws {
    fixture = try GeneratorFixture("fisher.safetensors", in: .module)
    parameters = fixture.generator.parameters
  }

  private func diagonal() throws -> (fisher: Tensor, discriminator: Discriminator) {
    let discriminator = Discriminator(fixture.configuration)
    try discriminator.parameters.load(fixture.file.tensors.under("d"), file: fixture.name)
    let pictures = fixture.generator(try fixture.tensor("in.z"), noise: .fixed)
    let logits = withoutGradients { discriminator(pictures) }
    #expect(logits.relativeDifference(from: try fixture.tensor("out.logit")) < 1e-4)
    let generator = fixture.generator
    let styles = generator.layered(generator.styles(try fixture.tensor("in.z")))
    return (
      try FisherInformation.diagonal(
        generator, discriminator, styles: styles, noise: generator.noiseMaps),
      discriminator
    )
  }

  /// PyTorch's F as a vector: zero where it has none.
  private func expectedFisher() throws -> Tensor {
    var tensors = fixture.file.tensors.under("out.fisher")
    for parameter in parameters.parameters
    where !StyleGAN2Architecture().isConsolidated(parameter.name) {
      tensors[parameter.name] = Tensor.zeros(parameter.shape)
    }
    return try parameters.gathered(tensors, file: fixture.name)
  }

  @Test func `the diagonal agrees with PyTorch`() throws {
    let fisher = try diagonal().fisher
    for (name, values) in parameters.named(fisher) {
      guard StyleGAN2Architecture().isConsolidated(name) else {
        #expect(values.abs().max().item() == 0, "\(name)")
        continue
      }
      let expected = try fixture.tensor("out.fisher.\(name)")
      #expect(expected.max().item() > 0)
      #expect(values.relativeDifference(from: expected) < 1e-3, "\(name)")
    }
  }

  @Test(arguments: [2, 4, 12])
  func `the diagonal is that of one walk through the batch a logit`(count: Int) throws {
    let configuration = NetworkConfiguration(
      size: 16, latentSize: 8, mappingDepth: 2, channelCap: 8)
    let random = RandomGenerator(seed: 4)
    let generator = Generator(configuration)
    generator.initialise(using: random)
    // Noise strengths and biases start at zero.
    generator.parameters.values.addInPlace(
      random.normal([generator.parameters.length]), times: 0.1)
    let discriminator = Discriminator(configuration)
    discriminator.parameters.initialise(using: random)
    let styles = withoutGradients {
      generator.sampleStyles(count, mixingProbability: 1, using: random)
    }
    let noise = configuration.noiseSizes.map { random.normal([count, 1, $0, $0]) }

    let logits = discriminator(generator.synthesise(styles, noise: .given(noise)))
    let gradients = generator.parameters.gradients
    let expected = Tensor.zeros([generator.parameters.length])
    for index in 0..<count {
      generator.parameters.zeroGradients()
      logits.sliced(index..<index + 1).sum().backward(keepingGraph: true)
      expected.addProductInPlace(gradients, gradients, times: 1 / Double(count))
    }
    generator.parameters.zeroGradients()
    let mask = generator.parameters.filled {
      StyleGAN2Architecture().isConsolidated($0.name) ? 1 : 0
    }

    let fisher = try FisherInformation.diagonal(
      generator, discriminator, styles: styles, noise: noise)
    #expect(fisher.max().item() > 0 && fisher.min().item() == 0)
    #expect(fisher.relativeDifference(from: expected * mask) < 1e-4)
  }

  @Test func `F18 an estimation that is not wanted any more stops`() throws {
    let discriminator = Discriminator(fixture.configuration)
    let styles = fixture.generator.layered(
      fixture.generator.styles(try fixture.tensor("in.z")))
    #expect(throws: CancellationError.self) {
      try FisherInformation.diagonal(
        fixture.generator, discriminator, styles: styles, noise: fixture.generator.noiseMaps
      ) { false }
    }
  }

  @Test func `estimating leaves no gradient behind and both networks trainable`() throws {
    let discriminator = try diagonal().discriminator
    #expect(parameters.gradients.abs().max().item() == 0)
    #expect(discriminator.parameters.gradients.abs().max().item() == 0)
    #expect(parameters.requiresGradient && discriminator.parameters.requiresGradient)
  }

  @Test func `the penalty and its gradient agree with PyTorch`() throws {
    let strength = try fixture.number("strength")
    let term = ElasticWeightConsolidation(
      anchor: parameters.values, fisher: try expectedFisher(), strength: strength)
    let theta = try fixture.vector("in.theta.flat")
    let expected = try fixture.tensor("out.ewc").item()
    #expect(expected > 0)

    parameters.values.copyInPlace(theta)
    parameters.gradients.fillInPlace(2)
    let measured = term.addGradient(to: parameters, iteration: 0)
    #expect(abs((measured[.elasticWeightConsolidation] ?? 0) / expected - 1) < 1e-5)
    #expect(
      (parameters.gradients - 2).relativeDifference(
        from: try fixture.vector("out.ewc_grad.flat")) < 1e-5)
  }

  @Test func `the anchor stays where it was when the generator moves`() throws {
    let anchor = parameters.values.clone()
    let term = ElasticWeightConsolidation(
      anchor: parameters.values, fisher: try expectedFisher(), strength: 1)
    func penalty() throws -> Double {
      try #require(
        term.addGradient(to: parameters, iteration: 0)[.elasticWeightConsolidation])
    }
    #expect(try penalty() == 0)
    parameters.values.addInPlace(Tensor.full(1, shape: [parameters.length]))
    #expect(try penalty() > 0)
    parameters.values.copyInPlace(anchor)
    #expect(try penalty() == 0)
  }
}
