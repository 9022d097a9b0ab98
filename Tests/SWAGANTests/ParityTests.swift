import Checkpoints
import GANs
import SWAGAN
import TestSupport
import Testing
import Torch
import TorchNN

/// Networks, losses and a whole step of each optimiser against PyTorch in double precision, which
/// computes the transforms pixel by pixel.
@Suite struct ParityTests {
  @Test(arguments: fixtureSizes)
  func `pictures agree with PyTorch`(size: Int) throws {
    let fixture = try SWAGANFixture(size: size)
    let pictures = fixture.generator(try fixture.tensor("in.z1"), noise: .fixed)
    #expect(pictures.shape == [4, 3, size, size])
    #expect(pictures.share(ofDifferenceFrom: try fixture.tensor("out.image")) < 1e-5)
    let mixed = fixture.generator.synthesise(try fixture.mixedStyles(), noise: .fixed)
    #expect(mixed.share(ofDifferenceFrom: try fixture.tensor("out.image_mixed")) < 1e-5)
    // The same, made a few at a time and outside every graph.
    let shown = fixture.generator.pictures(
      ofLatents: try fixture.tensor("in.z1"), noise: .fixed)
    #expect(shown.largestDifference(from: pictures) < 1e-5)
  }

  @Test(arguments: fixtureSizes)
  func `logits agree with PyTorch`(size: Int) throws {
    let fixture = try SWAGANFixture(size: size)
    let logits = fixture.discriminator(try fixture.tensor("out.image"))
    #expect(logits.share(ofDifferenceFrom: try fixture.tensor("out.logit")) < 1e-5)
  }

  @Test(arguments: fixtureSizes)
  func `two batches behind one another are judged as if alone`(size: Int) throws {
    let fixture = try SWAGANFixture(size: size)
    let (one, other) = (try fixture.tensor("out.image"), try fixture.tensor("out.image_mixed"))
    let together = fixture.discriminator(.concatenated([one, other]), batches: 2)
    let apart = Tensor.concatenated([fixture.discriminator(one), fixture.discriminator(other)])
    #expect(together.largestDifference(from: apart) < 1e-5)
  }

  @Test(arguments: fixtureSizes)
  func `R1 and its gradient agree with PyTorch`(size: Int) throws {
    let fixture = try SWAGANFixture(size: size)
    let penalty = Losses.r1Penalty(
      fixture.discriminator, pictures: try fixture.tensor("out.image"))
    #expect(penalty.relativeDifference(from: try fixture.tensor("out.r1")) < 1e-5)
    penalty.backward()
    try expectGradients(
      of: fixture.discriminator.parameters, agreeWith: fixture.file.tensors.under("out.r1_grad"))
  }

  @Test(arguments: fixtureSizes)
  func `the path length penalty and its gradient agree with PyTorch`(size: Int) throws {
    let fixture = try SWAGANFixture(size: size)
    let styles = try fixture.mixedStyles()
    let (penalty, mean) = Losses.pathLengthPenalty(
      pictures: fixture.generator.synthesise(styles, noise: .fixed), styles: styles,
      noise: try fixture.tensor("out.image"),
      meanPathLength: Tensor.full(try fixture.number("path_mean_before"), shape: []),
      decay: try fixture.number("path_decay"))
    #expect(penalty.relativeDifference(from: try fixture.tensor("out.path_penalty")) < 1e-4)
    #expect(mean.relativeDifference(from: try fixture.tensor("out.path_mean")) < 1e-5)
    penalty.backward()
    try expectGradients(
      of: fixture.generator.parameters, agreeWith: fixture.file.tensors.under("out.path_grad"))
  }

  @Test(arguments: fixtureSizes)
  func `a step of the discriminator agrees with PyTorch`(size: Int) throws {
    let fixture = try SWAGANFixture(size: size)
    let real = try fixture.tensor("out.image")
    let z = try fixture.tensor("in.z2")
    let fake = withoutGradients { fixture.generator(z, noise: .fixed) }
    try expectStep(fixture, "d", fixture.discriminator.parameters) {
      let logits = fixture.discriminator(.concatenated([real, fake]), batches: 2)
      return Losses.discriminatorLogistic(
        real: logits.sliced(0..<4), fake: logits.sliced(4..<8))
    }
  }

  @Test(arguments: fixtureSizes)
  func `a step of the generator agrees with PyTorch`(size: Int) throws {
    let fixture = try SWAGANFixture(size: size)
    fixture.discriminator.parameters.requiresGradient = false
    try expectStep(fixture, "g", fixture.generator.parameters) {
      let pictures = fixture.generator.synthesise(try fixture.mixedStyles(), noise: .fixed)
      return Losses.generatorNonSaturating(fake: fixture.discriminator(pictures))
    }
  }

  /// Every gradient that the fixture has, and nearly all parameters must be among them.
  private func expectGradients(
    of parameters: ParameterVector, agreeWith expected: StateDict,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let gradients = parameters.named(parameters.gradients)
    #expect(expected.count > gradients.count / 2, sourceLocation: sourceLocation)
    for (name, gradient) in expected {
      let difference = try #require(gradients[name], sourceLocation: sourceLocation)
        .relativeDifference(from: gradient)
      #expect(difference < 1e-3, "gradient by \(name)", sourceLocation: sourceLocation)
    }
  }

  /// The loss, its gradients, and the parameters after Adam's step.
  private func expectStep(
    _ fixture: SWAGANFixture, _ key: String, _ parameters: ParameterVector,
    loss: () throws -> Tensor
  ) throws {
    let expected = fixture.file.tensors.under("out.\(key)_step")
    let options = Adam.Options(
      learningRate: try fixture.number("\(key)_lr"), beta1: 0,
      beta2: try fixture.number("\(key)_beta2"))
    let value = try loss()
    #expect(value.relativeDifference(from: try #require(expected["loss"])) < 1e-5)
    value.backward()
    let exact = try parameters.gathered(expected.under("grad"), file: fixture.name)
    let error = (parameters.gradients - exact).square().sum().sqrt().item()
    #expect(error / exact.square().sum().sqrt().item() < 1e-5)
    // The first step goes by the gradient's sign alone, which rounding decides where it is small.
    let certain = parameters.gradients.abs().greater(than: 1e-6).to(.float32)
    let target = try parameters.gathered(expected.under("fresh"), file: fixture.name)
    Adam(parameters, options: options).step()
    let difference = (parameters.values - target).abs()
    #expect((difference * certain).max().item() < 2e-5)
    #expect(difference.max().item() < 2.001 * options.learningRate)
  }
}
