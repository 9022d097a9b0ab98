import Classifiers
import TestSupport
import Testing
import Torch

@Suite struct JudgeTests {
  private let judge = Judge(LeNet5())

  /// A picture whose columns rise from 0 to 1.
  private func ramp(side: Int) -> Tensor {
    Tensor((0..<side).map { Float($0) / Float(side - 1) }, shape: [1, 1, 1, side])
      .expanded([1, 1, side, side])
  }

  @Test func `grey pictures in range and size pass untouched`() {
    let pictures = RandomGenerator(seed: 1).uniform([2, 1, 32, 32])
    #expect(judge.prepared(pictures, range: .zeroToOne).hasSameBits(as: pictures))
  }

  @Test func `pictures from minus one to one come to zero to one, clamped`() {
    let pictures = Tensor([Float(-3), -1, 0, 1, 2]).reshaped([5, 1, 1, 1]).expanded([5, 1, 32, 32])
    let prepared = judge.prepared(pictures, range: .minusOneToOne).mean([1, 2, 3])
    #expect(prepared.largestDifference(from: Tensor([Float(0), 0, 0.5, 1, 1])) < 1e-6)
  }

  @Test func `colours become grey by their weights`() {
    let colours = Tensor([Float(1), 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1]).reshaped([4, 3, 1, 1])
    let grey = judge.prepared(colours.expanded([4, 3, 32, 32]), range: .zeroToOne)
    #expect(grey.shape == [4, 1, 32, 32])
    let expected = Tensor([Float(0.2989), 0.587, 0.114, 0.9999])
    #expect(grey.mean([1, 2, 3]).largestDifference(from: expected) < 1e-6)
  }

  @Test func `larger pictures shrink with antialiasing`() {
    let prepared = judge.prepared(ramp(side: 64), range: .zeroToOne)
    #expect(prepared.shape == [1, 1, 32, 32])
    // Weights 1 3 3 1 around the middle between two columns keep a ramp, away from the borders.
    let row = prepared.array(of: Float.self)[..<32]
    for column in 1..<31 {
      #expect(abs(row[column] - (Float(2 * column) + 0.5) / 63) < 1e-5)
    }
    // A chessboard of single pixels becomes grey, where every other pixel alone would be black.
    let board = Tensor((0..<64 * 64).map { Float(($0 / 64 + $0) % 2) }, shape: [1, 1, 64, 64])
    let inner = judge.prepared(board, range: .zeroToOne)
      .sliced(1..<31, dimension: 2).sliced(1..<31, dimension: 3)
    #expect(inner.largestDifference(from: Tensor.full(0.5, shape: [1, 1, 30, 30])) < 1e-5)
  }

  @Test func `smaller pictures grow`() {
    let prepared = judge.prepared(ramp(side: 16), range: .zeroToOne)
    let row = prepared.array(of: Float.self)[..<32]
    for column in 1..<31 {
      #expect(abs(row[column] - ((Float(column) + 0.5) / 2 - 0.5) / 15) < 1e-5)
    }
  }

  @Test func `a judge learns nothing`() {
    #expect(!judge.network.parameters.requiresGradient)
  }

  @Test func `a class that the judge does not know is refused with those it knows`() throws {
    #expect(try judge.index(ofClass: "7") == 7)
    let named = Judge(LeNet5(classCount: 3), classNames: ["cat", "dog", "wild"])
    #expect(try named.index(ofClass: "dog") == 1)
    let error = #expect(throws: ClassifierError.self) { try named.index(ofClass: "7") }
    #expect(error?.description == "the judge knows no class '7'; it knows cat, dog, wild")
  }
}
