import GANs
import Records
import StyleGAN2
import TestSupport
import Testing
import Torch
import TorchNN
import Unlearning

@Suite struct ClosedLoopPushTests {
  private let world = TinyWorld()
  private let original: Tensor
  private let adapted: [Tensor]
  private let pictures = Tensor.zeros([4, 3, 8, 8])

  init() {
    let parameters = world.generator.parameters
    original = parameters.values.clone()
    let present = parameters.filled { _ in 1 }
    adapted = [1, 2].map { seed in
      parameters.values + RandomGenerator(seed: seed).normal([parameters.length]) * present * 0.1
    }
  }

  private var parameters: ParameterVector { world.generator.parameters }

  private func ensemble() -> AdaptedEnsemble {
    AdaptedEnsemble(adapted, parameters: parameters, distance: .effective)
  }

  private func push(
    _ loss: any RepulsionLoss = .negativeL2, stepShare: Double = ClosedLoop.Options().stepShare,
    originalShare: Double = 0.5,
    share: @escaping (Tensor) -> Double
  ) -> ClosedLoopPush {
    var options = ClosedLoop.Options()
    options.stepShare = stepShare
    return ClosedLoopPush(
      ensemble(), original: original, loss: loss, options: options, originalShare: originalShare,
      negatives: NegativeGauge(share))
  }

  @Test func `a push is so much of the way from the adapted to the original`() {
    let push = push(stepShare: 0.03) { _ in 0.5 }
    for iteration in 0..<3 {
      let before = parameters.values.clone()
      let measured = push.afterStep(world.generator, pictures: pictures, iteration: iteration)
      #expect(measured == [.negativeShare: 0.5, .push: 0.03, .remaining: 1])
      before.addInPlace(original - ensemble().mean, times: 0.03)
      #expect(parameters.values.hasSameBits(as: before))
    }
  }

