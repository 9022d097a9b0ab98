import TestSupport
import Testing
import Torch
import TorchNN

@Suite struct AdamTests {
  /// What `torch.optim.Adam(lr=0.1, eps=1e-8)` makes of three gradients, in double precision.
  static let runs: [(beta1: Double, beta2: Double, after: [[Double]])] = [
    (
      0.9, 0.999,
      [
        [0.9000000033333332, -1.9000000999999, 0.4000000005],
        [0.8128936121571956, -1.972716774238969, 0.37336629670243154],
        [0.8309310332981612, -2.0289269737343636, 0.3458018311043603],
      ]
    ),
    (
      0, 0.99,
      [
        [0.9000000033333332, -1.9000000999999, 0.4000000005],
        [0.8551884816685271, -2.041023832352708, 0.46334111450478693],
        [1.0012372509768324, -2.041023832352708, 0.4440205114404257],
      ]
    ),
  ]
  static let gradients: [[Float]] = [[0.3, -0.01, 2], [0.1, 0.4, -1], [-0.5, 0, 0.25]]

  private func vector() -> (ParameterVector, Parameter) {
    let scope = ParameterScope()
    let parameter = scope.declare("weight", shape: [3], .constant(0))
    let vector = ParameterVector(scope, device: .cpu)
    vector.values.sliced(0..<3).copyInPlace(Tensor([Float(1), -2, 0.5]))
    return (vector, parameter)
  }

  @Test(arguments: runs.indices)
  func `three steps agree with PyTorch`(index: Int) {
    let run = Self.runs[index]
    let (vector, parameter) = vector()
    let adam = Adam(
      vector, options: .init(learningRate: 0.1, beta1: run.beta1, beta2: run.beta2))
    for (gradient, expected) in zip(Self.gradients, run.after) {
      vector.gradients.sliced(0..<3).copyInPlace(Tensor(gradient))
      adam.step()
      #expect(parameter.value.largestDifference(from: Tensor(expected)) < 1e-6)
    }
    #expect(adam.stepCount == 3)
  }

  @Test func `a factor makes the step that another learning rate makes, and is forgotten`() {
    let (one, other) = (vector().0, vector().0)
    let factored = Adam(one, options: .init(learningRate: 0.4))
    let lower = Adam(other, options: .init(learningRate: 0.1))
    for (index, gradient) in Self.gradients.enumerated() {
      for vector in [one, other] {
        vector.gradients.sliced(0..<3).copyInPlace(Tensor(gradient))
      }
      if index == 2 { lower.options.learningRate = 0.4 }
      if index < 2 { factored.step(learningRateFactor: 0.25) } else { factored.step() }
      lower.step()
      #expect(one.values.hasSameBits(as: other.values), "step \(index)")
    }
    #expect(factored.options.learningRate == 0.4)
  }

  @Test func `restored moments go on as if never stopped`() throws {
    let options = Adam.Options(learningRate: 0.1)
    let (straight, _) = vector()
    let (first, _) = vector()
    let (second, _) = vector()
    let whole = Adam(straight, options: options)
    let before = Adam(first, options: options)
    let after = Adam(second, options: options)
    func step(_ adam: Adam, _ vector: ParameterVector, _ index: Int) {
      vector.gradients.sliced(0..<3).copyInPlace(Tensor(Self.gradients[index]))
      adam.step()
    }
    for index in 0..<3 { step(whole, straight, index) }
    for index in 0..<2 { step(before, first, index) }
    try second.load(first.named(), file: "a")
    try after.restore(
      firstMoments: first.named(before.firstMoments),
      secondMoments: first.named(before.secondMoments), stepCount: before.stepCount, file: "a")
    step(after, second, 2)
    #expect(second.values.hasSameBits(as: straight.values))
    #expect(after.secondMoments.hasSameBits(as: whole.secondMoments))
    #expect(after.stepCount == 3)
  }

  @Test func `moments that do not fit leave the optimiser as it was`() throws {
    let (vector, _) = vector()
    let adam = Adam(vector, options: .init(learningRate: 0.1))
    vector.gradients.sliced(0..<3).fillInPlace(1)
    adam.step()
    let (first, second) = (adam.firstMoments.clone(), adam.secondMoments.clone())
    #expect(throws: ParameterError.missing(name: "weight", shape: [3], file: "run")) {
      try adam.restore(
        firstMoments: ["weight": Tensor.full(9, shape: [3])], secondMoments: [:], stepCount: 7,
        file: "run")
    }
    #expect(adam.stepCount == 1)
    #expect(adam.firstMoments.hasSameBits(as: first))
    #expect(adam.secondMoments.hasSameBits(as: second))
  }
}
