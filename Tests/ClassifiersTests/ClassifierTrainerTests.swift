import Classifiers
import Datasets
import Judging
import Testing
import Torch

/// What no classifier can be trained on is refused before anything is trained.
@Suite struct ClassifierTrainerTests {
  private func refusal(_ labels: [Int], _ names: [String], batchSize: Int = 2) throws -> String {
    let data = Dataset(
      images: Tensor.zeros([labels.count, 1, 4, 4], scalarType: .uint8),
      labels: .classes(labels, names: names), path: "D")
    let error = #expect(throws: ClassifierError.self) {
      try ClassifierTrainer(
        data, batchSize: batchSize, epochs: 1, learningRate: 0.1, random: RandomGenerator(seed: 1)
      ) { LeNet5(labels: $0) }
    }
    return error?.description ?? ""
  }

  @Test func `F09 pictures of one class make no classifier`() throws {
    let message =
      "D has pictures of one class only ('b'): a classifier needs two or more to tell apart; expected "
      + "IDX files with labels, one sub-folder for each class, or labels in dataset.json"
    #expect(try refusal([1, 1], ["a", "b", "c"]) == message)
  }

  @Test func `R05 a class name with a line break is refused at training`() throws {
    #expect(
      try refusal([0, 1], ["a\nb", "c"])
        == "D has a class named 'a\nb', with a character that is no text; rename it")
    #expect(try refusal([0, 1], ["c", "\u{1b}[31m"]).contains("no text"))
  }

  @Test func `R14 a batch beyond the pictures is refused`() throws {
    #expect(
      try refusal([0, 1, 0], ["a", "b"], batchSize: 100_000)
        == "100000 pictures per iteration, but D has 3 to train on; expected at most 128")
  }
}
