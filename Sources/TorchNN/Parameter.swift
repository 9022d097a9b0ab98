public import Torch

/// How a parameter starts when a network is trained from scratch.
public enum Initialisation: Sendable, Equatable {
  /// Every element equal.
  case constant(Double)
  /// Normal with mean 0.
  case normal(standardDeviation: Double)
  /// Uniform in `-bound ..< bound`.
  case uniform(bound: Double)
}

/// One named tensor of a network: a leaf over a slice of the network's ``ParameterVector``.
///
/// A layer declares its parameters in a ``ParameterScope`` when it is made; the vector that holds
/// them all is made when the whole network is known.
public final class Parameter {
  /// The name in checkpoints, such as `convs.0.conv.weight`.
  public let name: String
  /// The sizes.
  public let shape: [Int]
  /// The factor by which the network multiplies the stored values at run time (equalised learning
  /// rate).
  ///
  /// The *effective* weight is the stored one times this.
  public let runtimeScale: Double
  /// How it starts.
  public let initialisation: Initialisation
  private var leaf: Tensor?

  init(name: String, shape: [Int], runtimeScale: Double, initialisation: Initialisation) {
    self.name = name
    self.shape = shape
    self.runtimeScale = runtimeScale
    self.initialisation = initialisation
  }

  /// The number of elements.
  public var elementCount: Int { shape.reduce(1, *) }

  /// The stored values, as a leaf of the graph.
  ///
  /// - Precondition: the network's ``ParameterVector`` has been made.
  public var value: Tensor {
    guard let leaf else { preconditionFailure("\(name) is declared but has no vector yet") }
    return leaf
  }

  func bind(_ leaf: Tensor) { self.leaf = leaf }
}

/// Where layers declare their parameters, under the names that checkpoints use.
///
/// ```swift
/// let root = ParameterScope()
/// let weight = root["conv"].declare("weight", shape: [8, 4, 3, 3], .normal(standardDeviation: 1))
/// weight.name  // "conv.weight"
/// ```
public struct ParameterScope {
  private final class Registry { var parameters: [Parameter] = [] }
  private let registry: Registry
  private let prefix: String

  /// The root of a new network.
  public init() {
    registry = Registry()
    prefix = ""
  }

  private init(registry: Registry, prefix: String) {
    self.registry = registry
    self.prefix = prefix
  }

  /// The scope of a part, whose names begin with this scope's and `part`.
  ///
  /// - Parameter part: such as `convs`.
  public subscript(part: String) -> ParameterScope {
    ParameterScope(registry: registry, prefix: "\(prefix)\(part).")
  }

  /// The scope of a numbered part.
  ///
  /// - Parameter index: such as 0 in `convs.0`.
  public subscript(index: Int) -> ParameterScope { self["\(index)"] }

  /// Declares one parameter; the order of declarations is the order in the vector.
  ///
  /// - Parameters:
  ///   - name: its name within this scope.
  ///   - shape: the sizes.
  ///   - initialisation: how it starts.
  ///   - runtimeScale: what the network multiplies it with.
  /// - Returns: the parameter, to be kept by the layer.
  public func declare(
    _ name: String, shape: [Int], _ initialisation: Initialisation, runtimeScale: Double = 1
  ) -> Parameter {
    let parameter = Parameter(
      name: prefix + name, shape: shape, runtimeScale: runtimeScale, initialisation: initialisation)
    registry.parameters.append(parameter)
    return parameter
  }

  /// The names of all parameters declared under the same root, in order.
  public var names: [String] { registry.parameters.map(\.name) }

  /// The names and sizes of all parameters declared under the same root, in order.
  public var shapes: [(name: String, shape: [Int])] {
    registry.parameters.map { ($0.name, $0.shape) }
  }

  /// All parameters declared under the same root, in order.
  var declared: [Parameter] { registry.parameters }
}
