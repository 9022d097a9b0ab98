import Checkpoints
import GANs
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

/// One whole step of each network, loss to parameters, against PyTorch in double precision.
///
/// Without a first moment, the first step of Adam moves every element by the learning rate in the
/// direction of its gradient's sign, however small the gradient. So an element whose gradient is
/// rounding alone may go either way: the whole step is compared where gradients are well above
/// rounding, and Adam by itself, on PyTorch's gradients, everywhere.
@Suite struct AdamStepParityTests {
  @Test(arguments: fixtureSizes)
  func `a step of the discriminator agrees with PyTorch`(size: Int) throws {
    let fixture = try ParityFixture(size: size)
    let (real, batch) = (try fixture.tensor("out.image"), Int(try fixture.number("batch")))
    let z = try fixture.tensor("in.z2")
    let fake = withoutGradients { fixture.generator(z, noise: .fixed) }
    try checkStep(fixture, "d", fixture.discriminator.parameters) {
      let logits = fixture.discriminator(.concatenated([real, fake]), batches: 2)
      return Losses.discriminatorLogistic(
        real: logits.sliced(0..<batch), fake: logits.sliced(batch..<2 * batch))
    }
  }

  @Test(arguments: fixtureSizes)
  func `a step of the generator agrees with PyTorch`(size: Int) throws {
    let fixture = try ParityFixture(size: size)
    fixture.discriminator.parameters.requiresGradient = false
    try checkStep(fixture, "g", fixture.generator.parameters) {
      let pictures = fixture.generator.synthesise(try fixture.mixedStyles(), noise: .fixed)
      return Losses.generatorNonSaturating(fake: fixture.discriminator(pictures))
    }
    #expect(fixture.discriminator.parameters.gradients.abs().max().item() == 0)
  }

  private func checkStep(
    _ fixture: ParityFixture, _ key: String, _ parameters: ParameterVector,
    loss: () throws -> Tensor
  ) throws {
    let expected = fixture.numbers.file.tensors.under("out.\(key)_step")
    let options = Adam.Options(
      learningRate: try fixture.number("\(key)_lr"), beta1: 0,
      beta2: try fixture.number("\(key)_beta2"))
    let value = try loss()
    #expect(value.relativeDifference(from: try #require(expected["loss"])) < 1e-4)
    value.backward()

    let exact = try parameters.gathered(expected.under("grad"), file: fixture.numbers.name)
    let error = (parameters.gradients - exact).square().sum().sqrt().item()
    #expect(error / exact.square().sum().sqrt().item() < 1e-4)
    for (name, gradient) in parameters.named(parameters.gradients) {
      let reference = try #require(expected["grad.\(name)"])
      #expect(gradient.relativeDifference(from: reference) < 1e-3, "gradient by \(name)")
    }

    let before = parameters.values.clone()
    for kind in ["fresh", "resumed"] {
      let after = expected.under(kind)
      guard !after.isEmpty else { continue }
      let target = try parameters.gathered(after, file: fixture.numbers.name)
      let gradients = parameters.gradients.clone()

      // From our own gradients, where their signs are beyond doubt.
      try step(fixture, key, parameters, options, kind)
      let difference = (parameters.values - target).abs()
      let certain = (gradients.abs().greater(than: 1e-6)).to(.float32)
      #expect((difference * certain).max().item() < 1e-5)
      #expect(difference.max().item() < 2.001 * options.learningRate)

      // From PyTorch's, everywhere. float32 parameters of 100 and more round at 1e-5.
      parameters.values.copyInPlace(before)
      parameters.gradients.copyInPlace(exact)
      try step(fixture, key, parameters, options, kind)
      for (name, value) in parameters.named() {
        let reference = try #require(after[name])
        #expect(value.largestDifference(from: reference) < 4e-5, "\(kind) \(name)")
      }
      parameters.values.copyInPlace(before)
      parameters.gradients.copyInPlace(gradients)
    }
  }

  /// One step of a new optimiser, or of one that has been used before.
  private func step(
    _ fixture: ParityFixture, _ key: String, _ parameters: ParameterVector,
    _ options: Adam.Options, _ kind: String
  ) throws {
    let optimiser = Adam(parameters, options: options)
    if kind == "resumed" {
      try optimiser.restore(
        firstMoments: parameters.named(Tensor.zeros([parameters.length])),
        secondMoments: fixture.numbers.file.tensors.under("in.\(key)_optim.exp_avg_sq"),
        stepCount: Int(try fixture.number("resumed_step")), file: fixture.numbers.name)
    }
    optimiser.step()
  }
}
