import Foundation
import TestSupport
import Testing
import Torch

/// Operators against values computed by hand.
@Suite struct OperatorTests {
  private func floats(_ tensor: Tensor) -> [Float] { tensor.array(of: Float.self) }

  @Test func `arithmetic broadcasts`() {
    let x = Tensor([Float(1), 2, 3, 4, 5, 6], shape: [2, 3])
    let y = Tensor([Float(10), 20, 60])
    #expect(floats(x + y) == [11, 22, 63, 14, 25, 66])
    #expect(floats(y - x) == [9, 18, 57, 6, 15, 54])
    #expect(floats(x * y) == [10, 40, 180, 40, 100, 360])
    #expect(floats(y / x) == [10, 10, 20, 2.5, 4, 10])
    #expect(floats(x + 1) == [2, 3, 4, 5, 6, 7])
    #expect(floats(x - 1) == [0, 1, 2, 3, 4, 5])
    #expect(floats(2 * x / 4) == [0.5, 1, 1.5, 2, 2.5, 3])
    #expect(floats(-x) == [-1, -2, -3, -4, -5, -6])
    #expect(floats(x.maximum(Tensor([Float(3), 3, 3]))) == [3, 3, 3, 4, 5, 6])
    #expect(x.equal(x * 1).to(.uint8).array(of: UInt8.self) == [1, 1, 1, 1, 1, 1])
    #expect(x.greater(than: 3).to(.uint8).array(of: UInt8.self) == [0, 0, 0, 1, 1, 1])
  }

  @Test func `functions of one element are those of Foundation`() {
    let values = [0.25, 1, 2.5]
    let x = Tensor(values)
    func check(_ tensor: Tensor, _ function: (Double) -> Double) {
      let expected = Tensor(values.map(function))
      #expect(tensor.largestDifference(from: expected) < 1e-12)
    }
    check(x.exp()) { Foundation.exp($0) }
    check(x.log()) { Foundation.log($0) }
    check(x.sqrt()) { $0.squareRoot() }
    check(x.rsqrt()) { 1 / $0.squareRoot() }
    check(x.square()) { $0 * $0 }
    check(x.sigmoid()) { 1 / (1 + Foundation.exp(-$0)) }
    check(x.softplus()) { Foundation.log(1 + Foundation.exp($0)) }
    check(x.power(3)) { $0 * $0 * $0 }
    check((x - 1).relu()) { $0 < 1 ? 0 : $0 - 1 }
    check((x - 1).abs()) { $0 < 1 ? 1 - $0 : $0 - 1 }
    check(x.clamped(0.5, 2)) { $0 < 0.5 ? 0.5 : $0 > 2 ? 2 : $0 }
    let odd = Tensor([Float(1), .infinity, .nan])
    #expect(odd.isFinite().to(.uint8).array(of: UInt8.self) == [1, 0, 0])
  }

  @Test func `reductions are over all dimensions or those named`() {
    let x = Tensor([Float(1), 2, 3, 4, 5, 9], shape: [2, 3])
    #expect(x.sum().item() == 24)
    #expect(x.sum().shape == [])
    #expect(floats(x.sum([0])) == [5, 7, 12])
    #expect(x.mean([1], keepingDimensions: true).shape == [2, 1])
    #expect(floats(x.mean([1])) == [2, 6])
    // Divided by the count, not the count less one: ((2 - 1)² + 0 + (3 - 2)²) / 3.
    #expect(x.variance([1]).largestDifference(from: Tensor([Float(0.6666667), 4.6666667])) < 1e-6)
    #expect(floats(x.max([0])) == [4, 5, 9])
    #expect(floats(x.min([1])) == [1, 4])
    #expect(x.argmax(1).array(of: Int64.self) == [2, 2])
    let total = x.softmax(1).sum([1])
    #expect(total.largestDifference(from: Tensor([Float(1), 1])) < 1e-6)
    #expect(x.logSoftmax(1).largestDifference(from: x.softmax(1).log()) < 1e-5)
  }

  @Test func `views and copies keep the order of elements`() {
    let x = Tensor((0..<24).map { Float($0) }, shape: [2, 3, 4])
    #expect(floats(x.permuted([2, 0, 1]).sliced(1..<2)) == [1, 5, 9, 13, 17, 21])
    #expect(floats(x.sliced(1..<3, dimension: -1).sliced(0..<1)) == [1, 2, 5, 6, 9, 10])
    #expect(x.unbound(dimension: 1).map { $0.shape } == [[2, 4], [2, 4], [2, 4]])
    #expect(floats(x.unbound(dimension: -2)[1]) == [4, 5, 6, 7, 16, 17, 18, 19])
    #expect(floats(x.reshaped([4, -1]).sliced(3..<4)) == [18, 19, 20, 21, 22, 23])
    #expect(x.reshaped([4, -1]).transposed.shape == [6, 4])
    #expect(floats(x.gathered([1, 1]).sliced(0..<1)) == floats(x.sliced(1..<2)))
    let joined = Tensor.concatenated([x, x], dimension: 2)
    #expect(joined.shape == [2, 3, 8])
    #expect(floats(Tensor([Float(7)]).expanded([3])) == [7, 7, 7])

    let pictures = Tensor((0..<24).map { Float($0) }, shape: [1, 2, 3, 4])
    let channelsLast = pictures.contiguous(.channelsLast)
    #expect(channelsLast.isContiguous(.channelsLast) && !channelsLast.isContiguous())
    #expect(floats(channelsLast) == floats(pictures))
    channelsLast.withUnsafeBytes { bytes in
      #expect(bytes.bindMemory(to: Float.self).elementsEqual(floats(pictures)))
    }
    let copy = x.clone()
    copy.fillInPlace(0)
    #expect(x.sum().item() == 276)
  }

