import Testing
import Torch

@Suite struct TensorLinearAlgebraTests {
  @Test func `elements are sorted along either dimension`() {
    let x = Tensor([3.0, 1, 2, 0, 5, 4], shape: [2, 3])
    #expect(x.sorted().array(of: Double.self) == [1, 2, 3, 0, 4, 5])
    #expect(x.sorted(along: 0).array(of: Double.self) == [0, 1, 2, 3, 5, 4])
    #expect(x.array(of: Double.self) == [3, 1, 2, 0, 5, 4])
  }

  @Test func `small singular values keep their digits`() {
    // A rotation by atan(3/4), stretched by 1 and 1e-12: eigenvalues of xᵀ x would be 1 and noise.
    let (c, s, small) = (0.8, 0.6, 1e-12)
    let x = Tensor([c, -s * small, s, c * small], shape: [2, 2])
    let values = x.singularValues().array(of: Double.self)
    #expect(abs(values[0] - 1) < 1e-15 && abs(values[1] / small - 1) < 1e-3)
    #expect(Tensor.zeros([3, 2], scalarType: .float64).singularValues().shape == [2])
  }
}
