import Checkpoints
import Foundation
import Records
import StyleGAN2
import TestNetworks
import TestSupport
import Testing
import Torch
import TorchNN

@testable import GANs

@Suite struct AdaptiveAugmentationTests {
  private func augmentation(
    _ preset: AugmentationPreset = .bgcfnc, _ probability: Double? = nil, size: Int = 8,
    length: Int = 500_000, target: Double = 0.6, startingAt start: Double = 0, seed: UInt64 = 1
  ) -> AdaptiveAugmentation {
    var options = AugmentationOptions()
    (options.preset, options.probability) = (preset, probability)
    (options.length, options.target) = (length, target)
    return AdaptiveAugmentation(
      options, size: size, startingAt: start, random: RandomGenerator(seed: seed))
  }

  // MARK: - How often

  @Test(arguments: AugmentationPreset.allCases)
  func `a probability of 0 leaves pictures as they are, to the bit`(preset: AugmentationPreset) {
    let (augmentation, random) = (augmentation(preset, 0), RandomGenerator(seed: 2))
    for count in [1, 4] {
      // Minus zero has bits of its own.
      let pictures = Tensor.concatenated(
        [
          random.normal([count, 2, 8, 8]), Tensor.full(-0.0, shape: [count, 1, 8, 8]),
        ], dimension: 1)
      let draw = augmentation.draw(count)
      #expect(augmentation.augmented(pictures, by: draw).hasSameBits(as: pictures))
      #expect(augmentation.augmentedWithoutLooking(pictures, by: draw).hasSameBits(as: pictures))
    }
  }

  private static let shares: [(AugmentationPreset, Double, Double)] = {
    let none = 0.8 * 0.8 * 0.8 * 0.8
    let four = 1 - none
    // Half of the luma flips and mirrors are none, a quarter of the right angles, and a quarter of the
    // shifts by up to one pixel.
    let color = 1 - none * 0.9
    let blit = 1 - 0.9 * 0.85 * 0.85
    return [
      (.noise, 0.2, 0.2), (.cutout, 0.35, 0.35), (.filter, 0.2, four), (.geom, 0.2, four),
      (.color, 0.2, color), (.blit, 0.2, blit),
    ]
  }()

  @Test(arguments: shares)
  func `as many pictures are changed as a fixed probability says`(
    preset: AugmentationPreset, probability: Double, share: Double
  ) {
    let augmentation = augmentation(preset, probability)
    #expect(augmentation.probability == probability)
    let count = 4000
    let changed = augmentation.draw(count)[0].array(of: Int64.self).count { $0 >= Int64(count) }
    // Almost four standard deviations.
    #expect(abs(Double(changed) / Double(count) - share) < 0.03)
  }

  @Test func `a probability of 1 changes every picture that a change may touch`() {
    let augmentation = augmentation(.bgcfnc, 1)
    let pictures = RandomGenerator(seed: 3).normal([16, 3, 8, 8])
    let changed = augmentation.augmented(pictures, by: augmentation.draw(16))
    for index in 0..<16 {
      let (one, other) = (changed.sliced(index..<index + 1), pictures.sliced(index..<index + 1))
      #expect(one.largestDifference(from: other) > 0.05)
      #expect(one.hasOnlyFiniteElements)
    }
  }

  @Test(arguments: AugmentationPreset.allCases)
  func `the shapes of what is drawn depend on the count alone`(preset: AugmentationPreset) {
    let (rare, usual) = (augmentation(preset, 0), augmentation(preset, 1, seed: 5))
    for count in [1, 6] {
      let (one, other) = (rare.draw(count), usual.draw(count))
      #expect(one.map(\.shape) == other.map(\.shape))
      #expect(one.map(\.scalarType) == other.map(\.scalarType))
      #expect(one.allSatisfy { $0.shape[0] == count })
    }
  }

  @Test func `the same seed draws the same, and the probability uses up no numbers`() {
    let (one, other, rarer) = (augmentation(.bgc, 1), augmentation(.bgc, 1), augmentation(.bgc, 0))
    _ = rarer.draw(4)
    for (first, second) in zip(one.draw(4), other.draw(4)) {
      #expect(first.hasSameBits(as: second))
    }
    #expect(rarer.state["random"]?.hasSameBits(as: one.state["random"] ?? Tensor([0.0])) == true)
  }

  // MARK: - What it follows

