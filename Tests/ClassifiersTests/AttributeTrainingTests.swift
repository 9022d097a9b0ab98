import Checkpoints
import Classifiers
import Datasets
import Foundation
import Judging
import TestSupport
import Testing
import Torch
import TorchNN

/// Judges of attributes are trained, scored, written and read; rare ones count where that is asked for.
@Suite struct AttributeTrainingTests {
  /// Pictures of 16x16: `red` fills the left half with red, `blue` the right half with blue.
  private func faces(_ count: Int, seed: UInt64 = 1) -> Dataset {
    let random = RandomGenerator(seed: seed)
    var bytes = [UInt8]()
    var rows = [[Bool]]()
    for _ in 0..<count {
      let row = [random.integer(in: 0..<4) == 0, random.integer(in: 0..<2) == 0]
      rows.append(row)
      for channel in 0..<3 {
        for place in 0..<256 {
          let isLeft = place % 16 < 8
          let isRed = channel == 0 && row[0] && isLeft
          let isBlue = channel == 2 && row[1] && !isLeft
          let noise = UInt8(random.integer(in: 0..<60))
          bytes.append(isRed || isBlue ? noise + 180 : noise)
        }
      }
    }
    return Dataset(
      images: Tensor(bytes, shape: [count, 3, 16, 16]),
      labels: .attributes(rows, names: ["red", "blue"]), path: "faces")
  }

  private func trained(
    _ dataset: Dataset, changes: PictureChanges = PictureChanges(), epochs: Int = 12
  ) throws -> ClassifierTrainer {
    let trainer = try ClassifierTrainer(
      dataset, batchSize: 16, epochs: epochs, learningRate: 0.002, changes: changes,
      random: RandomGenerator(seed: 3)
    ) { ConvNet(labels: $0, size: 16) }
    try trainer.train(until: trainer.iterations) { _, _ in true }
    return trainer
  }