  @Test func `a push follows the share of negatives, relative to the original's`() {
    let push = push { _ in 0.01 }
    var loop = ClosedLoop(ClosedLoop.Options())
    var pushes: [Double] = []
    for iteration in 0..<120 {
      loop.observe(0.01 / 0.5, iteration: iteration)
      let before = parameters.values.clone()
      let measured = push.afterStep(world.generator, pictures: pictures, iteration: iteration)
      #expect(
        measured == [
          .negativeShare: 0.01, .push: loop.push, .remaining: loop.remaining,
        ])
      before.addInPlace(original - ensemble().mean, times: loop.push)
      #expect(parameters.values.hasSameBits(as: before))
      pushes.append(loop.push)
    }
    // It stays at first, while the mean lags behind, and fades below the target.
    #expect(pushes[10] == pushes[0] && pushes[119] < pushes[0])
  }

  @Test func `the judge sees the pictures of the iteration`() {
    var seen: [Tensor] = []
    let push = push { pictures in
      seen.append(pictures)
      return 0
    }
    let made = RandomGenerator(seed: 3).normal([8, 3, 8, 8])
    _ = push.afterStep(world.generator, pictures: made, iteration: 0)
    #expect(seen.count == 1 && seen[0].hasSameBits(as: made))
  }

  @Test func `a push of nothing moves nothing`() throws {
    let push = push { _ in 0 }
    try push.restore(["loop": Tensor([0.0, 0.0])])
    let before = parameters.values.clone()
    for iteration in 0..<5 {
      let measured = push.afterStep(world.generator, pictures: pictures, iteration: iteration)
      #expect(measured == [.negativeShare: 0, .push: 0, .remaining: 0])
    }
    #expect(parameters.values.hasSameBits(as: before))
  }

  @Test func `a push that meets no negatives ends by itself`() {
    let push = push { _ in 0 }
    var pushes: [Double] = []
    for iteration in 0..<1000 {
      let measured = push.afterStep(world.generator, pictures: pictures, iteration: iteration)
      pushes.append(measured[.push] ?? .nan)
    }
    // Some 30 iterations until the mean has heard of it, then 2 percent less each time.
    #expect((80...160).contains(pushes.reduce(0, +) / ClosedLoop.Options().stepShare))
    #expect(pushes[999] < 1e-9)
    let before = parameters.values.clone()
    _ = push.afterStep(world.generator, pictures: pictures, iteration: 1000)
    #expect(parameters.values.largestDifference(from: before) < 1e-9)
  }

  @Test func `bounded losses fade with the distance, too`() {
    let ensemble = ensemble()
    let direction = original - ensemble.mean
    let near = ensemble.squaredDistance(original).squaredDistance
    for loss: any RepulsionLoss in [.inverseL2, .exponentialL2(alpha: 1 / near)]
      as [any RepulsionLoss]
    {
      let push = push(loss, stepShare: 0.03) { _ in 0.5 }
      parameters.values.copyInPlace(original)
      let start = push.afterStep(world.generator, pictures: pictures, iteration: 0)
      #expect(start[.push] == 0.03)
      // Nearer than the original: still not more than full strength.
      parameters.values.copyInPlace(ensemble.mean + direction * 0.5)
      let nearer = push.afterStep(world.generator, pictures: pictures, iteration: 1)
      #expect(nearer[.push] == 0.03)
      let far = ensemble.mean + direction * 2
      parameters.values.copyInPlace(far)
      let measured = push.afterStep(world.generator, pictures: pictures, iteration: 2)
      let expected =
        loss.derivative(squaredDistance: ensemble.squaredDistance(far).squaredDistance)
        / loss.derivative(squaredDistance: near)
      #expect(measured[.push] == 0.03 * expected)
      #expect((0.01...0.5).contains(expected))
    }
  }

  @Test func `a push fades with the iterations of the run`() {
    var options = ClosedLoop.Options()
    options.fadeIterations = 10
    let push = ClosedLoopPush(
      ensemble(), original: original, loss: .negativeL2, options: options, originalShare: 0.5,
      negatives: NegativeGauge { _ in 0.5 })
    let pushes = [0, 4, 9, 20].map {
      push.afterStep(world.generator, pictures: pictures, iteration: $0)[.push] ?? .nan
    }
    #expect(abs(pushes[0] - 0.9 * options.stepShare) < 1e-12)
    #expect(abs(pushes[1] - 0.5 * options.stepShare) < 1e-12)
    #expect(pushes[2...] == [0, 0])
  }

  @Test func `the distance is recorded, and nothing is changed for it`() {
    parameters.gradients.fillInPlace(7)
    let measured = push { _ in 0.5 }.beforeStep(world.generator, iteration: 0)
    #expect(
      measured == [.squaredDistance: ensemble().squaredDistance(original).squaredDistance])
    #expect((parameters.gradients - 7).abs().max().item() == 0)
    #expect(parameters.values.hasSameBits(as: original))
  }

  @Test func `a loop goes on from its state`() throws {
    let first = push { _ in 0.005 }
    for iteration in 0..<60 {
      _ = first.afterStep(world.generator, pictures: pictures, iteration: iteration)
    }
    let (state, values) = (first.state, parameters.values.clone())
    let expected = first.afterStep(world.generator, pictures: pictures, iteration: 60)
    let moved = parameters.values.clone()

    parameters.values.copyInPlace(values)
    let second = push { _ in 0.005 }
    try second.restore(state)
    #expect(second.afterStep(world.generator, pictures: pictures, iteration: 60) == expected)
    #expect(parameters.values.hasSameBits(as: moved))
    #expect(expected[.push] != ClosedLoop.Options().stepShare && expected[.remaining] != 1)

    let error = #expect(throws: UnlearningError.self) { try second.restore([:]) }
    #expect(
      error?.description
        == "the snapshot has no term.loop: it was written by a run with other settings")
  }
}