  @Test func `the probability rises where the discriminator is sure, and falls where it is not`() {
    let augmentation = augmentation(length: 320)
    func observe(_ logits: [Double], iterations: Int = 4) -> [Double] {
      (0..<iterations).map { _ in
        augmentation.observe(realLogits: logits)[.augmentationProbability] ?? -1
      }
    }
    // Four iterations of 16 pictures: a fifth of the way.
    let sure = [Double](repeating: 3, count: 16)
    #expect(observe(sure) == [0, 0, 0, 0] && abs(augmentation.probability - 0.2) < 1e-12)
    _ = observe(sure)
    #expect(abs(augmentation.probability - 0.4) < 1e-12)
    // r = 0.5 is below the target, although most logits are above 0.
    _ = observe([Double](repeating: 0.1, count: 12) + [Double](repeating: -9, count: 4))
    #expect(abs(augmentation.probability - 0.2) < 1e-12)
    _ = observe([Double](repeating: -1, count: 16), iterations: 12)
    #expect(augmentation.probability == 0)
    _ = observe(sure, iterations: 80)
    #expect(augmentation.probability == 1)
  }

  @Test func `r at the target leaves the probability where it is`() {
    let augmentation = augmentation(length: 100, target: 0.5, startingAt: 0.25)
    for _ in 0..<8 { _ = augmentation.observe(realLogits: [1, 1, 1, -1]) }
    #expect(augmentation.probability == 0.25)
  }

  @Test func `a fixed probability adapts to nothing, and is recorded`() {
    let augmentation = augmentation(.bgc, 0.3)
    for _ in 0..<8 {
      #expect(augmentation.observe(realLogits: [9, 9]) == [.augmentationProbability: 0.3])
    }
    #expect(augmentation.probability == 0.3 && augmentation.state["adaptive"] == nil)
  }

  // MARK: - In training

  private func world(_ seed: UInt64) -> TrainingWorld {
    // 16 pictures in four iterations: every adjustment goes a third of the way.
    TrainingWorld(
      seed: seed, augmentation: augmentation(.bgcfnc, length: 48, target: -1, seed: seed))
  }

  @Test(arguments: [2, 5, 8]) func `a resumed run adapts with the bits of one that never stopped`(
    stop: Int
  ) throws {
    let straight = world(11)
    try straight.trainer.train(until: stop)
    let snapshot = straight.snapshot
    #expect(snapshot["state.augmentation.adaptive"] != nil)
    var recorded: [Double] = []
    try straight.trainer.train(until: 13) {
      recorded.append($0[StatisticKey.augmentationProbability] ?? -1)
      return true
    }
    #expect(recorded.last ?? 0 > 0)
    let resumed = world(12)
    try resumed.trainer.train(until: 1)
    try resumed.restore(snapshot)
    var again: [Double] = []
    try resumed.trainer.train(until: 13) {
      again.append($0[StatisticKey.augmentationProbability] ?? -1)
      return true
    }
    #expect(again == recorded)
    let end = resumed.snapshot
    for (key, tensor) in straight.snapshot {
      #expect(try #require(end[key]).hasSameBits(as: tensor), "\(key)")
    }
  }

  @Test func `the logits that it learns are those of the real pictures that were shown`() throws {
    final class Listener: Augmentation {
      var heard: [[Double]] = []
      func draw(_ count: Int) -> [Tensor] { [] }
      func augmented(_ pictures: Tensor, by draw: [Tensor]) -> Tensor { pictures }
      func observe(realLogits: [Double]) -> Statistics {
        heard.append(realLogits)
        return [.augmentationProbability: Double(heard.count)]
      }
      var state: StateDict { [:] }
      func restore(_ state: StateDict) {}
    }
    let listener = Listener()
    let world = TrainingWorld(seed: 13, augmentation: listener)
    for iteration in 1...3 {
      let statistics = try world.trainer.step()
      let logits = try #require(listener.heard.last)
      #expect(listener.heard.count == iteration && logits.count == 4)
      let mean = logits.reduce(0, +) / 4
      #expect(abs(try #require(statistics[.logitReal]) - mean) < 1e-5)
      #expect(statistics[.augmentationProbability] == Double(iteration))
    }
  }

  private func options(_ change: (inout AugmentationOptions) -> Void = { _ in }) -> TrainingOptions
  {
    var options = TrainingOptions()
    options.batchSize = 4
    var augmentation = AugmentationOptions()
    change(&augmentation)
    options.augmentation = augmentation
    return options
  }

