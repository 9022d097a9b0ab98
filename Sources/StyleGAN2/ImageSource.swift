import Records
import Torch
import TorchNN

/// An endless stream of the pictures that a discriminator learns as real.
public protocol ImageSource: AnyObject {
  /// The next pictures.
  ///
  /// - Parameter count: how many; more than the source holds are repeats.
  /// - Returns: `[count, 3, size, size]` in the model's pixel range.
  func next(_ count: Int) -> Tensor

  /// A good moment to make the next pictures: the device is at work, and the host would wait for it.
  ///
  /// - Parameter count: how many ``next(_:)`` will be asked for.
  func prepare(_ count: Int)

  /// Where the stream stands; what is prepared and not asked for yet is not part of it.
  var state: StateDict { get }

  /// Goes on from a place read before.
  ///
  /// - Parameter state: from ``state`` of a source of the same pictures.
  /// - Throws: if the state is not one of this source.
  func restore(_ state: StateDict) throws
}

extension ImageSource {
  /// Does nothing: pictures are made when they are asked for.
  ///
  /// - Parameter count: not used.
  public func prepare(_ count: Int) {}
}

/// What is added to the generator's adversarial loss: elastic weight consolidation, repulsion.
///
/// These terms have closed-form gradients in the parameters, so they need no graph.
public protocol GeneratorTerm: AnyObject {
  /// Adds the term's gradient to the accumulated adversarial one.
  ///
  /// - Parameters:
  ///   - parameters: the generator's; the gradient vector holds the adversarial gradient.
  ///   - iteration: counts from 0.
  /// - Returns: what to record.
  func addGradient(to parameters: ParameterVector, iteration: Int) -> Statistics

  /// Looks at the generator, or moves it, after the optimiser's step and before the moving average.
  ///
  /// - Parameters:
  ///   - generator: the one being trained, not its average.
  ///   - pictures: those that the iteration has made anyway, `[N, 3, size, size]`: what a closed loop
  ///     can judge for free.
  ///   - iteration: counts from 0.
  /// - Returns: what to record.
  func afterStep(_ generator: Generator, pictures: Tensor, iteration: Int) -> Statistics

  /// What the term has learnt since the start.
  var state: StateDict { get }

  /// Goes on from a state read before.
  ///
  /// - Parameter state: from ``state`` of a term with the same settings.
  /// - Throws: if the state is not one of this term.
  func restore(_ state: StateDict) throws
}
