import Checkpoints
import Classifiers
import Datasets
import Foundation
import Judging
import TestSupport
import Testing
import Torch
import TorchNN

/// Pictures of validation choose the epoch, may end the training, and teach nothing.
@Suite struct ClassifierValidationTests {
  /// Pictures of noise with labels by chance: more training only learns them by heart.
  private func noise(_ count: Int, seed: UInt64, areAttributes: Bool = false) -> Dataset {
    let random = RandomGenerator(seed: seed)
    let bytes = (0..<count * 256).map { _ in UInt8(random.integer(in: 0..<256)) }
    let names = ["ant", "bee", "cow"]
    return Dataset(
      images: Tensor(bytes, shape: [count, 1, 16, 16]),
      labels: areAttributes
        ? .attributes((0..<count).map { [$0 % 2 == 0, $0 % 3 == 0, $0 < 2] }, names: names)
        : .classes((0..<count).map { $0 % 3 }, names: names),
      path: "noise")
  }

  private func trainer(
    _ validation: ClassifierValidation?, areAttributes: Bool = false, isBalanced: Bool = false,
    changes: PictureChanges = PictureChanges()
  ) throws -> ClassifierTrainer {
    // 22 pictures in batches of 8: an epoch is two iterations, and its batches cross its end.
    let data = noise(22, seed: 1, areAttributes: areAttributes)
    return try ClassifierTrainer(
      data, targets: TrainingTargets(of: data, isBalanced: isBalanced), batchSize: 8, epochs: 12,
      learningRate: 0.01, changes: changes, validation: validation,
      random: RandomGenerator(seed: 3)
    ) { ConvNet(labels: $0, size: 16) }
  }

  private func values(_ trainer: ClassifierTrainer) -> Tensor {
    trainer.network.parameters.values.copiedToHost()
  }

  /// Trains to the end; what each epoch measured, and the parameters after it.
  private func epochs(
    of trainer: ClassifierTrainer, hasValidation: Bool = true
  ) throws -> [(measured: ValidatedEpoch, values: Tensor)] {
    var result: [(measured: ValidatedEpoch, values: Tensor)] = []
    try trainer.train(until: trainer.iterations) { iteration, _ in
      let isMeasured = hasValidation && iteration.isMultiple(of: 2)
      #expect((trainer.validatedEpoch != nil) == isMeasured)
      if let epoch = trainer.validatedEpoch { result.append((epoch, values(trainer))) }
      return true
    }
    return result
  }

  @Test func `validation changes no bit of the training, whatever its pictures are`() throws {
    let plain = try trainer(nil)
    #expect(try epochs(of: plain, hasValidation: false).isEmpty && plain.bestEpoch == nil)
    let trainers = try [5, 6].map { try trainer(ClassifierValidation(noise(9, seed: $0))) }
    let losses = try trainers.map { try epochs(of: $0).map(\.measured.loss) }
    #expect(losses[0] != losses[1])
    for trainer in trainers {
      #expect(values(trainer).hasSameBits(as: values(plain)))
      #expect(trainer.iteration == 24 && trainer.skippedIterations == 0)
    }
    plain.takeBestEpoch()
    #expect(values(plain).hasSameBits(as: values(trainers[0])), "without validation, the last")
  }

  @Test func `the weights of the epoch with the lowest loss are taken`() throws {
    let trainer = try trainer(ClassifierValidation(noise(9, seed: 5)))
    let epochs = try epochs(of: trainer)
    #expect(epochs.map(\.measured.epoch) == Array(1...12))
    let best = try #require(epochs.min { $0.measured.loss < $1.measured.loss })
    #expect(best.measured.epoch < 12, "the comparison can fail")
    #expect(trainer.bestEpoch == best.measured)
    #expect(!values(trainer).hasSameBits(as: best.values))
    trainer.takeBestEpoch()
    #expect(values(trainer).hasSameBits(as: best.values))
  }