  @Test func `in-place operators change the elements they name`() {
    let x = Tensor([Float(1), 2, 3])
    x.addInPlace(Tensor([Float(1), 1, 1]), times: 2)
    #expect(floats(x) == [3, 4, 5])
    x.addProductInPlace(Tensor([Float(1), 2, 3]), Tensor([Float(2), 2, 2]), times: 0.5)
    #expect(floats(x) == [4, 6, 8])
    x.moveInPlace(toward: Tensor([Float(0), 0, 0]), weight: 0.25)
    #expect(floats(x) == [3, 4.5, 6])
    x.sliced(1..<2).scaleInPlace(2)
    #expect(floats(x) == [3, 9, 6])
  }

  @Test func `layers of networks compute what their names say`() {
    let x = Tensor([Float(1), 2], shape: [1, 2])
    let weight = Tensor([Float(1), 10, 2, 20, 3, 30], shape: [3, 2])
    #expect(floats(x.linear(weight, bias: Tensor([Float(0), 1, 2]))) == [21, 43, 65])
    #expect(floats(weight.matmul(x.transposed)) == [21, 42, 63])

    let picture = Tensor((1...9).map { Float($0) }, shape: [1, 1, 3, 3])
    let kernel = Tensor([Float(1), 0, 0, 1], shape: [1, 1, 2, 2])
    #expect(floats(picture.convolved(kernel, bias: Tensor.zeros([1]))) == [6, 8, 12, 14])
    let spaced = picture.convolved(kernel, bias: Tensor([Float(1)]), stride: 2, padding: 1)
    #expect(floats(spaced) == [2, 4, 8, 15])
    #expect(floats(picture.maxPooled(size: 2, stride: 1)) == [5, 6, 8, 9])
    #expect(
      floats(Tensor([Float(1), 3], shape: [1, 1, 1, 2]).resized(height: 1, width: 1)) == [2])
    let losses = Tensor([Float(-1), -2, -3, -4], shape: [2, 2])
      .negativeLogLikelihood(Tensor([Int64(0), 1]))
    #expect(losses.item() == 2.5)
  }

  @Test(arguments: [
    (size: 2, stride: 2), (size: 2, stride: 1), (size: 3, stride: 2), (size: 2, stride: 3),
    (size: 1, stride: 2),
  ])
  func `pooling is the same inside a graph and outside`(size: Int, stride: Int) {
    var values = (0..<336).map { (index: Int) -> Float in Float(index * 7919 % 337) }
    values[20] = .nan
    let pictures: Tensor = Tensor(values, shape: [2, 3, 7, 8])
    for x in [pictures, pictures.contiguous(.channelsLast)] {
      let outside = x.maxPooled(size: size, stride: stride)
      let inside = x.asInput().maxPooled(size: size, stride: stride)
      #expect(outside.shape == inside.shape)
      let (ours, libtorchs) = (floats(outside), floats(inside.detached()))
      #expect(zip(ours, libtorchs).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN })
      #expect(ours.contains { $0.isNaN } == libtorchs.contains { $0.isNaN })
    }
  }

  @Test func `eigenvalues ascend and come with their vectors`() {
    let x = Tensor([2.0, 1, 1, 2], shape: [2, 2])
    let (values, vectors) = x.symmetricEigen()
    #expect(values.largestDifference(from: Tensor([1.0, 3])) < 1e-12)
    #expect(x.matmul(vectors).largestDifference(from: vectors * values) < 1e-12)
  }

  @Test func `gradients flow where they are asked for`() {
    let x = Tensor([2.0, 3]).asInput()
    #expect((x * x * x).sum().gradients(of: [x])[0].array(of: Double.self) == [12, 27])
    let slope = (x * x * x).sum().gradients(of: [x], differentiable: true)[0]
    #expect(slope.sum().gradients(of: [x])[0].array(of: Double.self) == [12, 18])
    #expect(!withoutGradients { x * 2 }.requiresGradient)
    #expect((x * 2).requiresGradient)
    #expect(!(x * 2).detached().requiresGradient)
    let gradient = Tensor([1.0, 1])
    x.accumulateGradient(into: gradient)
    (x * x).sum().backward()
    (x * 10).sum().backward()
    #expect(gradient.array(of: Double.self) == [15, 17])
  }
}
