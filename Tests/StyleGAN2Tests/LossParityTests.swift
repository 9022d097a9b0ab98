import Checkpoints
import GANs
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

/// Penalties with second-order gradients against PyTorch in double precision, to 1e-3 relative.
@Suite struct LossParityTests {
  @Test(arguments: fixtureSizes)
  func `R1 and its gradient agree with PyTorch`(size: Int) throws {
    let fixture = try ParityFixture(size: size)
    let penalty = Losses.r1Penalty(
      fixture.discriminator, pictures: try fixture.tensor("out.image"))
    #expect(penalty.relativeDifference(from: try fixture.tensor("out.r1")) < 1e-3)
    penalty.backward()
    try expectGradients(
      of: fixture.discriminator.parameters,
      agreeWith: fixture.numbers.file.tensors.under("out.r1_grad"))
  }

  @Test(arguments: fixtureSizes)
  func `the path length penalty and its gradient agree with PyTorch`(size: Int) throws {
    let fixture = try ParityFixture(size: size)
    let styles = try fixture.mixedStyles()
    let (penalty, mean) = Losses.pathLengthPenalty(
      pictures: fixture.generator.synthesise(styles, noise: .fixed), styles: styles,
      noise: try fixture.tensor("out.image"),
      meanPathLength: Tensor.full(try fixture.number("path_mean_before"), shape: []),
      decay: try fixture.number("path_decay"))
    #expect(penalty.relativeDifference(from: try fixture.tensor("out.path_penalty")) < 1e-3)
    #expect(mean.relativeDifference(from: try fixture.tensor("out.path_mean")) < 1e-3)
    #expect(!mean.requiresGradient)
    penalty.backward()
    try expectGradients(
      of: fixture.generator.parameters,
      agreeWith: fixture.numbers.file.tensors.under("out.path_grad"))
  }

  @Test func `the logistic losses are means of softplus`() {
    let real = Tensor([Float(1), -2], shape: [2, 1])
    let fake = Tensor([Float(0.5), 3], shape: [2, 1])
    // log(1 + exp(x)) by hand: softplus(-1) = 0.313262, softplus(2) = 2.126928,
    // softplus(0.5) = 0.974077, softplus(3) = 3.048587, softplus(-0.5) = 0.474077,
    // softplus(-3) = 0.048587.
    let discriminator = Losses.discriminatorLogistic(real: real, fake: fake).item()
    #expect(abs(discriminator - (0.313262 + 2.126928 + 0.974077 + 3.048587) / 2) < 1e-5)
    let generator = Losses.generatorNonSaturating(fake: fake).item()
    #expect(abs(generator - (0.474077 + 0.048587) / 2) < 1e-5)
  }
}

/// Compares the gradients that a backward pass has left with those named in a fixture.
private func expectGradients(
  of parameters: ParameterVector, agreeWith expected: StateDict,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  #expect(expected.count >= 6, sourceLocation: sourceLocation)
  let gradients = parameters.named(parameters.gradients)
  for (name, gradient) in expected {
    let difference = try #require(gradients[name], sourceLocation: sourceLocation)
      .relativeDifference(from: gradient)
    #expect(difference < 1e-3, "gradient by \(name)", sourceLocation: sourceLocation)
  }
}
