/// The curve that turns distance from the adapted generators into a loss.
///
/// Stage two of *Adapt then Unlearn* trains the pre-trained generator on positive samples while its
/// parameters θ are pushed away from θ_N, those of generators adapted to the negative samples. Every
/// loss decreases as the squared distance `d²` grows:
///
/// ```swift
/// InverseL2().value(squaredDistance: 4)  // 0.25
/// ```
///
/// A loss of your own is a type of this protocol; one that users shall choose by name is also a line in
/// the list of known losses.
///
/// Tiwary et al., *Adapt then Unlearn* (TMLR 2025), <https://arxiv.org/abs/2309.14054>.
public protocol RepulsionLoss: Sendable {
  /// The paper's name, such as `EL2`.
  var name: String { get }

  /// The name that the reference code gives it, where it has one.
  var referenceName: String? { get }

  /// The numbers that the loss depends on, by the names that records give them; nil where the network's
  /// own scale decides.
  var constants: [(name: String, value: Double?)] { get }

  /// The same curve with other constants.
  ///
  /// - Parameter constants: by the names of ``constants``; those that are missing are the network's own
  ///   scale's to decide.
  /// - Returns: the loss.
  func with(constants: [String: Double]) -> any RepulsionLoss

  /// Whether the slope is the same at every distance, so that the push never fades.
  var hasConstantSlope: Bool { get }

  /// The loss with every constant that the network's own scale decides.
  ///
  /// - Parameter squaredDistance: `d²` of the original generator.
  /// - Returns: the loss to compute with.
  func scaled(toOriginal squaredDistance: Double) -> any RepulsionLoss

  /// The loss at a squared parameter distance.
  ///
  /// - Parameter squaredDistance: `d²`, on the scale of the distance in use.
  /// - Returns: the unweighted loss; the caller multiplies by γ.
  /// - Precondition: `squaredDistance` is positive. At zero the generators are the same, and no
  ///   direction leads away.
  func value(squaredDistance: Double) -> Double

  /// The derivative of the loss by `d²`; negative.
  ///
  /// - Parameter squaredDistance: `d²`, positive.
  /// - Returns: the derivative.
  func derivative(squaredDistance: Double) -> Double
}

extension RepulsionLoss {
  /// None, unless the loss says otherwise.
  public var referenceName: String? { nil }
  /// None, unless the loss says otherwise.
  public var constants: [(name: String, value: Double?)] { [] }
  /// No, unless the loss says otherwise.
  public var hasConstantSlope: Bool { false }

  /// The loss itself, unless it says otherwise.
  ///
  /// - Parameter constants: not used.
  /// - Returns: the loss.
  public func with(constants: [String: Double]) -> any RepulsionLoss { self }

  /// The loss itself, unless it says otherwise.
  ///
  /// - Parameter squaredDistance: not used.
  /// - Returns: the loss.
  public func scaled(toOriginal squaredDistance: Double) -> any RepulsionLoss { self }

  /// Whether both are the same curve.
  ///
  /// - Parameter other: any loss.
  /// - Returns: whether names and constants agree.
  public func isEqual(to other: any RepulsionLoss) -> Bool {
    name == other.name && constants.elementsEqual(other.constants, by: ==)
  }
}

extension [any RepulsionLoss] {
  /// The losses that are known by name; a further one is a line more.
  public static var known: [any RepulsionLoss] { [.exponentialL2, .negativeL2, .inverseL2] }

  /// The loss with a name.
  ///
  /// - Parameter name: the paper's or the reference code's.
  /// - Returns: the loss, or nil if none has that name.
  public func named(_ name: String) -> (any RepulsionLoss)? {
    first { $0.name == name || $0.referenceName == name }
  }
}
