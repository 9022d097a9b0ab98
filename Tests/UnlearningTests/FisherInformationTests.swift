import StyleGAN2
import TestSupport
import Testing
import Torch
import TorchNN
import Unlearning

@Suite struct FisherInformationTests {
  private let fixture: MethodFixture
  private let parameters: ParameterVector

  init() throws {
    fixture = try MethodFixture("fisher.safetensors")
    parameters = fixture.generator.parameters
  }

  private func diagonal() throws -> (fisher: Tensor, discriminator: Discriminator) {
    let discriminator = Discriminator(fixture.configuration)
    try discriminator.parameters.load(fixture.file.tensors.under("d"), file: fixture.name)
    let pictures = fixture.generator(try fixture.tensor("in.z"), noise: .fixed)
    let logits = withoutGradients { discriminator(pictures) }
    #expect(logits.relativeDifference(from: try fixture.tensor("out.logit")) < 1e-4)
    return (
      FisherInformation.diagonal(fixture.generator, discriminator, pictures: pictures),
      discriminator
    )
  }

  /// PyTorch's F as a vector: zero where it has none.
  private func expectedFisher() throws -> Tensor {
    var tensors = fixture.file.tensors.under("out.fisher")
    for parameter in parameters.parameters where !FisherInformation.covers(parameter.name) {
      tensors[parameter.name] = Tensor.zeros(parameter.shape)
    }
    return try parameters.gathered(tensors, file: fixture.name)
  }

  @Test func `the diagonal agrees with PyTorch`() throws {
    let fisher = try diagonal().fisher
    for (name, values) in parameters.named(fisher) {
      guard FisherInformation.covers(name) else {
        #expect(values.abs().max().item() == 0, "\(name)")
        continue
      }
      let expected = try fixture.tensor("out.fisher.\(name)")
      #expect(expected.max().item() > 0)
      #expect(values.relativeDifference(from: expected) < 1e-3, "\(name)")
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
    #expect(abs(term.value(at: theta) / expected - 1) < 1e-5)

    parameters.values.copyInPlace(theta)
    parameters.gradients.fillInPlace(2)
    let measured = term.addGradient(to: parameters, iteration: 0)
    #expect(abs((measured["ewc"] ?? 0) / expected - 1) < 1e-5)
    #expect(
      (parameters.gradients - 2).relativeDifference(
        from: try fixture.vector("out.ewc_grad.flat")) < 1e-5)
  }

  @Test func `the anchor stays where it was when the generator moves`() throws {
    let anchor = parameters.values.clone()
    let term = ElasticWeightConsolidation(
      anchor: parameters.values, fisher: try expectedFisher(), strength: 1)
    #expect(term.value(at: anchor) == 0)
    parameters.values.addInPlace(Tensor.full(1, shape: [parameters.length]))
    #expect(term.value(at: parameters.values) > 0)
    #expect(term.value(at: anchor) == 0)
  }
}
