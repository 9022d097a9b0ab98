import Judging
import TestSupport
import Testing
import Torch

@Suite struct PreprocessingTests {
  private let grey = Preprocessing(size: 32, channels: 1)

  /// A picture whose columns rise from 0 to 1.
  private func ramp(side: Int) -> Tensor {
    Tensor((0..<side).map { Float($0) / Float(side - 1) }, shape: [1, 1, 1, side])
      .expanded([1, 1, side, side])
  }

  @Test func `grey pictures in range and size pass untouched`() {
    let pictures = RandomGenerator(seed: 1).uniform([2, 1, 32, 32])
    #expect(grey.prepared(pictures, from: .zeroToOne).hasSameBits(as: pictures))
  }

  // A sample used to be prepared when it was made and once more when it was judged.
  @Test(arguments: [16, 32, 64]) func `what is prepared stays as it is`(side: Int) {
    let pictures = RandomGenerator(seed: 2).normal([64, 3, side, side])
    let once = grey.prepared(pictures, from: .minusOneToOne)
    #expect(grey.prepared(once, from: .zeroToOne).hasSameBits(as: once))
  }

  @Test func `pictures from minus one to one come to zero to one, clamped`() {
    let pictures = Tensor([Float(-3), -1, 0, 1, 2]).reshaped([5, 1, 1, 1]).expanded([5, 1, 32, 32])
    let prepared = grey.prepared(pictures, from: .minusOneToOne).mean([1, 2, 3])
    #expect(prepared.largestDifference(from: Tensor([Float(0), 0, 0.5, 1, 1])) < 1e-6)
  }

  @Test func `colours become grey by their weights, grey becomes three equal channels`() {
    let colours = Tensor([Float(1), 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1]).reshaped([4, 3, 1, 1])
    let prepared = grey.prepared(colours.expanded([4, 3, 32, 32]), from: .zeroToOne)
    #expect(prepared.shape == [4, 1, 32, 32])
    let expected = Tensor([Float(0.2989), 0.587, 0.114, 0.9999])
    #expect(prepared.mean([1, 2, 3]).largestDifference(from: expected) < 1e-6)
    let colour = Preprocessing(size: 32, channels: 3)
    #expect(
      colour.prepared(ramp(side: 32), from: .zeroToOne)
        .hasSameBits(as: ramp(side: 32).expanded([1, 3, 32, 32]).contiguous()))
  }

  @Test func `larger pictures shrink with antialiasing`() {
    let prepared = grey.prepared(ramp(side: 64), from: .zeroToOne)
    #expect(prepared.shape == [1, 1, 32, 32])
    // Weights 1 3 3 1 around the middle between two columns keep a ramp, away from the borders.
    let row = prepared.array(of: Float.self)[..<32]
    for column in 1..<31 {
      #expect(abs(row[column] - (Float(2 * column) + 0.5) / 63) < 1e-5)
    }
    // A chessboard of single pixels becomes grey, where every other pixel alone would be black.
    let board = Tensor((0..<64 * 64).map { Float(($0 / 64 + $0) % 2) }, shape: [1, 1, 64, 64])
    let inner = grey.prepared(board, from: .zeroToOne)
      .sliced(1..<31, dimension: 2).sliced(1..<31, dimension: 3)
    #expect(inner.largestDifference(from: Tensor.full(0.5, shape: [1, 1, 30, 30])) < 1e-5)
  }

  @Test func `without antialiasing two pixels make one`() {
    var sharp = grey
    sharp.isAntialiased = false
    let stripes = Tensor((0..<128).map { Float($0 / 2 % 2) }, shape: [1, 1, 1, 128])
      .expanded([1, 1, 128, 128])
    // Column i lies between the source columns 4 i + 1 (black) and 4 i + 2 (white).
    let prepared = sharp.prepared(stripes, from: .zeroToOne)
    #expect(prepared.largestDifference(from: .full(0.5, shape: [1, 1, 32, 32])) < 1e-6)
    #expect(grey.prepared(stripes, from: .zeroToOne).largestDifference(from: prepared) > 0.01)
  }

  @Test func `smaller pictures grow`() {
    let prepared = grey.prepared(ramp(side: 16), from: .zeroToOne)
    let row = prepared.array(of: Float.self)[..<32]
    for column in 1..<31 {
      #expect(abs(row[column] - ((Float(column) + 0.5) / 2 - 0.5) / 15) < 1e-5)
    }
  }

  @Test func `the crop is the square in the centre of the resized picture`() {
    let cropped = Preprocessing(size: 4, channels: 1, resizedSize: 8)
      .prepared(ramp(side: 8), from: .zeroToOne)
    #expect(
      cropped.hasSameBits(
        as: ramp(side: 8).sliced(2..<6, dimension: 2).sliced(2..<6, dimension: 3)))
  }

  @Test func `mean and standard deviation apply to each channel, in the network's range`() {
    let normalised = Preprocessing(
      size: 1, channels: 3, range: .minusOneToOne, mean: [0, 0.5, 1], standardDeviation: [1, 2, 4])
    let white = Tensor.full(1, shape: [1, 3, 1, 1])
    #expect(normalised.prepared(white, from: .zeroToOne).array(of: Float.self) == [1, 0.25, 0])
    let black = Tensor.zeros([1, 3, 1, 1])
    #expect(
      normalised.prepared(black, from: .zeroToOne).array(of: Float.self) == [-1, -0.75, -0.5])
  }
}