  @Test func `attributes are learned, each by itself, and a file keeps that they are attributes`()
    throws
  {
    let trainer = try trained(faces(96))
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "judge.safetensors")
    try trainer.network.write(to: file)
    let judge = try Judge.read(file)
    #expect(judge.labels == .attributes(["red", "blue"], threshold: 0.5))
    #expect(judge.classifier.name == "ConvNet" && judge.classifier.preprocessing.size == 16)
    let test = faces(64, seed: 9)
    let scores = try judge.attributeScores(on: test)
    #expect(scores.map(\.name) == ["red", "blue"])
    #expect(scores.allSatisfy { $0.accuracy == 1 && $0.areaUnderCurve == 1 }, "\(scores)")
    #expect(
      try scores == Judge(trainer.network).attributeScores(on: test), "the file changes nothing")
  }

  @Test func `a stop and a resume with changed pictures end at the same bits`() throws {
    let data = faces(48)
    let changes = PictureChanges(mirrors: true, shift: 2)
    let whole = try trained(data, changes: changes, epochs: 4)
    func fresh() throws -> ClassifierTrainer {
      try ClassifierTrainer(
        data, batchSize: 16, epochs: 4, learningRate: 0.002, changes: changes,
        random: RandomGenerator(seed: 3)
      ) { ConvNet(labels: $0, size: 16) }
    }
    let first = try fresh()
    try first.train(until: 5) { _, _ in true }
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "training.safetensors")
    try first.snapshot().write(to: file)
    let second = try fresh()
    try second.restore(ClassifierTraining.read(file))
    try second.train(until: second.iterations) { _, _ in true }
    #expect(
      second.network.parameters.values.hasSameBits(as: whole.network.parameters.values))
    let plain = try trained(data, epochs: 4)
    #expect(!plain.network.parameters.values.hasSameBits(as: whole.network.parameters.values))
  }

  @Test func `a network that always says the same is right as often as the frequent answer`() {
    let score = AttributeScore(
      name: "hat", truths: [true, false, false, false], probabilities: [0.2, 0.2, 0.2, 0.2],
      threshold: 0.5)
    #expect(score.accuracy == 0.75 && score.areaUnderCurve == 0.5)
    #expect(score.recall == 0 && score.precision == nil)
  }

  @Test func `the area counts pairs in order, ties by half`() {
    let score = AttributeScore(
      name: "hat", truths: [true, false, true, false, false],
      probabilities: [0.9, 0.1, 0.4, 0.4, 0.6], threshold: 0.5)
    // Of six pairs, 0.9 wins three; 0.4 wins one, ties one, and loses one.
    #expect(score.areaUnderCurve == 0.75)
    #expect(score.foundCount == 1 && score.falseCount == 1 && score.rightCount == 3)
    let constant = AttributeScore(
      name: "hat", truths: [true, true], probabilities: [0.9, 0.1], threshold: 0.5)
    #expect(constant.areaUnderCurve == nil)
  }

  @Test func `balance lets a rare class weigh as much as a frequent one`() throws {
    // Six pictures that all look alike: the network can only learn shares.
    func share(_ isBalanced: Bool) throws -> Double {
      let data = Dataset(
        images: Tensor.zeros([6, 3, 16, 16], scalarType: .uint8),
        labels: .classes([0, 0, 0, 0, 0, 1], names: ["common", "rare"]), path: "D")
      let trainer = try ClassifierTrainer(
        data, targets: TrainingTargets(of: data, isBalanced: isBalanced), batchSize: 6, epochs: 60,
        learningRate: 0.01, random: RandomGenerator(seed: 3)
      ) { ConvNet(labels: $0, size: 16) }
      try trainer.train(until: trainer.iterations) { _, _ in true }
      return Judge(trainer.network).judge(Tensor.zeros([1, 3, 16, 16]), in: .zeroToOne)
        .probability(of: .class("rare"))[0]
    }
    #expect(abs(try share(false) - 1.0 / 6) < 0.02)
    #expect(abs(try share(true) - 0.5) < 0.02)
  }

  @Test func `attributes that are constant, misspelt or none in common are refused by name`() throws
  {
    let constant = Dataset(
      images: Tensor.zeros([2, 3, 16, 16], scalarType: .uint8),
      labels: .attributes([[true, false], [true, false]], names: ["red", "blue"]), path: "D")
    #expect {
      _ = try TrainingTargets(of: constant)
    } throws: {
      "\($0)"
        == "D has no attribute that some pictures have and others lack, among red, blue: nothing can "
        + "be learned of them"
    }
    #expect {
      _ = try faces(8).selecting(attributes: ["blue", "geen"])
    } throws: {
      "\($0)" == "faces has no attribute geen; it has red, blue"
    }
    #expect(try faces(8).selecting(attributes: ["blue"]).labels.names == ["blue"])
    let judge = Judge(ConvNet(labels: .attributes(["hat"], threshold: 0.5), size: 16))
    #expect {
      _ = try judge.attributeScores(on: faces(8))
    } throws: {
      "\($0)" == "faces has the attributes red, blue, the judge knows hat: expected some in common"
    }
  }

  @Test func `a ConvNet with another number of convolutions is no network of ours`() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "judge.safetensors")
    let network = ConvNet(labels: .numberedClasses(2), size: 16)
    var tensors = network.parameters.named()
    tensors["convolutions.2.weight"] = Tensor.zeros([128, 64, 3, 3])
    try SafetensorsFile(tensors: tensors).write(to: file)
    let error = #expect(throws: (any Error).self) { try Judge.read(file) }
    #expect(error.map { "\($0)".contains("convolutions.2.bias") } == true, "\(error as Any)")
    for index in 3..<9 { tensors["convolutions.\(index).weight"] = Tensor.zeros([1, 1, 3, 3]) }
    try SafetensorsFile(tensors: tensors).write(to: file, replacing: true)
    #expect {
      try Judge.read(file)
    } throws: {
      "\($0)".contains("it has 9 convolutions; expected a ConvNet with")
    }
  }
}
