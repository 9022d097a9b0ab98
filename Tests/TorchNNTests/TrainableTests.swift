import TestSupport
import Testing
import Torch
import TorchNN

@Suite struct TrainableTests {
  private func network() -> ParameterVector {
    let scope = ParameterScope()
    for (name, length) in [("a", 3), ("b", 16), ("c", 5), ("d", 1)] {
      _ = scope.declare(name, shape: [length], .constant(0))
    }
    let vector = ParameterVector(scope, device: .cpu)
    vector.values.fillInPlace(1)
    return vector
  }

  @Test func `all of the vector is one range, unless parameters are frozen`() {
    let vector = network()
    #expect(vector.trainableRanges == [0..<64])
    vector.setTrainable { $0.name != "b" }
    #expect(vector.trainableRanges == [0..<16, 32..<64])
    vector.setTrainable { ["b", "c"].contains($0.name) }
    #expect(vector.trainableRanges == [16..<48])
    vector.setTrainable { _ in true }
    #expect(vector.trainableRanges == [0..<64])
  }

  @Test func `frozen parameters record no graph, whatever the network does`() {
    let vector = network()
    func recording() -> [Bool] { vector.parameters.map(\.value.requiresGradient) }
    vector.setTrainable { $0.name == "c" }
    #expect(recording() == [false, false, true, false])
    vector.requiresGradient = false
    #expect(recording() == [false, false, false, false])
    vector.requiresGradient = true
    #expect(recording() == [false, false, true, false])
    vector.setTrainable { _ in true }
    #expect(recording() == [true, true, true, true])
  }

  @Test func `a step leaves frozen parameters and their moments alone`() {
    let (vector, free) = (network(), network())
    let (adam, freeAdam) = (
      Adam(vector, options: .init(learningRate: 0.1)),
      Adam(free, options: .init(learningRate: 0.1))
    )
    vector.setTrainable { $0.name == "b" || $0.name == "d" }
    for (parameters, optimiser) in [(vector, adam), (free, freeAdam)] {
      parameters.gradients.fillInPlace(3)
      optimiser.step()
    }
    for (name, value) in vector.named() {
      let isTrained = name == "b" || name == "d"
      #expect(value.hasSameBits(as: (isTrained ? free : network()).named()[name] ?? value))
      #expect((value.array(of: Float.self)[0] == 1) == !isTrained, "\(name)")
      let moment = vector.named(adam.firstMoments)[name]
      #expect((moment?.abs().max().item() == 0) == !isTrained, "\(name)")
    }
  }

  @Test func `frozen values come back after anything`() throws {
    struct Stop: Error {}
    let vector = network()
    vector.setTrainable { $0.name == "a" }
    #expect(throws: Stop.self) {
      try vector.keepingFrozenValues {
        vector.values.fillInPlace(7)
        throw Stop()
      }
    }
    #expect(vector.named()["a"]?.array(of: Float.self) == [7, 7, 7])
    #expect(vector.named()["c"]?.array(of: Float.self) == [1, 1, 1, 1, 1])
    #expect(vector.named()["d"]?.array(of: Float.self) == [1])
  }
}
