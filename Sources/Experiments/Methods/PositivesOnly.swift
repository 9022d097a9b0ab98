import Foundation
public import GANs
import Torch
public import Unlearning

/// Training on positives alone: forgetting by neglect, the first thing that one would try.
public struct PositivesOnly: UnlearningMethod {
  /// `positives-only`.
  public static let name = "positives-only"
  /// What it does.
  public static let summary = "goes on training on pictures without the class, with no repulsion"

  /// The constants, without repulsion.
  public let options: UnlearningOptions

  /// The method as a request asks for it.
  ///
  /// - Parameter request: options; adapted generators are refused.
  /// - Throws: ``UnlearningMethodError``.
  public init(_ request: UnlearningRequest) throws {
    options = try Self.positiveOptions(request)
  }

  /// A trainer on the positives.
  ///
  /// - Parameters:
  ///   - subject: the GAN, the judge, and what shall be forgotten.
  ///   - context: seed, device, observer.
  /// - Returns: the trainer at iteration 0.
  /// - Throws: what refuses the unlearning.
  public func makeTrainer(
    for subject: Subject, in context: ExperimentContext
  ) throws -> GANTrainer {
    try PositiveTraining(subject, options: options, context: context).trainer()
  }
}