  @Test(arguments: [false, true], [false, true])
  func `loss and accuracy are those of the network's answers`(
    areAttributes: Bool, isBalanced: Bool
  ) throws {
    // More than a group of pictures that pass together, shuffled against training's order.
    let pictures = noise(300, seed: 8, areAttributes: areAttributes)
    let trainer = try trainer(
      ClassifierValidation(pictures), areAttributes: areAttributes, isBalanced: isBalanced)
    try trainer.train(until: 2) { _, _ in true }
    let measured = try #require(trainer.validatedEpoch)
    let judge = Judge(trainer.network)
    let answers = judge.judge(
      try pictures.batch(Array(0..<300), range: .zeroToOne), in: .zeroToOne)
    let p = answers.probabilities.array(of: Double.self)
    var (loss, weight) = (0.0, 0.0)
    if areAttributes {
      let scores = try judge.attributeScores(on: pictures)
      #expect(
        abs(measured.accuracy - Double(scores.reduce(0) { $0 + $1.rightCount }) / 900) < 1e-12)
      // In 22 pictures 11, 8 and 2 have the attribute.
      let weights = isBalanced ? [1, 14.0 / 8, 10] : [1, 1, 1]
      for picture in 0..<300 {
        for (index, isThere) in [picture % 2 == 0, picture % 3 == 0, picture < 2].enumerated() {
          let chance = p[picture * 3 + index]
          loss -= isThere ? weights[index] * log(chance) : log(1 - chance)
          weight += 1
        }
      }
    } else {
      #expect(try measured.accuracy == judge.confusion(on: pictures).accuracy)
      // 8, 7 and 7 pictures of 22 are of each class.
      let weights = isBalanced ? [22 / 24.0, 22 / 21.0, 22 / 21.0] : [1, 1, 1]
      for picture in 0..<300 {
        loss -= weights[picture % 3] * log(p[picture * 3 + picture % 3])
        weight += weights[picture % 3]
      }
    }
    #expect(abs(measured.loss - loss / weight) < 1e-5 * loss / weight)
  }

  @Test func `patience ends the training so many epochs after the best one`() throws {
    let pictures = noise(9, seed: 5)
    let whole = try epochs(of: trainer(ClassifierValidation(pictures)))
    for patience in [1, 2, 3] {
      let trainer = try trainer(ClassifierValidation(pictures, patience: patience))
      let epochs = try epochs(of: trainer)
      var (best, last) = (0, 0)
      while last < 11, last - best < patience {
        last += 1
        if whole[last].measured.loss < whole[best].measured.loss { best = last }
      }
      #expect(last < 11, "the comparison can fail")
      #expect(epochs.map(\.measured) == whole.prefix(last + 1).map(\.measured))
      #expect(trainer.bestEpoch == whole[best].measured)
      #expect(trainer.epoch == last + 1 && trainer.iteration == 2 * (last + 1))
      #expect(trainer.skippedIterations == 24 - trainer.iteration)
      // It is over: no iteration follows.
      try trainer.train(until: 24) { _, _ in
        Issue.record("an iteration after the end")
        return false
      }
      trainer.takeBestEpoch()
      #expect(values(trainer).hasSameBits(as: whole[best].values))
    }
  }

  @Test func `a stop anywhere and a resume end at the same epoch and bits`() throws {
    let changes = PictureChanges(mirrors: true, shift: 1)
    let validation = ClassifierValidation(noise(9, seed: 5), patience: 3)
    let whole = try trainer(validation, changes: changes)
    _ = try epochs(of: whole)
    #expect(whole.skippedIterations > 0)
    let last = values(whole)
    whole.takeBestEpoch()
    let best = values(whole)
    let folder = try TemporaryFolder()
    // In the first epoch, at ends of epochs, within them, and at the end of all.
    for stop in [1, 2, 5, 6, whole.iteration - 1, whole.iteration] {
      let first = try trainer(validation, changes: changes)
      try first.train(until: stop) { _, _ in true }
      let file = folder.url.appending(path: "training-\(stop).safetensors")
      try first.snapshot().write(to: file)
      let second = try trainer(validation, changes: changes)
      let snapshot = try ClassifierTraining.read(file)
      try second.restore(snapshot)
      #expect(
        ClassifierTrainer.skippedIterations(in: snapshot)
          == (stop == whole.iteration ? whole.skippedIterations : 0))
      #expect(second.bestEpoch == first.bestEpoch && second.epoch == stop / 2)
      try second.train(until: second.iterations) { _, _ in true }
      #expect(second.iteration == whole.iteration && second.bestEpoch == whole.bestEpoch)
      #expect(second.skippedIterations == whole.skippedIterations)
      #expect(values(second).hasSameBits(as: last))
      second.takeBestEpoch()
      #expect(values(second).hasSameBits(as: best))
    }
  }

  @Test func `a snapshot without validation holds nothing of it, and cannot go on with it`() throws
  {
    let folder = try TemporaryFolder()
    let plain = try trainer(nil)
    try plain.train(until: 3) { _, _ in true }
    #expect(!plain.snapshot().tensors.keys.contains { $0.hasPrefix("validation") })
    let file = folder.url.appending(path: "plain.safetensors")
    try plain.snapshot().write(to: file)
    let validated = try trainer(ClassifierValidation(noise(9, seed: 5)))
    #expect {
      try validated.restore(ClassifierTraining.read(file))
    } throws: {
      "\($0)".contains("it has no validation.best_epoch; only snapshots of a classifier's")
    }
  }

  @Test(arguments: [
    ("validation.best_epoch", Tensor([Int64(7)]), "it has no validation.best_epoch"),
    ("validation.best_epoch", Tensor([0.5]), "it has no validation.best_epoch"),
    ("validation.best_epoch", Tensor([Int64(0)]), "it has no validation.best_epoch"),
    (
      "validation.skipped_iterations", Tensor([Int64.max]),
      "it has no validation.skipped_iterations"
    ),
    (
      "validation.best_loss_and_accuracy", Tensor([1.0]),
      "it has no validation.best_loss_and_accuracy"
    ),
    (
      "validation.best.scores.bias", Tensor([1.0]),
      "the tensor validation.best.scores.bias has shape [1], the network needs [3]"
    ),
  ])
  func `a snapshot whose validation is damaged is refused by name`(
    name: String, tensor: Tensor, message: String
  ) throws {
    let folder = try TemporaryFolder()
    let validation = ClassifierValidation(noise(9, seed: 5))
    let first = try trainer(validation)
    try first.train(until: 5) { _, _ in true }
    var snapshot = first.snapshot()
    #expect(snapshot.tensors[name] != nil, "\(snapshot.tensors.keys)")
    snapshot.tensors[name] = tensor
    let file = folder.url.appending(path: "damaged.safetensors")
    try snapshot.write(to: file)
    #expect {
      try trainer(validation).restore(ClassifierTraining.read(file))
    } throws: {
      "\($0)".contains(message)
    }
  }
}
