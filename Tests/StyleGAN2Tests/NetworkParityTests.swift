import GANs
import StyleGAN2
import TestSupport
import Testing
import Torch
import TorchNN

/// Both networks against PyTorch in double precision, to 1e-4 absolute.
@Suite struct NetworkParityTests {
  @Test(arguments: fixtureSizes)
  func `the mapping network agrees with PyTorch`(size: Int) throws {
    let fixture = try ParityFixture(size: size)
    let w = fixture.generator.styles(try fixture.tensor("in.z1"))
    #expect(w.largestDifference(from: try fixture.tensor("out.w")) < 1e-4)
    let mixed = try fixture.mixedStyles()
    #expect(mixed.largestDifference(from: try fixture.tensor("out.w_mixed")) < 1e-4)
  }

  @Test(arguments: fixtureSizes)
  func `pictures agree with PyTorch`(size: Int) throws {
    let fixture = try ParityFixture(size: size)
    let pictures = fixture.generator(try fixture.tensor("in.z1"), noise: .fixed)
    #expect(pictures.largestDifference(from: try fixture.tensor("out.image")) < 1e-4)
  }

  @Test(arguments: fixtureSizes)
  func `pictures of two mixed latents agree with PyTorch`(size: Int) throws {
    let fixture = try ParityFixture(size: size)
    let pictures = fixture.generator.synthesise(try fixture.mixedStyles(), noise: .fixed)
    // Large fixtures keep every so many pixels.
    let kept = try strided(pictures, by: Int(fixture.number("mixed_stride")))
    #expect(kept.largestDifference(from: try fixture.tensor("out.image_mixed")) < 1e-4)
  }

  @Test(arguments: fixtureSizes)
  func `logits agree with PyTorch`(size: Int) throws {
    let fixture = try ParityFixture(size: size)
    let logits = fixture.discriminator(try fixture.tensor("out.image"))
    #expect(logits.largestDifference(from: try fixture.tensor("out.logit")) < 1e-4)
  }

  @Test func `given noise maps are those of the fixed ones`() throws {
    let fixture = try ParityFixture(size: 8)
    let z = try fixture.tensor("in.z1")
    let given = fixture.generator(z, noise: .given(fixture.generator.noiseMaps))
    #expect(given.hasSameBits(as: fixture.generator(z, noise: .fixed)))
    let zero = fixture.generator.noiseMaps.map { $0 * 0 }
    #expect(fixture.generator(z, noise: .given(zero)).largestDifference(from: given) > 1e-2)
  }

  @Test func `noise of their own makes equal latents differ`() throws {
    let fixture = try ParityFixture(size: 8)
    let z = try fixture.tensor("in.z1").sliced(0..<1).expanded([2, 8])
    let pictures = fixture.generator(z, noise: .random(RandomGenerator(seed: 1)))
    #expect(pictures.sliced(0..<1).largestDifference(from: pictures.sliced(1..<2)) > 1e-2)
  }

  @Test(arguments: [8, 32])
  func `two batches behind one another are judged as if alone`(size: Int) throws {
    let fixture = try ParityFixture(size: size)
    let real = try fixture.tensor("out.image")
    let fake = fixture.generator(try fixture.tensor("in.z2"), noise: .fixed)
    let together = fixture.discriminator(.concatenated([real, fake]), batches: 2)
    let apart = Tensor.concatenated([fixture.discriminator(real), fixture.discriminator(fake)])
    #expect(together.largestDifference(from: apart) < 1e-5)
    // One batch of all has other statistics, so the argument matters.
    let one = fixture.discriminator(.concatenated([real, fake]))
    #expect(one.largestDifference(from: apart) > 1e-4)
  }

  @Test func `truncation moves styles toward the mean`() throws {
    let fixture = try ParityFixture(size: 8)
    let generator = fixture.generator
    let mean = generator.meanStyle(of: 64, using: RandomGenerator(seed: 3))
    let latents = RandomGenerator(seed: 3).normal([64, 8])
    #expect(
      mean.largestDifference(from: generator.styles(latents).mean([0], keepingDimensions: true))
        < 1e-6)
    let w = generator.styles(try fixture.tensor("in.z1"))
    #expect(Truncation(psi: 1, toward: mean)(w).largestDifference(from: w) < 1e-6)
    #expect(
      Truncation(psi: 0, toward: mean)(w)
        .largestDifference(from: mean.expanded(w.shape)) < 1e-6)
    #expect(
      Truncation(psi: 0.5, toward: mean)(w)
        .largestDifference(from: (w + mean) * 0.5) < 1e-6)
  }

  @Test func `a copy has parameters of its own`() throws {
    let fixture = try ParityFixture(size: 8)
    let copy = fixture.generator.copy()
    let z = try fixture.tensor("in.z1")
    let before = fixture.generator(z, noise: .fixed)
    #expect(copy(z, noise: .fixed).hasSameBits(as: before))
    copy.parameters.values.fillInPlace(0.5)
    #expect(fixture.generator(z, noise: .fixed).hasSameBits(as: before))
  }
}

/// Every so many rows and columns of `[N, C, H, W]`.
private func strided(_ pictures: Tensor, by stride: Int) throws -> Tensor {
  let side = pictures.shape[2]
  let kept = Tensor(Array(Swift.stride(from: 0, to: side, by: stride)).map(Int64.init))
  return pictures.gathered(kept, dimension: 2).gathered(kept, dimension: 3)
}
