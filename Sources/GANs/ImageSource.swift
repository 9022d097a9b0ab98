public import Torch

/// An endless stream of the pictures that a discriminator learns as real.
///
/// Its state is where the stream stands; what is prepared and not asked for yet is not part of it.
public protocol ImageSource: Resumable {
  /// The next pictures.
  ///
  /// - Parameter count: how many; more than the source holds are repeats.
  /// - Returns: `[count, 3, size, size]` in the model's pixel range.
  /// - Throws: what the source cannot read.
  func next(_ count: Int) throws -> Tensor

  /// Called while the device is busy, so that the source can prepare the next batch meanwhile.
  ///
  /// - Parameter count: how many ``next(_:)`` will be asked for.
  /// - Throws: what the source cannot read.
  func prepare(_ count: Int) throws
}

extension ImageSource {
  /// Does nothing: pictures are made when they are asked for.
  ///
  /// - Parameter count: not used.
  public func prepare(_ count: Int) {}
}
