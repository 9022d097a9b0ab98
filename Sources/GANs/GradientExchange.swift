public import Torch

/// How the processes that train one model together agree on a gradient.
///
/// All gradients of a network are one vector, so that an implementation is one all-reduce. A trainer
/// without an exchange is alone.
public protocol GradientExchange: AnyObject {
  /// Replaces a gradient by its mean over all processes, before an optimiser's step.
  ///
  /// Every process calls it for the same phases in the same order.
  ///
  /// - Parameter gradients: a network's gradient vector; changed in place.
  func average(_ gradients: Tensor)
}
