public import Torch

/// A part of training whose state a snapshot holds, so that a resumed run goes on with the same bits.
public protocol Resumable: AnyObject {
  /// Everything that the next iteration depends on, by name; read between iterations.
  var state: StateDict { get }

  /// Continues from a saved state.
  ///
  /// - Parameter state: from ``state`` of an object with the same settings.
  /// - Throws: if the state is not one of this object.
  func restore(_ state: StateDict) throws
}
