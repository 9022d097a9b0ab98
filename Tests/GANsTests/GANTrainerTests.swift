import GANs
import Records
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

@Suite struct GANTrainerTests {
  /// The names of the tensors that differ in their bits.
  private func differences(_ one: StateDict, _ other: StateDict) -> [String] {
    guard one.keys == other.keys else { return ["the names"] }
    return one.keys.filter { key in
      guard let x = one[key], let y = other[key] else { return true }
      return !x.hasSameBits(as: y)
    }
  }

  @Test func `the same seed gives the same bits and another one others`() throws {
    let (first, second, other) = (
      TrainingWorld(seed: 1), TrainingWorld(seed: 1), TrainingWorld(seed: 2)
    )
    let start = first.snapshot
    for world in [first, second, other] { try world.trainer.train(until: 6) }
    #expect(differences(first.snapshot, second.snapshot) == [])
    // The comparison can fail: another seed changes all weights, training changes them, too.
    let changed = differences(first.snapshot, other.snapshot)
    #expect(
      changed.contains("g.conv1.conv.weight") && changed.contains("d_second.convs.0.0.weight"))
    #expect(changed.contains("state.random.latents"))
    #expect(differences(first.snapshot, start).contains("g_ema.style.1.weight"))
  }

  @Test func `a resumed run gives the bits of one that never stopped`() throws {
    let straight = TrainingWorld(seed: 7)
    try straight.trainer.train(until: 10)
    let snapshot = straight.snapshot
    try straight.trainer.train(until: 20)

    // Another seed: everything that matters must come from the snapshot.
    let resumed = TrainingWorld(seed: 8)
    try resumed.trainer.train(until: 3)
    try resumed.restore(snapshot)
    #expect(resumed.trainer.iteration == 10)
    #expect(differences(resumed.snapshot, snapshot) == [])
    try resumed.trainer.train(until: 20)
    #expect(differences(resumed.snapshot, straight.snapshot) == [])

    // Without the random state the run is another one.
    var forgetful = snapshot
    forgetful["state.random.noise"] = RandomGenerator(seed: 5).state
    let strayed = TrainingWorld(seed: 7)
    try strayed.restore(forgetful)
    try strayed.trainer.train(until: 20)
    #expect(differences(strayed.snapshot, straight.snapshot).count > 20)
  }

  /// The iteration as one piece, in the order in which it was first written: draw, compute, step.
  ///
  /// The trainer draws before it computes, and may compute elsewhere; streams and bits stay these.
  @Test func `an iteration is its formulas to the bit`() throws {
    let (world, byHand) = (TrainingWorld(seed: 21), TrainingWorld(seed: 21))
    let (model, options) = (byHand.model, byHand.trainer.options)
    let (generator, discriminator) = (model.generator, model.discriminator)
    let root = RandomGenerator(seed: 21)
    let (latents, noise) = (root.split("training latents"), root.split("training noise"))
    let (source, term) = (RandomPictures(RandomGenerator(seed: 1021)), Pull())
    func pictures(_ count: Int) -> (pictures: Tensor, styles: Tensor) {
      let styles = generator.sampleStyles(
        count, mixingProbability: options.mixingProbability, using: latents)
      return (generator.synthesise(styles, noise: .random(noise)), styles)
    }
    var mean = Tensor.zeros([])
    for iteration in 0..<6 {
      let real = source.next(4)
      let fake = withoutGradients { pictures(4).pictures }
      discriminator.parameters.zeroGradients()
      let logits = discriminator(.concatenated([real, fake]), batches: 2)
      Losses.discriminatorLogistic(real: logits.sliced(0..<4), fake: logits.sliced(4..<8))
        .backward()
      model.discriminatorOptimiser.step()
      if iteration % 3 == 0 {
        discriminator.parameters.zeroGradients()
        (Losses.r1Penalty(discriminator, pictures: real) * (10.0 / 2 * 3)).backward()
        model.discriminatorOptimiser.step()
      }
      discriminator.parameters.requiresGradient = false
      generator.parameters.zeroGradients()
      Losses.generatorNonSaturating(fake: discriminator(pictures(4).pictures)).backward()
      _ = term.addGradient(to: generator.parameters, iteration: iteration)
      model.generatorOptimiser.step()
      if iteration % 4 == 0 {
        generator.parameters.zeroGradients()
        let (made, styles) = pictures(2)
        let (penalty, newMean) = Losses.pathLengthPenalty(
          pictures: made, styles: styles, noise: noise.normal(made.shape), meanPathLength: mean)
        (penalty * (2.0 * 4)).backward()
        mean = newMean
        model.generatorOptimiser.step()
      }
      discriminator.parameters.requiresGradient = true
      _ = term.afterStep(generator, pictures: fake, iteration: iteration)
      model.generatorEMA.parameters.average(
        with: generator.parameters, decay: options.emaDecay(iteration: iteration))
      _ = try world.trainer.step()
    }
    for (one, other) in [
      (world.model.generator.parameters, generator.parameters),
      (world.model.discriminator.parameters, discriminator.parameters),
      (world.model.generatorEMA.parameters, model.generatorEMA.parameters),
    ] {
      #expect(one.values.hasSameBits(as: other.values))
    }
    #expect(try #require(world.trainer.state["mean_path_length"]).hasSameBits(as: mean))
    #expect(
      try #require(world.trainer.state["random.latents"]).hasSameBits(as: latents.state))
    #expect(try #require(world.trainer.state["random.noise"]).hasSameBits(as: noise.state))
  }

  @Test func `every iteration says what it measured`() throws {
    let world = TrainingWorld(seed: 3)
    var seen: [Statistics] = []
    try world.trainer.train(until: 9) {
      seen.append($0)
      return seen.count < 8
    }
    #expect(seen.count == 8 && world.trainer.iteration == 8)
    #expect(world.trainer.kimg == 0.032)
    // R1 every third iteration, the path length every fourth.
    #expect(seen.map { $0[.r1] != nil } == (0..<8).map { $0 % 3 == 0 })
    #expect(seen.map { $0[.pathLength] != nil } == (0..<8).map { $0 % 4 == 0 })
    #expect(seen.map { $0[.observed] } == (0..<8).map { Double($0) })
    #expect(seen[0][.pull] == 0 && seen[5][.pull] ?? 0 > 0.004)
    let keys: [StatisticKey] = [.lossD, .lossG, .logitReal, .logitFake]
    #expect(seen.allSatisfy { statistics in keys.allSatisfy { statistics[$0] != nil } })
  }

  @Test func `the discriminator learns to tell pictures from noise`() throws {
    let world = TrainingWorld(seed: 4)
    var losses: [Double] = []
    try world.trainer.train(until: 60) {
      losses.append($0[.lossD] ?? .nan)
      return true
    }
    let (early, late) = (losses[..<10].reduce(0, +) / 10, losses[50...].reduce(0, +) / 10)
    #expect(late < early)
  }

  @Test func `a loss that is not finite ends training and changes nothing`() throws {
    final class Broken: ImageSource {
      func next(_ count: Int) -> Tensor { Tensor.full(.nan, shape: [count, 3, 8, 8]) }
      var state: StateDict { [:] }
      func restore(_ state: StateDict) {}
    }
    let world = TrainingWorld(seed: 5, source: Broken())
    let before = world.model.discriminator.parameters.values.clone()
    #expect(throws: TrainingError.diverged(iteration: 1, quantity: "loss_d")) {
      try world.trainer.train(until: 1)
    }
    #expect(world.model.discriminator.parameters.values.hasSameBits(as: before))
    #expect(world.trainer.iteration == 0)
    #expect(
      TrainingError.diverged(iteration: 3, quantity: "loss_g").description
        == "training diverged: loss_g is not finite in iteration 3; start a new run with a lower "
        + "learning rate")
  }

  @Test func `a state that lacks a part is refused by name`() throws {
    let world = TrainingWorld(seed: 6)
    for key in ["iteration", "mean_path_length", "random.latents", "random.noise"] {
      var state = world.trainer.state
      state[key] = nil
      #expect(throws: TrainingError.notResumable(file: "a.safetensors", missing: key)) {
        try world.trainer.restore(state, file: "a.safetensors")
      }
    }
    #expect(
      TrainingError.notResumable(file: "a.pt", missing: "iteration").description
        == "a.pt cannot be resumed from: it has no iteration; only snapshots of lethe's own runs "
        + "hold the state of training, any other checkpoint starts a new run")
  }
}
