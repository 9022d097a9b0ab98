public import Torch

/// All parameters of one network in one contiguous vector, and their gradients in another.
///
/// The method works on points in parameter space, and so does this type. Adam, the moving average,
/// elastic weight consolidation, repulsion, distances, norms and snapshots each take one pass over
/// one vector, whatever the number of layers (Docs/Architecture.md, decision 2). Every
/// ``Parameter`` is a leaf over a slice of ``values``; backward passes accumulate into the same
/// slice of ``gradients``.
///
/// Slices start at multiples of 16 elements (64 bytes); the gaps hold zeros, in the gradient too,
/// and so add nothing to a norm or a distance.
public final class ParameterVector {
  /// The stored values, `float32`, with zeros in the gaps.
  public let values: Tensor
  /// The gradients that backward passes have accumulated.
  public let gradients: Tensor
  /// The parameters, in the order of declaration.
  public let parameters: [Parameter]
  /// Where each parameter lies in the vector.
  public let ranges: [Range<Int>]

  private static let alignment = 16

  /// Makes the vector of a network whose layers are all declared.
  ///
  /// - Parameters:
  ///   - scope: the network's root.
  ///   - device: where the vector lives.
  public init(_ scope: ParameterScope, device: Device) {
    parameters = scope.declared
    var end = 0
    trainable = parameters.map { _ in true }
    ranges = parameters.map { parameter in
      let start = end
      let padded = (parameter.elementCount + Self.alignment - 1) / Self.alignment * Self.alignment
      end += padded
      return start..<start + parameter.elementCount
    }
    values = Tensor.zeros([end], device: device)
    gradients = Tensor.zeros([end], device: device)
    for (parameter, range) in zip(parameters, ranges) {
      let leaf = values.sliced(range).reshaped(parameter.shape).asInput()
      leaf.accumulateGradient(into: gradients.sliced(range).reshaped(parameter.shape))
      parameter.bind(leaf)
    }
  }

  /// The number of elements, gaps included.
  public var length: Int { values.elementCount }
  /// The number of parameters' elements, gaps not included.
  public var elementCount: Int { ranges.reduce(0) { $0 + $1.count } }
  /// Where the vector lives.
  public var device: Device { values.device }

  /// Whether operators on these parameters record a graph.
  ///
  /// Off for the network that is not being trained, so that its gradients are not computed in vain;
  /// frozen parameters record none in any case.
  public var requiresGradient: Bool = true {
    didSet { if requiresGradient != oldValue { recordGraphs() } }
  }

  /// Whether each parameter is trained; see ``setTrainable(_:)``.
  var trainable: [Bool] { didSet { recordGraphs() } }

  private func recordGraphs() {
    for (parameter, isTrainable) in zip(parameters, trainable) {
      parameter.value.requiresGradient = requiresGradient && isTrainable
    }
  }

  /// Sets all gradients to zero.
  public func zeroGradients() { gradients.fillInPlace(0) }

  /// Copies the values of a vector of the same network.
  ///
  /// - Parameter other: of the same layout.
  public func copy(from other: ParameterVector) { values.copyInPlace(other.values) }

  /// Moves toward another vector: an exponential moving average, one step.
  ///
  /// - Parameters:
  ///   - other: of the same layout.
  ///   - decay: what is kept of the present values.
  public func average(with other: ParameterVector, decay: Double) {
    values.moveInPlace(toward: other.values, weight: 1 - decay)
  }

  /// Gives every parameter its starting values.
  ///
  /// - Parameter generator: where random values come from.
  public func initialise(using generator: RandomGenerator) {
    for (parameter, range) in zip(parameters, ranges) {
      let slice = values.sliced(range)
      switch parameter.initialisation {
      case .constant(let value): slice.fillInPlace(value)
      case .normal(let standardDeviation):
        slice.copyInPlace(generator.normal([range.count]) * standardDeviation)
      case .uniform(let bound):
        slice.copyInPlace((generator.uniform([range.count]) * 2 - 1) * bound)
      }
    }
  }

  /// A vector of the same layout, made of one number per parameter.
  ///
  /// - Parameter value: the number for each parameter.
  /// - Returns: the numbers repeated over the parameters' elements, zeros in the gaps.
  public func filled(with value: (Parameter) -> Double) -> Tensor {
    let result = Tensor.zeros([length], device: device)
    for (parameter, range) in zip(parameters, ranges) {
      result.sliced(range).fillInPlace(value(parameter))
    }
    return result
  }
}

