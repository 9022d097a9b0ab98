import GANs
import Records
import Torch
import TorchNN

/// Walks straight back to the original.
///
/// Unlearned and original generators have the same shape, so that a straight line in parameter space joins
/// them. Where the concept returns soon, the unlearned one has hardly left it; where it returns late, most
/// of the way is needed.
public struct Interpolation: Audit {
  /// `interpolation`.
  public let name = "interpolation"
  /// Its name in headings.
  public let title = "The way back"
  /// What it asks.
  public let question =
    "How far along the straight line to the original, in parameter space, is half of the concept back?"
  /// Where the idea comes from.
  public let source =
    "Lethe, after the semantics of parameter space in Tiwary et al., Adapt then Unlearn, "
    + "https://arxiv.org/abs/2309.14054"

  /// The audit; it has no settings.
  public init() {}

  /// The places on the line, in parts of the whole way.
  private static let steps = 10

  /// Says so of the original, where the line ends.
  ///
  /// - Parameters:
  ///   - generator: who would be asked.
  ///   - subject: what the audits are about.
  /// - Returns: a sentence; nil for any other.
  public func obstacle(for generator: AuditedGenerator, in subject: AuditSubject) -> String? {
    generator.role == .original ? "the line ends at the original itself" : nil
  }

  /// Judges places of the line.
  ///
  /// - Parameters:
  ///   - generator: who is asked.
  ///   - subject: what the audits are about.
  ///   - progress: called with the share that is done.
  /// - Returns: the smallest part of the way after which half of the original's share is back. Pictures that
  ///   are not finite count as ruined: nothing of the concept, no confidence.
  /// - Throws: `EvaluationError` where the original shows nothing of the concept; what `progress` throws.
  public func examine(
    _ generator: AuditedGenerator, in subject: AuditSubject, progress: (Double) throws -> Void
  ) throws -> AuditFinding {
    // What the way is measured by, before anything else: it may be missing.
    let level = try subject.halfOfOriginal { _ in try progress(0) }
    let sweep = ParameterSweep(of: generator, in: subject)
    let end = subject.original.network.parameters.values
    let places = (0...Self.steps).map { step in
      let part = Double(step) / Double(Self.steps)
      return ParameterSweep.Place(part) {
        let place = sweep.start.values.clone()
        place.moveInPlace(toward: end, weight: part)
        return place
      }
    }
    let points = try sweep.points(at: places, progress: progress)
    let method = "line to the original in \(Self.steps) steps"
    return AuditFinding(
      [
        sweep.halfWay(
          .interpolationHalfWay, to: level, on: points, method: "\(method), linear between them"),
        sweep.largest(
          .interpolationMiddleShare, of: [points[Self.steps / 2]], method: method),
      ],
      curves: points.curves(
        "interpolation", title: "on the way to the original", xTitle: "part of the way"))
  }
}
