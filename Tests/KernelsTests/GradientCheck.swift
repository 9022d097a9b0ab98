import Torch

/// Analytic derivatives against central differences, in double precision.
enum GradientCheck {
  /// How far the gradient of `f` is from central differences, relative to the larger of it and 1.
  ///
  /// - Parameters:
  ///   - inputs: `float64` values to differentiate at.
  ///   - f: a scalar function of them.
  /// - Returns: the largest difference over all elements of all inputs.
  static func firstOrderError(at inputs: [Tensor], _ f: ([Tensor]) -> Tensor) -> Double {
    let leaves = inputs.map { $0.asInput() }
    let analytic = f(leaves).gradients(of: leaves).map { $0.array(of: Double.self) }
    return error(of: analytic, at: inputs) { withoutGraph(f, $0) }
  }

  /// The same for the second derivative: the gradient of a random projection of the gradient.
  ///
  /// - Parameters:
  ///   - inputs: `float64` values to differentiate at.
  ///   - f: a scalar function of them, whose gradient depends on every input.
  /// - Returns: the largest difference over all elements of all inputs.
  static func secondOrderError(at inputs: [Tensor], _ f: ([Tensor]) -> Tensor) -> Double {
    let random = RandomGenerator(seed: 11)
    let directions = inputs.map { random.normal($0.shape).to(.float64) }
    func slope(_ leaves: [Tensor], differentiable: Bool) -> Tensor {
      let gradients = f(leaves).gradients(of: leaves, differentiable: differentiable)
      return zip(gradients, directions).map { ($0 * $1).sum() }
        .reduce(Tensor.zeros([], scalarType: .float64), +)
    }
    let leaves = inputs.map { $0.asInput() }
    let analytic = slope(leaves, differentiable: true).gradients(of: leaves)
      .map { $0.array(of: Double.self) }
    return error(of: analytic, at: inputs) {
      slope($0.map { $0.asInput() }, differentiable: false).item()
    }
  }

  private static func withoutGraph(_ f: ([Tensor]) -> Tensor, _ inputs: [Tensor]) -> Double {
    withoutGradients { f(inputs).item() }
  }

  private static func error(
    of analytic: [[Double]], at inputs: [Tensor], _ value: ([Tensor]) -> Double
  ) -> Double {
    let step = 1e-5
    var worst = 0.0
    for (index, input) in inputs.enumerated() {
      for element in 0..<input.elementCount {
        func moved(by offset: Double) -> Double {
          var elements = input.array(of: Double.self)
          elements[element] += offset
          var others = inputs
          others[index] = Tensor(elements, shape: input.shape)
          return value(others)
        }
        let numeric = (moved(by: step) - moved(by: -step)) / (2 * step)
        let exact = analytic[index][element]
        worst = max(worst, abs(exact - numeric) / max(1, abs(exact)))
      }
    }
    return worst
  }
}