// MARK: - Names

extension ParameterVector {
  /// A vector of this layout as named tensors: ``values`` unless another is given.
  ///
  /// - Parameter vector: of this layout, such as a moment of Adam.
  /// - Returns: views, in order.
  public func named(_ vector: Tensor? = nil) -> StateDict {
    let source = vector ?? values
    precondition(source.shape == [length], "a vector of \(source.shape), not of [\(length)]")
    var result = StateDict()
    for (parameter, range) in zip(parameters, ranges) {
      result[parameter.name] = source.sliced(range).reshaped(parameter.shape)
    }
    return result
  }

  /// Named tensors as a vector of this layout.
  ///
  /// - Parameters:
  ///   - tensors: one for each parameter, of its shape; others are left alone.
  ///   - file: what to call the source in an error.
  /// - Returns: the vector.
  /// - Throws: ``ParameterError`` naming the parameter that is missing, of another shape or not
  ///   finite.
  public func gathered(_ tensors: StateDict, file: String) throws(ParameterError) -> Tensor {
    let result = Tensor.zeros([length])
    scatter(try fitting(tensors, file: file), into: result)
    return result.to(device)
  }

  /// Takes over named values.
  ///
  /// - Parameters:
  ///   - tensors: one for each parameter, of its shape.
  ///   - file: what to call the source in an error.
  /// - Throws: ``ParameterError``; the vector is unchanged then.
  public func load(_ tensors: StateDict, file: String) throws(ParameterError) {
    scatter(try fitting(tensors, file: file), into: values)
  }

  /// One tensor for each parameter, `float32` in host memory, looked at but not copied.
  func fitting(_ tensors: StateDict, file: String) throws(ParameterError) -> [Tensor] {
    var found: [Tensor] = []
    for parameter in parameters {
      guard let tensor = tensors[parameter.name] else {
        throw .missing(name: parameter.name, shape: parameter.shape, file: file)
      }
      guard tensor.shape == parameter.shape else {
        throw .mismatched(
          name: parameter.name, expected: parameter.shape, actual: tensor.shape, file: file)
      }
      found.append(tensor.to(.cpu).to(.float32))
    }
    for (parameter, tensor) in zip(parameters, found) where !tensor.hasOnlyFiniteElements {
      throw .notFinite(name: parameter.name, file: file)
    }
    return found
  }

  /// Copies one tensor for each parameter into a vector of this layout.
  func scatter(_ tensors: [Tensor], into vector: Tensor) {
    // To another device in one transfer.
    let host = vector.device == .cpu ? vector : Tensor.zeros([length])
    for (tensor, range) in zip(tensors, ranges) {
      host.sliced(range).copyInPlace(tensor.reshaped([range.count]))
    }
    if vector.device != .cpu { vector.copyInPlace(host) }
  }
}

/// Named tensors that do not fit a network.
public enum ParameterError: Error, Equatable, CustomStringConvertible {
  /// A parameter that the network has and the file lacks.
  case missing(name: String, shape: [Int], file: String)
  /// A tensor of another shape than the network's.
  case mismatched(name: String, expected: [Int], actual: [Int], file: String)
  /// A tensor with an infinite or undefined element.
  case notFinite(name: String, file: String)

  /// The same error, of a tensor that the file holds as one of a part.
  ///
  /// - Parameter part: what stands before the parameter's name in the file, such as `d`.
  /// - Returns: the error with the whole name.
  public func within(_ part: String) -> ParameterError {
    switch self {
    case .missing(let name, let shape, let file):
      .missing(name: "\(part).\(name)", shape: shape, file: file)
    case .mismatched(let name, let expected, let actual, let file):
      .mismatched(name: "\(part).\(name)", expected: expected, actual: actual, file: file)
    case .notFinite(let name, let file): .notFinite(name: "\(part).\(name)", file: file)
    }
  }

  /// One sentence that names the file, the parameter and what was expected.
  public var description: String {
    switch self {
    case .missing(let name, let shape, let file):
      "\(file): the tensor \(name) \(shape) is missing"
    case .mismatched(let name, let expected, let actual, let file):
      "\(file): the tensor \(name) has shape \(actual), the network needs \(expected)"
    case .notFinite(let name, let file):
      "\(file): the tensor \(name) holds a value that is infinite or not a number; the training that "
        + "made this file has diverged, take an earlier one"
    }
  }
}
