import Testing
import Torch

@Suite struct TensorMemoryTests {
  private final class Keeper {
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 24, alignment: 16)
    deinit { bytes.deallocate() }
  }

  @Test func `borrowed bytes are not copied, and their keeper lives as long as a tensor does`()
    throws
  {
    weak var keeper: Keeper?
    var view: Tensor?
    do {
      let strong = Keeper()
      keeper = strong
      strong.bytes.copyBytes(from: [Float](arrayLiteral: 0, 1, 2, 3, 4, 5).flatMap(bytes))
      let tensor = try Tensor(
        borrowing: strong.bytes, keptBy: strong, scalarType: .float32, shape: [2, 3])
      view = tensor.sliced(1..<2)
      strong.bytes.storeBytes(of: 7, toByteOffset: 12, as: Float.self)
    }
    #expect(view?.array(of: Float.self) == [7, 4, 5])
    #expect(keeper != nil)
    view = nil
    #expect(keeper == nil)
  }

  private func bytes(_ value: Float) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }

  @Test func `a shape that does not fill the borrowed bytes is refused, and the keeper let go`() {
    weak var former: Keeper?
    do {
      let keeper = Keeper()
      former = keeper
      #expect(throws: TorchError.self) {
        _ = try Tensor(
          borrowing: keeper.bytes, keptBy: keeper, scalarType: .float32, shape: [7])
      }
    }
    #expect(former == nil)
  }

  @Test(arguments: [[0], [3, 5], [1 << 20, 3], [(4 << 20) + 1]])
  func `zeros of any size are zeros, and can be written`(shape: [Int]) {
    let zeros = Tensor.zeros(shape)
    #expect(zeros.shape == shape)
    #expect(zeros.sum().item() == 0)
    zeros.fillInPlace(1)
    #expect(zeros.sum().item() == Double(shape.reduce(1, *)))
    let bytes = Tensor.zeros(shape, scalarType: .uint8)
    #expect(bytes.scalarType == .uint8 && bytes.shape == shape)
  }

  @Test func `a copy on the host stays what it is`() {
    let x = Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])
    let copy = x.permuted([1, 0]).copiedToHost()
    x.fillInPlace(0)
    #expect(copy.array(of: Float.self) == [1, 3, 2, 4])
    #expect(Tensor([Int64(5)]).copiedToHost().scalarType == .int64)
  }

  @Test(arguments: [Float.infinity, -.infinity, .nan, -.nan, .signalingNaN])
  func `one element that is not finite is found wherever it is`(value: Float) {
    for (count, position) in [(1, 0), (100, 63), (300_001, 0), (300_001, 300_000)] {
      var values = [Float](repeating: .greatestFiniteMagnitude, count: count)
      #expect(Tensor(values).hasOnlyFiniteElements)
      values[position] = value
      #expect(!Tensor(values).hasOnlyFiniteElements, "\(count), \(position)")
      #expect(!Tensor(values).to(.float64).hasOnlyFiniteElements)
      #expect(!Tensor(values, shape: [1, count]).permuted([1, 0]).hasOnlyFiniteElements)
    }
    #expect(Tensor([Float](), shape: [0]).hasOnlyFiniteElements)
  }
}