  private func trainer(_ options: TrainingOptions) -> GANTrainer {
    let model = GANModel(
      TinyNetworks.configuration(), pixelRange: .zeroToOne, options: options)
    model.initialise(using: RandomGenerator(seed: 21))
    return GANTrainer(
      model, source: RandomPictures(RandomGenerator(seed: 22)), options: options,
      random: RandomGenerator(seed: 23))
  }

  @Test func `a trainer augments as its options say, and only then`() throws {
    let plain = try trainer(TrainingOptions()).step()
    #expect(plain[.augmentationProbability] == nil)
    var unchanged = options { $0.probability = 0 }
    let augmented = trainer(options { $0.probability = 1 })
    let (none, all) = (try trainer(unchanged).step(), try augmented.step())
    #expect(none[.augmentationProbability] == 0 && all[.augmentationProbability] == 1)
    #expect(none[.lossD] != all[.lossD])
    #expect(augmented.state["augmentation.random"] != nil)
    // A probability of 0 is training as without.
    unchanged.augmentation = nil
    let without = try trainer(unchanged).step()
    for (key, value) in without { #expect(none[key] == value, "\(key.name)") }
  }

  @Test
  func `a snapshot's adaptive probability goes on in a training from it, a fixed one is its own`()
    throws
  {
    let folder = try TemporaryFolder()
    let trainer = trainer(options { ($0.length, $0.target) = (32, -1) })
    try trainer.train(until: 5)
    let url = folder.url.appending(path: "gan.safetensors")
    try trainer.model.write(to: url, options: trainer.options, training: trainer.state)
    let file = try GANFile.read(url, as: [.styleGAN2])
    #expect(try file.recordedAugmentationProbability == 0.5)
    func goesOn(_ options: TrainingOptions) throws -> Double? {
      let model = try GANModel(file, options: options, start: .average)
      let trainer = GANTrainer(
        model, source: RandomPictures(RandomGenerator(seed: 22)), options: options,
        random: RandomGenerator(seed: 23))
      return try trainer.step()[.augmentationProbability]
    }
    #expect(try goesOn(options()) == 0.5)
    #expect(try goesOn(options { $0.probability = 0.1 }) == 0.1)
    #expect(try goesOn(TrainingOptions()) == nil)
  }

  // MARK: - What is refused

  @Test(arguments: [-0.1, 0, 1.01, .nan, .infinity])
  func `a probability of nothing, or outside 0 to 1, is refused in a sentence`(value: Double) {
    let options = options { $0.probability = value }
    let error = #expect(throws: ConfigurationError.self) { try options.validate() }
    #expect(
      error?.description
        == "augmentation.probability is \(value), expected more than 0, up to 1; none at all for an adaptive one"
    )
  }

  @Test func `a target that no mean of signs has, no length and no discriminator are refused`() {
    func refusal(_ options: TrainingOptions) -> String {
      (#expect(throws: ConfigurationError.self) { try options.validate() })?.description ?? ""
    }
    #expect(
      refusal(options { $0.target = 1.5 })
        == "augmentation.target is 1.5, expected -1 to 1 (it is a mean of signs)")
    #expect(
      refusal(options { $0.length = 0 }) == "augmentation.length is 0, expected at least 1")
    var alone = options()
    alone.usesDiscriminator = false
    #expect(
      refusal(alone)
        == "augmentation is bgc, expected none where there is no discriminator to see changed pictures"
    )
  }

  @Test func `records from before there was augmentation can be read`() throws {
    let (encoder, decoder) = (JSONEncoder(), JSONDecoder())
    let data = try encoder.encode(TrainingOptions())
    #expect(!String(decoding: data, as: UTF8.self).contains("augmentation"))
    #expect(try decoder.decode(TrainingOptions.self, from: data) == TrainingOptions())
    let augmented = options { $0.probability = 0.25 }
    #expect(try decoder.decode(TrainingOptions.self, from: encoder.encode(augmented)) == augmented)
  }

  @Test func `a state that lacks something is refused by its name`() throws {
    let augmentation = augmentation(.bgcfnc)
    for key in ["random", "noise", "adaptive"] {
      var state = augmentation.state
      state[key] = nil
      let error = #expect(throws: TrainingError.self) { try augmentation.restore(state) }
      #expect(error?.description.contains("it has no augmentation.\(key)") == true)
    }
    for numbers in [[0.5], [1.5, 0, 0, 0], [0.5, .nan, 0, 0], [0.5, 0, -1, 0], [0.5, 0, 4, 4]] {
      var state = augmentation.state
      state["adaptive"] = Tensor(numbers)
      #expect(throws: TrainingError.self) { try augmentation.restore(state) }
    }
  }
}
