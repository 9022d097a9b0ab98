public import Records
public import Torch

/// Pictures that the generator's step makes in place of arbitrary ones, and what they shall become.
///
/// They are judged by the discriminator as all others are. Beside the adversarial loss stands
/// `Σ weight_i · mean over pixels of (G(z_i; n_i) - target_i)²`, so that no second pass is needed.
public struct Lesson {
  /// What is random about the pictures; as many as a batch may have.
  public let draw: PictureDraw
  /// What they shall become, `[N, 3, size, size]`, in the generator's pixel range, without a graph.
  public let targets: Tensor
  /// The weight of each picture's squared error, `[N]`.
  public let weights: Tensor

  /// A lesson.
  ///
  /// - Parameters:
  ///   - draw: what is random about the pictures.
  ///   - targets: what they shall become, `[N, 3, size, size]`, without a graph.
  ///   - weights: the weight of each picture's squared error, `[N]`.
  public init(draw: PictureDraw, targets: Tensor, weights: Tensor) {
    self.draw = draw
    self.targets = targets
    self.weights = weights
  }
}

/// Where the generator's step gets its lessons from: distillation from a frozen original.
public protocol Lessons: Resumable {
  /// How many pictures a lesson has.
  var pictureCount: Int { get }

  /// The next lesson.
  ///
  /// - Returns: ``pictureCount`` pictures, in an order that never changes.
  func next() -> Lesson

  /// What to record of a lesson.
  ///
  /// - Parameter errors: the mean squared error of each of its pictures.
  /// - Returns: what to record.
  func statistics(of errors: [Double]) -> Statistics
}
