import TestSupport
import Testing
import Torch
import TorchNN

@Suite struct ParameterVectorTests {
  /// A vector of two parameters that leave gaps: 3 and 20 elements of 16 and 32.
  private func network() -> (vector: ParameterVector, small: Parameter, large: Parameter) {
    let root = ParameterScope()
    let small = root["a"].declare("bias", shape: [3], .constant(2))
    let large = root["b"][1].declare(
      "weight", shape: [4, 5], .normal(standardDeviation: 1), runtimeScale: 0.5)
    let vector = ParameterVector(root, device: .cpu)
    vector.initialise(using: RandomGenerator(seed: 1))
    return (vector, small, large)
  }

  /// The elements that belong to no parameter.
  private func gaps(_ vector: Tensor) -> [Float] {
    let elements = vector.array(of: Float.self)
    return Array(elements[3..<16] + elements[36..<48])
  }

  @Test func `parameters are slices at multiples of sixteen`() {
    let (vector, small, large) = network()
    #expect(vector.ranges == [0..<3, 16..<36])
    #expect(vector.length == 48)
    #expect(vector.elementCount == 23)
    #expect(vector.named().keys == ["a.bias", "b.1.weight"])
    #expect(small.value.array(of: Float.self) == [2, 2, 2])
    vector.values.sliced(16..<36).fillInPlace(7)
    #expect(large.value.array(of: Float.self).allSatisfy { $0 == 7 })
    #expect(large.runtimeScale == 0.5)
  }

  @Test func `gaps stay zero whatever Adam and the average do`() {
    let (vector, small, large) = network()
    let (other, _, _) = network()
    let adam = Adam(vector, options: .init(learningRate: 0.01, beta1: 0, beta2: 0.99))
    for _ in 0..<5 {
      vector.zeroGradients()
      (large.value.square().sum() * small.value.sum()).backward()
      adam.step()
      other.average(with: vector, decay: 0.5)
    }
    #expect(other.values.largestDifference(from: network().vector.values) > 1e-3)
    for tensor in [
      vector.values, vector.gradients, adam.firstMoments, adam.secondMoments, other.values,
    ] {
      #expect(gaps(tensor).allSatisfy { $0 == 0 })
    }
  }

  @Test func `backward passes accumulate into the vector`() {
    let (vector, small, large) = network()
    (small.value * 3).sum().backward()
    large.value.square().sum().backward()
    (small.value * 4).sum().backward()
    let gradients = vector.named(vector.gradients)
    #expect(gradients["a.bias"]?.array(of: Float.self) == [7, 7, 7])
    #expect(gradients["b.1.weight"]?.largestDifference(from: large.value * 2) == 0)
    vector.zeroGradients()
    #expect(vector.gradients.abs().max().item() == 0)
    // Still the same buffer after it has been emptied.
    small.value.sum().backward()
    #expect(vector.gradients.sum().item() == 3)
  }

  @Test func `a vector that is held back gets no gradient and comes back`() {
    let (vector, small, large) = network()
    vector.requiresGradient = false
    #expect(!(small.value * 2).requiresGradient)
    vector.requiresGradient = true
    (small.value.sum() + large.value.sum()).backward()
    #expect(vector.gradients.sum().item() == 23)
  }

  @Test func `numbers a parameter fill its elements and no gap`() {
    let (vector, _, _) = network()
    let scales = vector.filled { $0.runtimeScale }
    #expect(scales.sum().item() == 3 + 20 * 0.5)
    #expect(gaps(scales).allSatisfy { $0 == 0 })
  }

  @Test func `named tensors make the same vector again`() throws {
    let (vector, _, _) = network()
    let gathered = try vector.gathered(vector.named(), file: "a")
    #expect(gathered.hasSameBits(as: vector.values))
    // Half precision and doubles are taken over; tensors of other names are left alone.
    var tensors = vector.named()
    tensors["a.bias"] = Tensor([1.5, 2, 3])
    tensors["c"] = Tensor([Float(1)])
    try vector.load(tensors, file: "a")
    #expect(vector.named()["a.bias"]?.array(of: Float.self) == [1.5, 2, 3])
  }

  @Test func `tensors that do not fit are named and change nothing`() throws {
    let (vector, _, _) = network()
    let before = vector.values.clone()
    func message(_ change: (inout StateDict) -> Void) -> String {
      var tensors = vector.named()
      change(&tensors)
      do {
        try vector.load(tensors, file: "model.pt")
        return "loaded"
      } catch {
        return "\(error)"
      }
    }
    #expect(
      message { $0["a.bias"] = nil } == "model.pt: the tensor a.bias [3] is missing")
    #expect(
      message { $0["b.1.weight"] = Tensor.zeros([5, 4]) }
        == "model.pt: the tensor b.1.weight has shape [5, 4], the network needs [4, 5]")
    for value in [Float.nan, .infinity, -.infinity] {
      #expect(
        message { $0["a.bias"] = Tensor([0, value, 0]) }
          == "model.pt: the tensor a.bias holds a value that is infinite or not a number; the "
          + "training that made this file has diverged, take an earlier one")
    }
    // A double beyond float32 becomes infinite.
    #expect(message { $0["a.bias"] = Tensor([0, 1e300, 0]) }.contains("infinite"))
    #expect(vector.values.hasSameBits(as: before))
  }

  @Test func `a copy and an average move the whole vector`() {
    let (vector, small, _) = network()
    let (other, _, _) = network()
    vector.values.sliced(0..<3).fillInPlace(10)
    other.average(with: vector, decay: 0.75)
    #expect(other.named()["a.bias"]?.array(of: Float.self) == [4, 4, 4])
    other.copy(from: vector)
    #expect(other.values.hasSameBits(as: vector.values))
    other.values.fillInPlace(0)
    #expect(small.value.array(of: Float.self) == [10, 10, 10])
  }
}
