public import Torch
public import TorchNN

extension ParameterVector {
  /// Lets only the last tensors be trained, in the order of the public checkpoints: CF-k and EU-k (Goel and
  /// others 2022).
  ///
  /// - Parameter count: how many; at least 1.
  /// - Throws: ``UnlearningError/outOfRange(field:value:expected:)`` if there are fewer.
  public func trainLast(_ count: Int) throws(UnlearningError) {
    let last = try lastNames(count)
    setTrainable { last.contains($0.name) }
  }

  /// Gives the last tensors new values, as the reference does for EU-k: Xavier's normal distribution, and
  /// 0.01 for vectors.
  ///
  /// - Parameters:
  ///   - count: how many; at least 1.
  ///   - random: where the values come from.
  /// - Throws: ``UnlearningError/outOfRange(field:value:expected:)`` if there are fewer.
  public func reinitialiseLast(
    _ count: Int, using random: RandomGenerator
  ) throws(UnlearningError) {
    let last = try lastNames(count)
    withoutGradients {
      for (parameter, range) in zip(parameters, ranges) where last.contains(parameter.name) {
        let slice = values.sliced(range)
        guard parameter.shape.count > 1 else {
          slice.fillInPlace(0.01)
          continue
        }
        // The second dimension counts as inputs, the first as outputs, all others as the receptive field.
        let field = parameter.shape.dropFirst(2).reduce(1, *)
        let fans = Double((parameter.shape[0] + parameter.shape[1]) * field)
        slice.copyInPlace(random.normal([range.count]) * (2 / fans).squareRoot())
      }
    }
  }

  private func lastNames(_ count: Int) throws(UnlearningError) -> Set<String> {
    guard (1...parameters.count).contains(count) else {
      throw .outOfRange(
        field: "constants.layers", value: "\(count)",
        expected: "1 to \(parameters.count), the tensors of this generator")
    }
    return Set(parameters.suffix(count).map(\.name))
  }
}
